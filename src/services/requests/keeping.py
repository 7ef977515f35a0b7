"""What is set aside for a stock request: kept, sent and given free again, bucket by bucket."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain import ids
from domain.quantities import ZERO
from models.requesting import delivery
from models.requesting import lines as statements
from models.session import Session
from services import stock
from services.requests import steps
from services.requests.steps import Pair, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Units of one bucket for one line."""

    line_id: str
    inventory_item_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Sent:
    """Units of an allocation that are sent."""

    allocation: Row
    quantity: Decimal


async def keep(session: Session, request: Row, shares: Sequence[Share]) -> None:
    """Set units of buckets aside for lines of a locked request, all or none.

    Raises:
        InsufficientStock: a bucket has fewer free units.
    """
    reservations = await stock.reserve_all(
        session,
        [
            stock.Share(inventory_item_id=one.inventory_item_id, quantity=one.quantity)
            for one in shares
        ],
        request.number,
    )
    rows = [
        {
            "id": ids.new("ralloc_"),
            "reservation_id": reservation_id,
            "request_id": request.id,
            "line_id": one.line_id,
            "inventory_item_id": one.inventory_item_id,
            "quantity": one.quantity,
        }
        for reservation_id, one in zip(reservations, shares, strict=True)
    ]
    await session.run(delivery.add_allocations(rows))
    await session.run(statements.move(moves("allocated", shares)))


async def kept(session: Session, request: Row) -> list[Row]:
    """What is set aside for a request and not sent, in the order in which it was."""
    rows = await session.all(delivery.allocations_of(request.id))
    return [row for row in rows if row.transfer_id is None]


async def give_free(session: Session, request: Row, *, to: str = "RELEASED") -> list[Pair]:
    """Give free what is set aside for a locked request and not sent; where that was."""
    rows = await kept(session, request)
    if not rows:
        return []
    lines = {line.id: line for line in await steps.lines_of(session, request)}
    parts = [stock.Part(reservation_id=row.reservation_id) for row in rows]
    await stock.release_all(session, parts, to=to)
    await session.run(delivery.remove_allocations([row.id for row in rows]))
    await session.run(statements.move(moves("allocated", rows, sign=-1)))
    return pairs_of(lines[id] for id in {row.line_id for row in rows})


async def sent(session: Session, parts: Sequence[Sent], transfer_id: str) -> None:
    """Note that units of allocations are on their way with a transfer."""
    whole = [one.allocation.id for one in parts if one.quantity == one.allocation.quantity]
    cut = [
        {"id": one.allocation.id, "quantity": one.allocation.quantity - one.quantity}
        for one in parts
        if one.quantity < one.allocation.quantity
    ]
    rows = [
        {
            "id": ids.new("ralloc_"),
            "reservation_id": one.allocation.reservation_id,
            "request_id": one.allocation.request_id,
            "line_id": one.allocation.line_id,
            "inventory_item_id": one.allocation.inventory_item_id,
            "quantity": one.quantity,
            "transfer_id": transfer_id,
        }
        for one in parts
    ]
    await session.run(delivery.remove_allocations(whole))
    await session.run(delivery.cut_allocations(cut))
    await session.run(delivery.add_allocations(rows))


def moves(counter: str, parts: Iterable[Any], sign: int = 1) -> list[dict[str, Any]]:
    """What the parts add to a counter of their lines, or take from it."""
    sums: dict[str, Decimal] = {}
    for one in parts:
        sums[one.line_id] = sums.get(one.line_id, ZERO) + one.quantity * sign
    return [{"id": id, counter: units} for id, units in sums.items()]


def pairs_of(lines: Iterable[Row]) -> list[Pair]:
    """Where the products of these lines are taken from."""
    return [(line.fulfilling_location_id, line.sent_id) for line in lines]
