"""What each channel can promise: cells, the matrix of a location, the summary of all."""

from services.atp.cells import by_pairs, by_products
from services.atp.matrix import MatrixWish, Row, columns, count, page
from services.atp.moments import Moment, moment
from services.atp.rules import Cell, Mode, Severity, Terms
from services.atp.summary import ChannelTotals, LocationTotals, summarize

__all__ = [
    "Cell",
    "ChannelTotals",
    "LocationTotals",
    "MatrixWish",
    "Mode",
    "Moment",
    "Row",
    "Severity",
    "Terms",
    "by_pairs",
    "by_products",
    "columns",
    "count",
    "moment",
    "page",
    "summarize",
]
