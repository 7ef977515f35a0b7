"""Takes postings back: by a new posting of the same kind with the opposite entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Author
from domain.errors import NotFound, NotReversible
from domain.quantities import ZERO
from models import books, expiring, postings
from models.lists.ledger import entries_of
from models.session import Session
from services import checks, holds, ledger, quotas
from services.books.blocking import WITHIN, blockers
from services.stock import acting, changes, moving
from services.stock.changes import StockChange
from services.stock.posting import Line, Posting, post

Pair = tuple[str, str]  # location id, product id


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """A wish to take a posting back."""

    posting_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reversed:
    """The posting that takes another back, as of any act on stock, and the other one."""

    posting: Any
    entries: Sequence[Any]
    items: Sequence[Any]
    message: str
    touched: Sequence[Pair]
    original: Any


async def reverse(session: Session, author: Author, wish: Reversal) -> Reversed:
    """Post the opposite of a posting, for the same reason code, now, and link the two.

    Every bucket gets back what the posting took from it and the other way round; earlier moments
    stay as they are. What moved with the units goes back with them: marks of expired stock and
    holds on the bucket. What a sale used of a quota is given back. A count that is taken back no
    longer counts as one. The level rows of all its products stay locked until the transaction ends.

    Raises:
        Invalid: no reason is given.
        NotFound: there is no such posting.
        NotReversible: it was taken back already, or its units are gone, promised, held or counted;
            `details.blockers` says all of it.
    """
    checks.texts({"reason": wish.reason}, "reason")
    if wish.posting_id not in await ledger.postings.by_ids(session, [wish.posting_id]):
        raise NotFound("Posting", "postingId")
    entries = await session.all(entries_of(wish.posting_id))
    keys = [(e.location_id, e.product_id, e.bin_id, e.lot_id) for e in entries]
    await acting.lock(session, keys)
    # Read behind the locks: another reversal may have been there first.
    (reasons,) = (await blockers(session, [wish.posting_id])).values()
    if reasons:
        raise NotReversible([one.told() for one in reasons])
    row = (await ledger.postings.by_ids(session, [wish.posting_id]))[wish.posting_id]
    posted = await post(session, _opposite(author, wish, row, entries))
    change = await changes.of(session, posted, f"Took {wish.posting_id} back.")
    change = await _restore(session, author, row, change)
    original = (await ledger.postings.by_ids(session, [row.id]))[row.id]
    return Reversed(
        posting=change.posting,
        entries=change.entries,
        items=change.items,
        message=change.message,
        touched=change.touched,
        original=original,
    )


def _opposite(author: Author, wish: Reversal, row: Any, entries: Sequence[Any]) -> Posting:
    # What comes in goes first: no bucket falls below zero between two lines.
    ordered = sorted(entries, key=lambda entry: (entry.delta > ZERO, -entry.ordinal))
    return Posting(
        kind=row.kind,
        author=author,
        lines=[_line(entry, row.kind) for entry in ordered if entry.delta],
        reason_code_id=row.reason_code_id,
        reference=row.reference,
        comment=wish.reason,
        document_type=row.document_type,
        reverses_id=row.id,
    )


def _line(entry: Any, kind: str) -> Line:
    return Line(
        product_id=entry.product_id,
        location_id=entry.location_id,
        bin_id=entry.bin_id,
        lot_id=entry.lot_id,
        delta=-entry.delta,
        unit_cost=entry.unit_cost,
        unit_price=entry.unit_price,
        channel_id=entry.channel_id,
        reference=entry.reference,
        kind=None if entry.kind == kind else entry.kind,
    )


async def _restore(session: Session, author: Author, row: Any, change: StockChange) -> StockChange:
    """Put back what the posting did beside its entries."""
    counted = [e.inventory_item_id for e in change.entries if e.kind == "COUNT"]
    if counted:
        await session.call(books.COUNT_AGAIN, counted)
    if row.kind in WITHIN:
        change = await moving.carry_mark(session, author, change, "postingId")
        change = await holds.follow(session, author, change)
    if row.kind in ("ISSUE", "RETURN"):
        await quotas.take_back(session, row.id, change.posting.id)
    if row.kind == "TRANSFER":
        await _unmark(session, change)
    return await changes.seen_again(session, change)


async def _unmark(session: Session, change: StockChange) -> None:
    """Take the mark from buckets that stand empty again: nothing is there that it could mean."""
    left = [e for e in change.entries if e.delta < ZERO and e.quantity_after == ZERO]
    changed = await session.call(
        expiring.MARK_ITEMS,
        [e.inventory_item_id for e in left],
        False,  # noqa: FBT003 - an argument of SQL
    )
    pairs = {(e.location_id, e.product_id) for e in left if e.inventory_item_id in changed}
    if pairs:
        places = [place for place, _ in sorted(pairs)], [one for _, one in sorted(pairs)]
        await session.one(postings.refresh_levels(*places))
