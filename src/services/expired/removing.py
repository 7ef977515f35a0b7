"""Takes expired stock away: used up here, destroyed, or moved to where it will be destroyed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import InsufficientStock, Invalid, LimitExceeded, NotFound, StockHeld
from domain.quantities import ZERO, exact, plain
from models import expiring, locations, postings
from models.session import Session
from services import checks
from services import records as life
from services.stock import changes, reading
from services.stock.posting import Line, Posted, Posting, post

PORTIONS_MAX = 500  # of one act
Pair = tuple[str, str]  # location id, product id


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Units of an inventory item; all that are on hand without a quantity."""

    inventory_item_id: str
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """A wish to use stock up."""

    portions: Sequence[Portion]
    reference: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destruction:
    """A wish to destroy stock, or to move it to the location at which it will be destroyed."""

    portions: Sequence[Portion]
    destination_location_id: str | None = None
    method: str | None = None
    witness: str | None = None
    reference: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A posting that moved stock to a place for destruction."""

    id: str
    destination_location_id: str
    quantity: Decimal
    line_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """What a destruction has changed; `transfer` is None where stock was written off."""

    posting: Any
    entries: Sequence[Any]
    items: Sequence[Any]
    message: str
    touched: Sequence[Pair]
    transfer: Transfer | None


@dataclass(frozen=True, slots=True)
class _Taken:
    """An inventory item whose level is locked, and how much of it is taken."""

    item: Any
    quantity: Decimal


async def consume(session: Session, author: Author, wish: Consumption) -> changes.StockChange:
    """Post that units were used up here, as a CONSUMPTION; items that have not expired may be too.

    The level rows of all items stay locked until the transaction ends.

    Raises:
        Invalid: a value breaks a rule, or an item is named twice.
        NotFound: there is no such item.
        InsufficientStock: an item has fewer units on hand.
        StockHeld: units that would be used are on hold.
    """
    _check(wish.portions)
    checks.texts({"reference": wish.reference}, "reference")
    checks.notes({"comment": wish.comment}, "comment")
    taken = await _locked(session, wish.portions, None)
    for index, one in enumerate(taken):
        free = one.item.on_hand - one.item.held
        if one.quantity > free:
            raise StockHeld(
                f"{plain(one.quantity)} would be used; of {plain(one.item.on_hand)} on hand, "
                f"{plain(one.item.held)} are on hold.",
                field=f"items[{index}].quantity",
                details={
                    "onHand": plain(one.item.on_hand),
                    "held": plain(one.item.held),
                    "asked": plain(one.quantity),
                },
            )
    posting = Posting(
        kind="CONSUMPTION",
        author=author,
        lines=[_line(one, -one.quantity) for one in taken],
        reference=wish.reference,
        comment=wish.comment,
    )
    posted = await post(session, posting)
    return await changes.of(session, posted, f"Consumed {plain(_sum(taken))} units.")


async def destroy(session: Session, author: Author, wish: Destruction) -> Destroyed:
    """Write units off as a DESTRUCTION, or move them, as a TRANSFER, to where they will be.

    Held units may be destroyed. What was moved carries the mark of expired stock there, so that
    it is promised to nobody whatever its lot's date. The lots of what is moved, then the level
    rows of all items stay locked until the transaction ends.

    Raises:
        Invalid: a value breaks a rule, an item is named twice, or is at the destination already.
        NotFound: there is no such item or location.
        InsufficientStock: an item has fewer units on hand.
    """
    _check(wish.portions)
    about = {"method": wish.method, "witness": wish.witness, "reference": wish.reference}
    checks.texts(about, *about)
    checks.notes({"comment": wish.comment}, "comment")
    place = wish.destination_location_id
    await life.require(session, locations.locations, "Location", place, "destinationLocationId")
    taken = await _locked(session, wish.portions, place)
    posted = await post(session, _posting(author, wish, taken))
    if place is not None:
        arrived = [one.inventory_item_id for one in posted.entries if one.location_id == place]
        await _mark(session, place, arrived, taken)
    return await _destroyed(session, wish, posted, taken)


def _posting(author: Author, wish: Destruction, taken: Sequence[_Taken]) -> Posting:
    place = wish.destination_location_id
    lines = [_line(one, -one.quantity) for one in taken]
    if place is not None:
        lines += [_line(one, one.quantity, place) for one in taken]
    return Posting(
        kind="DESTRUCTION" if place is None else "TRANSFER",
        author=author,
        lines=lines,
        reference=wish.reference,
        comment=_comment(wish),
        document_type="destruction",
    )


async def _destroyed(
    session: Session, wish: Destruction, posted: Posted, taken: Sequence[_Taken]
) -> Destroyed:
    place, total = wish.destination_location_id, plain(_sum(taken))
    message = f"Destroyed {total} units." if place is None else f"Moved {total} units away."
    change = await changes.of(session, posted, message)
    transfer = None
    if place is not None:
        transfer = Transfer(
            id=posted.id, destination_location_id=place, quantity=total, line_count=len(taken)
        )
    return Destroyed(
        posting=change.posting,
        entries=change.entries,
        items=change.items,
        message=message,
        touched=change.touched,
        transfer=transfer,
    )


def _check(portions: Sequence[Portion]) -> None:
    if not portions:
        raise Invalid("items", "Name at least one item.")
    if len(portions) > PORTIONS_MAX:
        raise LimitExceeded("items", f"items has more than {PORTIONS_MAX}.", max=PORTIONS_MAX)
    seen: set[str] = set()
    for index, portion in enumerate(portions):
        if portion.inventory_item_id in seen:
            field = f"items[{index}].inventoryItemId"
            raise Invalid(field, "The item is named twice.")
        seen.add(portion.inventory_item_id)
        field = f"items[{index}].quantity"
        if portion.quantity is not None and exact(portion.quantity, field) <= 0:
            raise Invalid(field, f"{field} must be above 0.")


async def _locked(
    session: Session, portions: Sequence[Portion], destination: str | None
) -> list[_Taken]:
    """The items, with the sums of which they are a part locked, and those at the destination."""
    ids = [portion.inventory_item_id for portion in portions]
    rows = await reading.items.by_ids(session, ids)
    for index, id in enumerate(ids):
        field = f"items[{index}].inventoryItemId"
        if id not in rows:
            raise NotFound("Inventory item", field)
        if rows[id].location_id == destination:
            raise Invalid(field, "The item is at the place for destruction already.")
    pairs = [(row.location_id, row.product_id) for row in rows.values()]
    if destination is not None:
        lots = [(destination, row.product_id, None, row.lot_id) for row in rows.values()]
        await session.one(postings.lock_parts(lots))
        pairs += [(destination, row.product_id) for row in rows.values()]
    await session.one(postings.lock_levels([p[0] for p in pairs], [p[1] for p in pairs]))
    now = await reading.items.by_ids(session, ids)
    return [
        _taken(now[id], portion, index)
        for index, (id, portion) in enumerate(zip(ids, portions, strict=True))
    ]


def _taken(item: Any, portion: Portion, index: int) -> _Taken:
    quantity = item.on_hand if portion.quantity is None else portion.quantity
    if quantity > item.on_hand or quantity == 0:
        raise InsufficientStock(
            f"There are {plain(item.on_hand)} on hand and {plain(quantity)} would be taken.",
            field=f"items[{index}].quantity",
            details={"onHand": plain(item.on_hand), "asked": plain(quantity)},
        )
    return _Taken(item, quantity)


def _line(taken: _Taken, delta: Decimal, location_id: str | None = None) -> Line:
    """A line on the item's own bucket, or on the one of its lot, in no bin, elsewhere."""
    item = taken.item
    return Line(
        product_id=item.product_id,
        location_id=location_id or item.location_id,
        bin_id=None if location_id else item.bin_id,
        lot_id=item.lot_id,
        delta=delta,
        unit_cost=item.unit_cost,
    )


async def _mark(session: Session, place: str, ids: list[str], taken: Sequence[_Taken]) -> None:
    await session.call(expiring.MARK_ITEMS, ids, True)  # noqa: FBT003 - an argument of SQL
    products = sorted({one.item.product_id for one in taken})
    await session.one(postings.refresh_levels([place] * len(products), products))


def _comment(wish: Destruction) -> str | None:
    parts = [
        f"Method: {wish.method}." if wish.method else "",
        f"Witness: {wish.witness}." if wish.witness else "",
        wish.comment or "",
    ]
    return " ".join(part for part in parts if part) or None


def _sum(taken: Sequence[_Taken]) -> Decimal:
    return sum((one.quantity for one in taken), ZERO)
