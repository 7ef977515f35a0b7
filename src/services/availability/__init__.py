"""What is available: by bucket, as a sum, for a demand, and from which buckets it is met."""

from services.availability.allocating import Allotment, Breach, Demand, Part, allocate
from services.availability.checking import check
from services.availability.lines import Availability, Included, Line, Sums, availability, line
from services.availability.recording import Recorded, record

__all__ = [
    "Allotment",
    "Availability",
    "Breach",
    "Demand",
    "Included",
    "Line",
    "Part",
    "Recorded",
    "Sums",
    "allocate",
    "availability",
    "check",
    "line",
    "record",
]
