"""What each channel can promise: cells, the matrix of a location, the summary of all."""

from services.atp.cells import Place, by_pairs, by_products
from services.atp.matrix import MatrixWish, Row, columns, counts, pages
from services.atp.moments import Moment, moment, moment_of_write, moments, sees
from services.atp.policies import EVERYWHERE, PolicyBook, book, books, channel_of
from services.atp.rules import Cell, Mode, Numbers, Promised, Severity, Terms, floor
from services.atp.summary import ChannelTotals, LocationTotals, summarize

__all__ = [
    "EVERYWHERE",
    "Cell",
    "ChannelTotals",
    "LocationTotals",
    "MatrixWish",
    "Mode",
    "Moment",
    "Numbers",
    "Place",
    "PolicyBook",
    "Promised",
    "Row",
    "Severity",
    "Terms",
    "book",
    "books",
    "by_pairs",
    "by_products",
    "channel_of",
    "columns",
    "counts",
    "floor",
    "moment",
    "moment_of_write",
    "moments",
    "pages",
    "sees",
    "summarize",
]
