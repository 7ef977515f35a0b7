"""Replenishment: how products are ordered at places, and what is suggested."""

from models.stock import METHODS
from services.replenishment.configuring import Configured, configure
from services.replenishment.reading import configs
from services.replenishment.suggesting import Suggestion, Suggestions, Wish, suggest

__all__ = [
    "METHODS",
    "Configured",
    "Suggestion",
    "Suggestions",
    "Wish",
    "configs",
    "configure",
    "suggest",
]
