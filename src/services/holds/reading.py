"""Reads holds."""

from models.lists.holds import HOLDS
from services.lists import Reader

holds = Reader(HOLDS)
