"""Puts soft reservations on buckets."""

from decimal import Decimal
from typing import Any

from domain import ids
from domain.errors import InsufficientStock
from domain.json import dumps
from domain.quantities import ZERO, plain
from models import reservations as statements
from models.session import Session
from services.availability import Allotment, Demand, allocate
from services.reservations.parts import Locked


async def put_on_buckets(session: Session, locked: Locked, field: str) -> None:
    """Choose buckets for the soft rows of a locked reservation, and put them there.

    Raises:
        InsufficientStock: a row's units are not there.
    """
    rows = [row for found in locked.rows.values() for row in found]
    # Their own units count as reserved: what is free of buckets is what they may choose from.
    demands = [
        Demand(
            location_id=row.location_id,
            product_id=row.product_id,
            quantity=row.quantity,
            channel_id=row.channel_id,
            promised=True,
            reserved=row.quantity,
        )
        for row in rows
    ]
    allotments = await allocate(session, demands)
    shown = []
    for row, allotment in zip(rows, allotments, strict=True):
        found = sum((part.quantity for part in allotment.parts), ZERO)
        if found < row.quantity:
            raise InsufficientStock(
                f"{plain(row.quantity)} units of line {row.line_number} are promised and "
                f"{plain(found)} are there.",
                field=field,
                details={"line": row.line_number, "shortfall": plain(row.quantity - found)},
            )
        shown += _firm(row, allotment)
    await session.call(statements.FIRM_UP, dumps(shown).decode())


def _firm(row: Any, allotment: Allotment) -> list[dict[str, Any]]:
    """The parts of a row, with its quota going to the first of them."""
    left: Decimal = row.from_quota
    found = []
    for index, part in enumerate(allotment.parts):
        from_quota = min(left, part.quantity)
        left -= from_quota
        found.append(
            {
                "id": row.id,
                "newId": ids.new("resl_"),
                "item": part.inventory_item_id,
                "quantity": part.quantity,
                "fromQuota": from_quota,
                "first": index == 0,
            }
        )
    return found
