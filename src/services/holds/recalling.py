"""Recalls a lot at all locations at once, and tells where it is and where it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Author
from domain.errors import Conflict
from domain.quantities import ZERO, plain
from models import holding, tracing
from models.lists.stock import INVENTORY_ITEMS
from models.session import Session
from services.holds.placing import Wish, place
from services.lists import Reader

PLACES_MAX = 1_000  # items of an answer
ISSUES_MAX = 1_000  # entries of an answer, the newest
Pair = tuple[str, str]  # location id, product id

_items = Reader(INVENTORY_ITEMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """A wish to recall a lot."""

    lot_id: str
    reason: str
    reference: str | None = None
    displace_reservations: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Where a lot is, and where it went: items with units on hand, and entries of issues.

    The sums are over all of its ledger; `places` and `issues` tell of the largest and the newest.
    """

    received: Any
    issued: Any
    returned: Any
    on_hand: Any
    places: Sequence[Any]
    issues: Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """The hold of a recall, what it touches, and the trace of its lot."""

    hold: Any
    affected_reservations: Sequence[Any]
    trace: Trace
    message: str
    touched: Sequence[Pair]


async def recall(session: Session, author: Author, wish: Recall) -> Recalled:
    """Hold the lot everywhere, also what comes of it later, and tell where it is and went.

    Locks are those of placing a hold.

    Raises:
        Invalid, NotFound: as of a hold.
        Conflict: the lot is recalled everywhere already; `details.holdId` names the hold.
    """
    placed = await place(
        session,
        author,
        Wish(
            type="RECALL",
            lot_id=wish.lot_id,
            reason=wish.reason,
            reference=wish.reference,
            displace_reservations=wish.displace_reservations,
        ),
    )
    other = await session.one_or_none(tracing.recall_of(wish.lot_id, besides=placed.hold.id))
    if other is not None:
        details = {"holdId": other.id}
        raise Conflict("The lot is recalled already.", field="lotId", details=details)
    traced = (await traces(session, [wish.lot_id]))[wish.lot_id]
    return Recalled(
        hold=placed.hold,
        affected_reservations=placed.affected_reservations,
        trace=traced,
        message=f"Recalled the lot: {plain(traced.on_hand)} units are held at "
        f"{len({item.location_id for item in traced.places})} locations, "
        f"{plain(traced.issued - traced.returned)} have left.",
        touched=placed.touched,
    )


async def traces(session: Session, lot_ids: Sequence[str]) -> Mapping[str, Trace]:
    """The trace of each of these lots."""
    return {id: await _trace(session, id) for id in lot_ids}


async def _trace(session: Session, lot_id: str) -> Trace:
    sums = {row.kind: row for row in await session.all(tracing.moved(lot_id))}
    there = [row for row in await session.all(holding.buckets({"lot_id": lot_id})) if row.on_hand]
    there.sort(key=lambda row: (-row.on_hand, row.id))
    ids = [row.id for row in there[:PLACES_MAX]]
    items = await _items.by_ids(session, ids)

    def total(kind: str) -> Any:
        return plain(abs(sums[kind].quantity)) if kind in sums else ZERO

    return Trace(
        received=total("RECEIPT"),
        issued=total("ISSUE"),
        returned=total("RETURN"),
        on_hand=plain(sum((row.on_hand for row in there), ZERO)),
        places=[items[id] for id in ids],
        issues=await session.all(tracing.issues(lot_id, ISSUES_MAX)),
    )
