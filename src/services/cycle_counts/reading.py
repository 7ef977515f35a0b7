"""Reads counts, their lines and sums, and every number that was written down."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from models import counting
from models.lists.cycle_counts import COUNT_LINES, CYCLE_COUNTS
from models.session import Session
from services.lists import Reader

counts = Reader(CYCLE_COUNTS)
lines = Reader(COUNT_LINES)


async def lines_of(session: Session, ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """The lines of each of these counts, in walking order."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await session.all(counting.lines_of(ids)):
        found[row.count_id].append(row)
    return found


async def totals_of(session: Session, ids: Sequence[str]) -> Mapping[str, Any]:
    """The sums of each of these counts."""
    return {row.count_id: row for row in await session.all(counting.totals_of(ids))}


async def takes_of(session: Session, ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """Every number that was written down for each of these lines, in order."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await session.all(counting.takes_of(ids)):
        found[row.line_id].append(row)
    return found
