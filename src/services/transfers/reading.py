"""Reads transfers, their lines, and from which buckets these are met."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models import transferring
from models.lists.transfers import TRANSFERS
from models.session import Session
from services.lists import Reader

transfers = Reader(TRANSFERS)


async def lines_of(session: Session, ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """The lines of each of these transfers, in their order."""
    return _by_transfer(await session.all(transferring.lines_of(ids)))


async def allocations_of(session: Session, ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """From which buckets the lines of each of these transfers are met, first expiry first."""
    return _by_transfer(await session.all(transferring.allocations_of(ids)))


def _by_transfer(rows: Iterable[Any]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.transfer_id].append(row)
    return found
