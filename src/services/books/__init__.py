"""The books as a whole: periods are closed, postings taken back, differences explained."""

from models.books import Between
from services.books import differences
from services.books.blocking import Blocker, blockers
from services.books.closing import Closing, close
from services.books.reversing import Reversal, reverse

__all__ = [
    "Between",
    "Blocker",
    "Closing",
    "Reversal",
    "blockers",
    "close",
    "differences",
    "reverse",
]
