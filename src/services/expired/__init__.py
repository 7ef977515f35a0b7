"""Stock that has expired: listed, marked, used up, and destroyed."""

from services.expired.marking import Mark, Marked, mark
from services.expired.reading import items, totals
from services.expired.removing import Consumption, Destroyed, Destruction, Portion, consume, destroy

__all__ = [
    "Consumption",
    "Destroyed",
    "Destruction",
    "Mark",
    "Marked",
    "Portion",
    "consume",
    "destroy",
    "items",
    "mark",
    "totals",
]
