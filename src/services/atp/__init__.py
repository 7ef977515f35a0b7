"""What each channel can promise: cells, the matrix of a location, the summary of all."""

from services.atp.cells import Place, by_pairs, by_products
from services.atp.explaining import (
    NO_EVIDENCE,
    REFS_MAX,
    Evidence,
    Step,
    StepKind,
    evidence,
    explain,
    inbound,
    open_promises,
)
from services.atp.matrix import category_of, columns, counts, pages
from services.atp.moments import Moment, moment, moment_of_write, moments, sees
from services.atp.policies import EVERYWHERE, PolicyBook, book, books, channel_of
from services.atp.rows import MatrixWish, Row
from services.atp.rules import Cell, Mode, Numbers, Promised, Severity, Terms, floor
from services.atp.summary import ChannelTotals, LocationTotals, summarize

__all__ = [
    "EVERYWHERE",
    "NO_EVIDENCE",
    "REFS_MAX",
    "Cell",
    "ChannelTotals",
    "Evidence",
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
    "Step",
    "StepKind",
    "Terms",
    "book",
    "books",
    "by_pairs",
    "by_products",
    "category_of",
    "channel_of",
    "columns",
    "counts",
    "evidence",
    "explain",
    "floor",
    "inbound",
    "moment",
    "moment_of_write",
    "moments",
    "open_promises",
    "pages",
    "sees",
    "summarize",
]
