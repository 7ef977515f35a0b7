"""Replenishment: how products are ordered at places, and what is suggested."""

from models.stock import METHODS
from services.replenishment.accepting import Acceptance, Accepted, Item, accept
from services.replenishment.configuring import Configured, configure
from services.replenishment.reading import configs
from services.replenishment.suggesting import Suggestion, Suggestions, Wish, suggest

__all__ = [
    "METHODS",
    "Acceptance",
    "Accepted",
    "Configured",
    "Item",
    "Suggestion",
    "Suggestions",
    "Wish",
    "accept",
    "configs",
    "configure",
    "suggest",
]
