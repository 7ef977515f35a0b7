"""What each channel can promise: cells, the matrix of a location, the summary of all."""

from services.atp.ahead import HORIZON_DAYS, Ahead, project
from services.atp.cells import Pair, Place, by_pairs, by_products, numbers_of
from services.atp.cube import CubeCell, CubeWish, cube
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
from services.atp.kept import places
from services.atp.matrix import category_of, columns, counts, pages
from services.atp.moments import Moment, moment, moment_of_write, moments, sees
from services.atp.outlook import Bucket, Lookout, Outlook, buckets, day_of, days, lookouts, today
from services.atp.policies import EVERYWHERE, PolicyBook, book, books, channel_of
from services.atp.rows import MatrixWish, Row
from services.atp.rules import Cell, Mode, Numbers, Promised, Severity, Terms, floor, severity
from services.atp.summary import ChannelTotals, LocationTotals, summarize

__all__ = [
    "EVERYWHERE",
    "HORIZON_DAYS",
    "NO_EVIDENCE",
    "REFS_MAX",
    "Ahead",
    "Bucket",
    "Cell",
    "ChannelTotals",
    "CubeCell",
    "CubeWish",
    "Evidence",
    "LocationTotals",
    "Lookout",
    "MatrixWish",
    "Mode",
    "Moment",
    "Numbers",
    "Outlook",
    "Pair",
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
    "buckets",
    "by_pairs",
    "by_products",
    "category_of",
    "channel_of",
    "columns",
    "counts",
    "cube",
    "day_of",
    "days",
    "evidence",
    "explain",
    "floor",
    "inbound",
    "lookouts",
    "moment",
    "moment_of_write",
    "moments",
    "numbers_of",
    "open_promises",
    "pages",
    "places",
    "project",
    "sees",
    "severity",
    "summarize",
    "today",
]
