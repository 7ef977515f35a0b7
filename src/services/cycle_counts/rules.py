"""What a count may be off by, and what to do about what it found. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.quantities import ZERO
from services.abc.settings import Settings

Line = Any  # of the view count_lines_now
OPEN = ("COUNTED", "WITHIN_TOLERANCE")  # states of a line on which it is still to be decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What to do with a line: ACCEPT, or RECOUNT, and why."""

    line_id: str
    action: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How well the book agrees with what was counted; shares are parts of 1.

    Lines are buckets (bin and lot), and nothing is netted but `net_value`.
    """

    counted: int
    within: int
    hit_rate: Decimal | None
    unit_accuracy: Decimal | None
    net_value: Decimal
    absolute_value: Decimal
    shrinkage_value: Decimal


def allowance(line: Line, settings: Settings) -> Decimal:
    """By how many units the line may be off; by none where each unit is accounted for."""
    if line.is_strict:
        return ZERO
    share = settings.share_of(line.abc_class) * Decimal(line.book)
    return max(settings.tolerance_units, share)


def is_within(line: Line, settings: Settings) -> bool:
    """Whether a counted line is off by no more than it may be, in units and in money."""
    off = abs(line.variance)
    if off > allowance(line, settings):
        return False
    return settings.tolerance_value is None or off * line.cost <= settings.tolerance_value


def needs_approval(line: Line, delta: Decimal, settings: Settings) -> bool:
    """Whether so large a change must be approved, and nobody has approved it."""
    limit = settings.approval_value
    return limit is not None and abs(delta) * line.cost > limit and line.approved_by is None


def recommendations(lines: Sequence[Line], settings: Settings) -> list[Recommendation]:
    """What to do with each line that was counted and is still to be decided on."""
    return [_recommended(line, settings) for line in lines if line.status in OPEN]


def accuracy(totals: Any) -> Accuracy:
    """The key figures of lines that were judged, from their sums."""
    return Accuracy(
        counted=totals.counted,
        within=totals.within,
        hit_rate=_part(Decimal(totals.within), Decimal(totals.judged)),
        unit_accuracy=(
            None
            if not totals.expected
            else max(ZERO, 1 - (_part(totals.off, totals.expected) or ZERO))
        ),
        net_value=totals.net_value,
        absolute_value=totals.absolute_value,
        shrinkage_value=totals.shrinkage_value,
    )


def _recommended(line: Line, settings: Settings) -> Recommendation:
    if line.variance == 0:
        action, why = "ACCEPT", "It is what the book says."
    elif is_within(line, settings):
        action, why = "ACCEPT", "It is within tolerance."
    elif line.count_times > 1:
        action, why = "ACCEPT", "It was counted again."
    else:
        action, why = "RECOUNT", "It is beyond tolerance, and was counted once."
    return Recommendation(line_id=line.id, action=action, why=why)


def _part(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(Decimal("0.000001")) if whole else None
