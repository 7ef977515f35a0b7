"""Reads transfers and their lines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from models import transferring
from models.lists.transfers import TRANSFERS
from models.session import Session
from services.lists import Reader

transfers = Reader(TRANSFERS)


async def lines_of(session: Session, ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """The lines of each of these transfers, in their order."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await session.all(transferring.lines_of(ids)):
        found[row.transfer_id].append(row)
    return found
