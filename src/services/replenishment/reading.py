"""Reads replenishment."""

from models.lists.replenishment import REPLENISHMENT_CONFIGS, REPLENISHMENT_RECORDS
from services.lists import Reader

configs = Reader(REPLENISHMENT_CONFIGS)
records = Reader(REPLENISHMENT_RECORDS)
