"""What is available: by bucket, as a sum, for a demand, and from which buckets it is met."""

from services.availability.allocating import Allotment, Breach, Demand, Part, allocate
from services.availability.checking import check
from services.availability.listing import (
    Included,
    Line,
    Sums,
    Totals,
    Wish,
    line,
    lines,
    promise,
    totals,
)
from services.availability.recording import Recorded, record

__all__ = [
    "Allotment",
    "Breach",
    "Demand",
    "Included",
    "Line",
    "Part",
    "Recorded",
    "Sums",
    "Totals",
    "Wish",
    "allocate",
    "check",
    "line",
    "lines",
    "promise",
    "record",
    "totals",
]
