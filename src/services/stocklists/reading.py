"""Reads stocklists and their lines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from domain.errors import NotFound
from domain.request_errors import StocklistNotPublished
from models import records, stocklisting
from models.lists.stocklists import STOCKLISTS
from models.session import Session
from models.stocklists import stocklists as table
from services.lists import Reader

stocklists = Reader(STOCKLISTS)


async def lines_of(session: Session, stocklist_ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """The lines of each of these stocklists, in their order, with stock where it is asked."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await session.all(stocklisting.lines_of(stocklist_ids)):
        found[row.stocklist_id].append(row)
    return found


async def in_use(session: Session, id: str) -> Any:
    """A published stocklist.

    Raises:
        NotFound: there is none with this id.
        StocklistNotPublished: it is a draft or retired.
    """
    row = await session.one_or_none(records.get(table, id))
    if row is None:
        raise NotFound("Stocklist", "stocklistId")
    if row.state != "PUBLISHED":
        message = f"The stocklist is {row.state.lower()}: publish it first."
        raise StocklistNotPublished(message, field="stocklistId", details={"state": row.state})
    return row
