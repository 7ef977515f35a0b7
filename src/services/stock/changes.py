"""What an act on stock gives: its posting, entries and buckets, as they stand after it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from models import acting
from models.lists.ledger import entries_of
from models.session import Session
from services import ledger
from services.stock import reading
from services.stock.posting import Posted

Pair = tuple[str, str]  # location id, product id


@dataclass(frozen=True, slots=True)
class StockChange:
    """One posting, its entries in order, the buckets that it touched, and a sentence about it."""

    posting: Any
    entries: Sequence[Any]
    items: Sequence[Any]
    message: str
    touched: Sequence[Pair]


async def of(session: Session, posted: Posted, message: str) -> StockChange:
    """What the posting has made of its buckets, in the order in which its lines first name them."""
    rows = await ledger.postings.by_ids(session, [posted.id])
    entries = await session.all(entries_of(posted.id))
    touched = dict.fromkeys((entry.location_id, entry.product_id) for entry in entries)
    items = await _items(session, entries)
    return StockChange(rows[posted.id], entries, items, message, list(touched))


def made(rows: Sequence[Any], message: str) -> StockChange:
    """The same of the rows that a posting has shown."""
    entries = [acting.shown(row, "entry") for row in rows]
    items = {row.item_id: acting.shown(row, "item") for row in rows}
    touched = dict.fromkeys((entry.location_id, entry.product_id) for entry in entries)
    posting = acting.shown(rows[0], "posting")
    return StockChange(posting, entries, list(items.values()), message, list(touched))


async def seen_again(session: Session, change: StockChange) -> StockChange:
    """The same with its buckets as they stand now, after more was done to them."""
    return replace(change, items=await _items(session, change.entries))


async def _items(session: Session, entries: Sequence[Any]) -> list[Any]:
    ids = list(dict.fromkeys(entry.inventory_item_id for entry in entries))
    items = await reading.items.by_ids(session, ids)
    return [items[id] for id in ids]
