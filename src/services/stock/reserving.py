"""Hard reservations: units of a bucket that a document will move."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain import ids
from domain.errors import Conflict, InsufficientStock, Invalid
from domain.quantities import ZERO, exact, plain
from models import postings, records
from models.session import Session
from models.stock import reservations
from services import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A wish to set `quantity` base units of a bucket aside for a document.

    `from_quota` of them use up the channel's quota.
    """

    inventory_item_id: str
    quantity: Decimal
    channel_id: str | None = None
    from_quota: Decimal = ZERO
    reference: str | None = None


async def reserve(session: Session, wish: Promise) -> str:
    """Reserve, and give the reservation's id.

    The level row of the bucket's product and then the bucket stay locked until the transaction
    ends, so two callers can never both be given the last unit.

    Raises:
        Invalid: the quantity is not positive, or no number that storage keeps exactly.
        InsufficientStock: the bucket, or its product at the location, has fewer usable units that
            nobody was promised.
    """
    if exact(wish.quantity, "quantity") <= 0:
        raise Invalid("quantity", "quantity must be above 0.")
    id = ids.new("resl_")
    try:
        await session.call(
            postings.RESERVE,
            id,
            wish.inventory_item_id,
            wish.quantity,
            wish.channel_id,
            wish.from_quota,
            wish.reference,
        )
    except postings.REFUSALS as error:
        if not postings.is_refusal(error):
            raise
        free = plain(Decimal(json.loads(postings.detail(error), parse_float=str)["free"]))
        raise InsufficientStock(
            f"{wish.quantity} were asked for and {free} are free.",
            field="quantity",
            details={"asked": wish.quantity, "free": free},
        ) from error
    return id


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Units of one bucket that are to be set aside, with others, for a document."""

    inventory_item_id: str
    quantity: Decimal


async def reserve_all(session: Session, shares: Sequence[Share], reference: str) -> list[str]:
    """Reserve all shares or none of them, and give the reservations' ids in their order.

    What stays locked is as with one; the statements are as many however many shares there are.

    Raises:
        InsufficientStock: a bucket, or its product at the location, has fewer free units than its
            shares together.
    """
    new = [ids.new("resl_") for _ in shares]
    items = [share.inventory_item_id for share in shares]
    quantities = [share.quantity for share in shares]
    if not shares:
        return new
    try:
        await session.call(postings.RESERVE_ALL, new, items, quantities, reference)
    except postings.REFUSALS as error:
        if not postings.is_refusal(error):
            raise
        told = json.loads(postings.detail(error), parse_float=str)
        free = plain(Decimal(told["free"]))
        raise InsufficientStock(
            f"More is to be reserved than the {free} that are free.",
            field="quantity",
            details={"inventoryItemId": told["item"], "free": free},
        ) from error
    rows = {row.id: row for row in await session.all(records.by_ids(reservations, new))}
    await _tell(session, "placed", [(None, rows[id]) for id in new])
    return new


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Units of a hard reservation; all that it still holds where `quantity` is None."""

    reservation_id: str
    quantity: Decimal | None = None


async def release_all(session: Session, parts: Sequence[Part], *, to: str) -> None:
    """Use up (`to` CONSUMED) or give free (RELEASED) units of hard reservations.

    One of which units are left stays active with these. The document that has reserved them is
    locked; the level rows of their products stay locked, in the global order, until the
    transaction ends. The statements are as many whatever the number of parts.

    Raises:
        Conflict: a reservation is not there, has ended, or holds fewer units.
    """
    if not parts:
        return
    wanted = {part.reservation_id: part.quantity for part in parts}
    pairs = await _places(session, list(wanted))
    await session.one(postings.lock_levels(*pairs))
    rows = {row.id: row for row in await session.all(records.by_ids(reservations, wanted))}
    for id, quantity in wanted.items():
        row = rows.get(id)
        if row is None or row.state != "ACTIVE" or (quantity or ZERO) > row.quantity:
            raise Conflict("The reservation does not hold so many units.", details={"id": id})
    await session.run(records.keep(reservations, *wanted))
    quantities = [rows[id].quantity if part is None else part for id, part in wanted.items()]
    await session.call(postings.RELEASE_ALL, list(wanted), quantities, to)
    await session.one(postings.refresh_levels(*pairs))
    after = {row.id: row for row in await session.all(records.by_ids(reservations, wanted))}
    await _tell(session, to.lower(), [(rows[id], after[id]) for id in wanted])


async def _tell(session: Session, what: str, changes: Sequence[tuple[Any, Any]]) -> None:
    """One event for each reservation, as it was and as it is."""
    actor = {"id": session.author.id, "name": session.author.name}
    await outbox.emit_all(
        session,
        [
            (
                f"reservation.{what}",
                after.id,
                {
                    "before": outbox.record(before),
                    "after": outbox.record(after),
                    "reference": after.reference,
                    "actor": actor,
                },
            )
            for before, after in changes
        ],
    )


async def _places(session: Session, ids: Sequence[str]) -> tuple[list[str], list[str]]:
    rows = await session.all(records.by_ids(reservations, ids))
    pairs = sorted({(row.location_id, row.product_id) for row in rows})
    return [location for location, _ in pairs], [product for _, product in pairs]
