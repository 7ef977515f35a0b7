"""Marks lots and items as expired, whatever their date, and takes the mark back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Author
from domain.errors import Invalid, LimitExceeded, NotFound
from models import expiring, holding, lots, postings, records
from models.lists import stock as lists
from models.session import Session
from services import checks, outbox
from services import records as life
from services.stock import reading

NAMES_MAX = 500  # items and lots of one act
SHOWN_MAX = 500  # items of an answer
Pair = tuple[str, str]  # location id, product id


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A wish to mark items and lots as expired; with `undo`, to take the mark back."""

    item_ids: Sequence[str] = ()
    lot_ids: Sequence[str] = ()
    comment: str | None = None
    undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The items that the mark reaches and that have units on hand, as they stand."""

    items: Sequence[Any]
    message: str
    touched: Sequence[Pair]


async def mark(session: Session, author: Author, wish: Mark) -> Marked:
    """Mark stock as expired: none of it is promised from now on, whatever its date says.

    The mark of an item with a lot is its lot's, and holds for the lot everywhere; an item without
    one carries it itself. The lots, then the level rows of all that they reach stay locked until
    the transaction ends. What carries the mark already keeps it as it is.

    Raises:
        Invalid: nothing is named, or something twice.
        NotFound: there is no such item or lot.
    """
    _check(wish)
    items = await _items(session, wish.item_ids)
    lot_ids = sorted({*wish.lot_ids, *(row.lot_id for row in items if row.lot_id)})
    bare = sorted(row.id for row in items if row.lot_id is None)
    found = [await _lot(session, wish, id) for id in lot_ids]
    pairs = {(row.location_id, row.product_id) for row in items}
    for id in lot_ids:
        rows = await session.all(lists.pairs_of(lot_id=id))
        pairs |= {(row.location_id, row.product_id) for row in rows}
    touched = sorted(pairs)
    columns = [location for location, _ in touched], [product for _, product in touched]
    await session.one(postings.lock_levels(*columns))
    for row in found:
        await _mark_lot(session, wish, row)
    if bare:
        await _mark_items(session, author, wish, bare)
    await session.one(postings.refresh_levels(*columns))
    reached = [*wish.item_ids]
    for id in lot_ids:
        there = await session.all(holding.buckets({"lot_id": id}))
        reached += [row.id for row in there if row.on_hand > 0]
    ids = list(dict.fromkeys(reached))[:SHOWN_MAX]
    shown = await reading.items.by_ids(session, ids)
    word = "Took the mark back from" if wish.undo else "Marked"
    message = f"{word} {_count(len(lot_ids), 'lot')} and {_count(len(bare), 'item')} without a lot."
    return Marked(items=[shown[id] for id in ids], message=message, touched=touched)


def _check(wish: Mark) -> None:
    checks.notes({"comment": wish.comment}, "comment")
    if not wish.item_ids and not wish.lot_ids:
        raise Invalid("items", "Name at least one item or lot.")
    for field, ids in (("items", wish.item_ids), ("lotIds", wish.lot_ids)):
        if len(ids) > NAMES_MAX:
            raise LimitExceeded(field, f"{field} has more than {NAMES_MAX}.", max=NAMES_MAX)
        for index, id in enumerate(ids):
            if id in ids[:index]:
                end = ".inventoryItemId" if field == "items" else ""
                raise Invalid(f"{field}[{index}]{end}", "It is named twice.")


async def _items(session: Session, ids: Sequence[str]) -> list[Any]:
    rows = await reading.items.by_ids(session, ids)
    for index, id in enumerate(ids):
        if id not in rows:
            raise NotFound("Inventory item", f"items[{index}].inventoryItemId")
    return list(rows.values())


async def _lot(session: Session, wish: Mark, id: str) -> Any:
    row = await session.one_or_none(records.get_locked(lots.lots, id))
    if row is None:
        raise NotFound("Lot", f"lotIds[{list(wish.lot_ids).index(id)}]")
    return row


async def _mark_lot(session: Session, wish: Mark, row: Any) -> None:
    if (row.marked_expired_at is None) == wish.undo:
        return
    now = None if wish.undo else await session.scalar(holding.now())
    await life.change(session, lots.lots, row, {"marked_expired_at": now}, reason=wish.comment)


async def _mark_items(session: Session, author: Author, wish: Mark, ids: list[str]) -> None:
    for id in await session.call(expiring.MARK_ITEMS, ids, not wish.undo):
        event = {
            "before": {"isMarkedExpired": wish.undo},
            "after": {"isMarkedExpired": not wish.undo},
            "actor": {"id": author.id, "name": author.name},
            "reason": wish.comment,
        }
        await outbox.emit(session, "item.marked", id, event)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
