"""What an act on a count gives: all of it as it stands after the act."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.machines.cycle_counts import CYCLE_COUNTS
from models import cycle_counts
from models.session import Session
from services import abc, documents
from services.cycle_counts import reading, rules
from services.cycle_counts.rules import Recommendation

Pair = tuple[str, str]  # location id, product id

REGISTER = documents.Register(CYCLE_COUNTS, cycle_counts.cycle_counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A count with its lines, events and sums, what is recommended, and what was posted."""

    count: Any
    lines: Sequence[Any]
    events: Sequence[Any]
    totals: Any
    recommendations: Sequence[Recommendation]
    entries: Sequence[Any]
    message: str
    touched: Sequence[Pair]


async def of(session: Session, count_id: str, message: str, entries: Sequence[Any] = ()) -> Outcome:
    """The count as it stands now; `entries` are those that the act has posted."""
    ids = [count_id]
    count = (await reading.counts.by_ids(session, ids))[count_id]
    lines = (await reading.lines_of(session, ids))[count_id]
    recommended: list[Recommendation] = []
    if count.status == "REVIEW":
        recommended = rules.recommendations(lines, await abc.settings(session))
    touched = dict.fromkeys((entry.location_id, entry.product_id) for entry in entries)
    return Outcome(
        count=count,
        lines=lines,
        events=(await documents.events_of(session, ids, CYCLE_COUNTS.kind))[count_id],
        totals=(await reading.totals_of(session, ids)).get(count_id),
        recommendations=recommended,
        entries=entries,
        message=message,
        touched=list(touched),
    )
