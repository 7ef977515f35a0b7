"""Stocklists: what one location regularly asks of another."""

from services.stocklists.reading import in_use, lines_of, stocklists
from services.stocklists.rules import most, needed, suggested

__all__ = ["in_use", "lines_of", "most", "needed", "stocklists", "suggested"]
