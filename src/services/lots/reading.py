"""Reads lots."""

from models.lists.lots import LOTS
from services.lists import Reader

lots = Reader(LOTS)
