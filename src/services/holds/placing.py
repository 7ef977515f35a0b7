"""Places holds: at once for all who read, and without taking from anybody what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import InsufficientStock, Invalid
from domain.quantities import exact, plain
from models import holding
from models import records as statements
from models.holds import holds
from models.session import Session
from models.stock import reservations
from services import checks, outbox, records
from services.holds import scopes
from services.holds.reading import holds as reader
from services.holds.scopes import Pair, Reach

TYPES = ("QUALITY", "RECALL", "DAMAGE", "LEGAL", "COUNT", "OTHER")
AFFECTED_MAX = 500  # reservations that an answer tells of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A wish to hold stock: one item, lot or bin, or a quantity of a product at a location.

    A lot may be held at one location only. `quantity` is in base units; without it all of the
    item, lot or bin is held. With `displace_reservations`, hard reservations on what is held are
    put on other free buckets of the product at the location where they fit whole.
    """

    type: str
    reason: str
    inventory_item_id: str | None = None
    lot_id: str | None = None
    bin_id: str | None = None
    product_id: str | None = None
    location_id: str | None = None
    quantity: Decimal | None = None
    expires_at: datetime | None = None
    reference: str | None = None
    displace_reservations: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A reservation of which units are now on hold; with the bucket it was put on, if it was."""

    reservation_id: str
    kind: str
    quantity: Decimal
    product_id: str
    location_id: str
    channel_id: str | None
    inventory_item_id: str | None
    displaced_to_id: str | None
    reference: str | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A hold as it stands, and the reservations that it touches."""

    hold: Any
    affected_reservations: Sequence[Affected]
    message: str
    touched: Sequence[Pair]


async def place(session: Session, author: Author, wish: Wish) -> Placed:
    """Hold stock; what is held is promised to nobody from now on.

    The lot or bin, and then the level rows of all that is held, stay locked until the transaction
    ends. What was reserved before stays reserved and is told.

    Raises:
        Invalid: a value breaks a rule, or not exactly one thing is named.
        NotFound: there is no such thing.
        InsufficientStock: fewer units are there than are to be held, held ones left out.
    """
    _check(wish)
    reach = await _reach(session, wish)
    await scopes.lock(session, reach.pairs)
    now = await session.scalar(holding.now())
    if wish.expires_at is not None and wish.expires_at <= now:
        raise Invalid("expiresAt", "expiresAt must be ahead.")
    if wish.quantity is not None:
        await _check_quantity(session, reach, wish.quantity)
    row = await records.add(session, holds, "Hold", "hold_", _values(wish, reach, author))
    await scopes.refresh(session, reach.pairs)
    affected = await _affected(session, reach, may_displace=wish.displace_reservations)
    if any(one.displaced_to_id for one in affected):
        await scopes.refresh(session, reach.pairs)
    event = {"before": None, "after": told(row), "actor": _actor(author), "reason": wish.reason}
    await outbox.emit(session, "hold.placed", row.id, event)
    return Placed(
        hold=(await reader.by_ids(session, [row.id]))[row.id],
        affected_reservations=affected,
        message=_message(wish, reach, affected),
        touched=reach.pairs,
    )


def told(hold: Any) -> dict[str, Any]:
    """A hold as events tell it."""
    return {
        "type": hold.type,
        "state": hold.state,
        "scope": hold.scope,
        "productId": hold.product_id,
        "locationId": hold.location_id,
        "lotId": hold.lot_id,
        "binId": hold.bin_id,
        "inventoryItemId": hold.inventory_item_id,
        "quantity": None if hold.quantity is None else plain(hold.quantity),
        "quantityReleased": plain(hold.quantity_released),
        "expiresAt": hold.expires_at,
    }


def _actor(author: Author) -> dict[str, str]:
    return {"id": author.id, "name": author.name}


def _check(wish: Wish) -> None:
    values = {"type": wish.type, "reason": wish.reason, "reference": wish.reference}
    checks.one_of(values, "type", TYPES)
    checks.texts(values, "reason", "reference")
    checks.amounts({"quantity": wish.quantity}, "quantity", above=Decimal(0))
    named = {
        "inventoryItemId": wish.inventory_item_id,
        "lotId": wish.lot_id,
        "binId": wish.bin_id,
        "productId": wish.product_id,
    }
    given = [name for name, id in named.items() if id is not None]
    if len(given) != 1:
        field = given[1] if given else "inventoryItemId"
        raise Invalid(field, "Give one of inventoryItemId, lotId, binId, and productId.")
    if wish.location_id is not None and given[0] in ("inventoryItemId", "binId"):
        raise Invalid("locationId", f"locationId does not go with {given[0]}.")
    if wish.quantity is not None and given[0] in ("lotId", "binId"):
        message = "A quantity is held of an item, or of a product at a location."
        raise Invalid("quantity", message)
    if wish.quantity is None and given[0] == "productId":
        raise Invalid("quantity", "A hold on a product at a location needs a quantity.")


async def _reach(session: Session, wish: Wish) -> Reach:
    if wish.inventory_item_id is not None:
        return await scopes.of_item(session, wish.inventory_item_id)
    if wish.lot_id is not None:
        return await scopes.of_lot(session, wish.lot_id, wish.location_id)
    if wish.bin_id is not None:
        return await scopes.of_bin(session, wish.bin_id)
    assert wish.product_id is not None, "one thing is named"
    return await scopes.of_quantity(session, wish.product_id, wish.location_id)


async def _check_quantity(session: Session, reach: Reach, quantity: Decimal) -> None:
    """Refuse to hold units that are not there, or a second time by number."""
    there = await session.all(holding.buckets(reach.where))
    on_hand = sum((row.on_hand for row in there), Decimal(0))
    values = reach.values
    held = await session.scalar(
        holding.units_held(values["scope"], values["scope_id"], values["location_id"])
    )
    left = plain(max(on_hand - held, Decimal(0)))
    if quantity > left:
        raise InsufficientStock(
            f"{exact(quantity, 'quantity')} are to be held and {left} are there that are not held.",
            field="quantity",
            details={"asked": plain(quantity), "onHand": plain(on_hand), "held": plain(held)},
        )


def _values(wish: Wish, reach: Reach, author: Author) -> dict[str, Any]:
    return {
        **reach.values,
        "type": wish.type,
        "reason": wish.reason,
        "reference": wish.reference,
        "quantity": wish.quantity,
        "expires_at": wish.expires_at,
        "created_by": _actor(author),
    }


async def _affected(session: Session, reach: Reach, *, may_displace: bool) -> list[Affected]:
    """The reservations of which units are on hold now, the newest first."""
    is_quantity = reach.values["scope"] == "QUANTITY"
    found: list[Affected] = []
    if not is_quantity:
        rows = await session.all(holding.buckets(reach.where))
        short = {row.id: row.reserved - row.usable for row in rows if row.reserved > row.usable}
        moved = {}
        promises = await session.all(holding.promises_on(sorted(short))) if short else []
        if may_displace:
            moved = await _displace(session, promises, short)
        found = [_told(one, moved.get(one.id)) for one in promises]
    kinds = ["HARD", "SOFT"] if is_quantity else ["SOFT"]
    if reach.pairs:
        unmet = holding.promises_unmet(reach.pairs, kinds, AFFECTED_MAX)
        found += [_told(one, None) for one in await session.all(unmet)]
    return found[:AFFECTED_MAX]


async def _displace(
    session: Session, promises: Sequence[Any], short: dict[str, Decimal]
) -> dict[str, str]:
    """Put reservations on other buckets until their own suffices; where each of them went.

    The newest go first; one goes whole, to the bucket that expires first of those with room.
    """
    moved: dict[str, str] = {}
    free: dict[Pair, list[list[Any]]] = {}
    for promise in promises:
        own = promise.inventory_item_id
        if short[own] <= 0:
            continue
        pair = (promise.location_id, promise.product_id)
        if pair not in free:
            free[pair] = [[r.id, r.free] for r in await session.all(holding.free_buckets(*pair))]
        roomy = (place for place in free[pair] if place[1] >= promise.quantity)
        place = next(roomy, None)
        if place is None:
            continue
        await session.run(statements.keep(reservations, promise.id))
        await session.call(holding.MOVE_RESERVATION, promise.id, place[0])
        place[1] -= promise.quantity
        short[own] -= promise.quantity
        moved[promise.id] = place[0]
    return moved


def _told(promise: Any, displaced_to_id: str | None) -> Affected:
    return Affected(
        reservation_id=promise.id,
        kind=promise.kind,
        quantity=plain(promise.quantity),
        product_id=promise.product_id,
        location_id=promise.location_id,
        channel_id=promise.channel_id,
        inventory_item_id=promise.inventory_item_id,
        displaced_to_id=displaced_to_id,
        reference=promise.reference,
        expires_at=promise.expires_at,
    )


_NAMES = {"ITEM": "item", "LOT": "lot", "BIN": "bin"}


def _message(wish: Wish, reach: Reach, affected: Sequence[Affected]) -> str:
    if wish.quantity is not None:
        what = f"{plain(wish.quantity)} units"
    else:
        what = f"the {_NAMES[reach.values['scope']]}"
    moved = sum(1 for one in affected if one.displaced_to_id)
    left = len(affected) - moved
    more = f"; {left} reservations need units that are held" if left else ""
    return f"Held {what}{f'; {moved} reservations were moved' if moved else ''}{more}."
