"""The ledger as it is read: postings and their entries."""

from collections.abc import Mapping, Sequence
from typing import Any

from models import stock
from models.lists.ledger import LEDGER_ENTRIES, POSTINGS
from models.session import Session
from services.lists import Reader

postings = Reader(POSTINGS)
entries = Reader(LEDGER_ENTRIES)


async def breaches(session: Session, posting_ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """What each of these postings passed over although it expires earlier, in its order."""
    found: dict[str, list[Any]] = {id: [] for id in posting_ids}
    for row in await session.all(stock.breaches_of(posting_ids)):
        found[row.posting_id].append(row)
    return found
