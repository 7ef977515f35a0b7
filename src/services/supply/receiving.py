"""Stock that comes in against lines of orders: what they expect goes down by it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.errors import Conflict, Invalid, NotFound
from models import expected
from models.session import Session

OPEN = ("PENDING", "APPROVED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Units of a product that came in against a line of an order; `field` is where that is told."""

    line_id: str
    product_id: str
    location_id: str
    quantity: Decimal
    field: str


async def check(session: Session, receipts: Sequence[Receipt]) -> None:
    """Lock the lines of orders, which go before stock, and hold the receipts against them.

    More than was ordered may come in; part of it may.

    Raises:
        NotFound: there is no such line.
        Invalid: it is of another product, or is to arrive elsewhere.
        Conflict: the order is complete or was rejected.
    """
    if not receipts:
        return
    ids = sorted({one.line_id for one in receipts})
    lines = {row.id: row for row in await session.all(expected.lines_locked(ids))}
    for one in receipts:
        line = lines.get(one.line_id)
        if line is None:
            raise NotFound("Purchase order line", one.field)
        if line.product_id != one.product_id:
            raise Invalid(one.field, f"{one.field} is of another product.")
        if line.location_id not in (None, one.location_id):
            raise Invalid(one.field, f"{one.field} is to arrive at another location.")
        if line.status not in OPEN:
            text = f"The line of order {line.order_number} is {line.status}: nothing is expected."
            raise Conflict(text, field=one.field, details={"status": line.status})


async def receive(session: Session, receipts: Sequence[Receipt]) -> None:
    """Note what came in on the lines that `check` has locked; one statement for all."""
    if not receipts:
        return
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in receipts:
        totals[one.line_id] += one.quantity
    rows = [{"id": id, "received": quantity} for id, quantity in totals.items()]
    await session.run(expected.receive(rows))
