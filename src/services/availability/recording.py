"""Dated records of what of a bucket was available, computed from its ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import NotFound
from domain.quantities import plain
from models import availability_records
from models.session import Session
from services import checks, records
from services.availability.listing import Included, Line, line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A record as it was kept, with its line."""

    record: Any
    line: Line
    message: str
    touched: Sequence[tuple[str, str]]


async def record(
    session: Session, author: Author, inventory_item_id: str, comment: str | None
) -> Recorded:
    """Compute what of a bucket is available from its ledger, and keep it as a dated record.

    `drift` is the kept balance less the sum of the ledger: 0 when all is well. The balance itself
    is left as it is.

    Raises:
        Invalid: the comment is too long.
        NotFound: there is no such inventory item.
    """
    checks.notes({"comment": comment}, "comment")
    row = await session.one_or_none(availability_records.line_with_ledger(inventory_item_id))
    if row is None:
        raise NotFound("Inventory item", "inventoryItemId")
    drift: Decimal = row.on_hand - row.ledger
    line = line_of(row, Included(), drift)
    kept = await _kept(session, line, drift, author, comment)
    message = "Recorded, without drift" if drift == 0 else f"Recorded, with drift {plain(drift)}"
    return Recorded(
        record=kept, line=line, message=message, touched=[(line.location_id, line.product_id)]
    )


async def _kept(
    session: Session, line: Line, drift: Decimal, author: Author, comment: str | None
) -> Any:
    sums = line.sums
    values = {
        "inventory_item_id": line.id,
        "product_id": line.product_id,
        "location_id": line.location_id,
        "bin_id": line.bin_id,
        "lot_id": line.lot_id,
        "on_hand": sums.on_hand,
        "available": sums.available,
        "on_hold": sums.on_hold,
        "picked": sums.picked,
        "recalled": sums.recalled,
        "expired": sums.expired,
        "status": line.status,
        "drift": drift,
        "comment": comment,
        "recorded_by": {"id": author.id, "name": author.name},
    }
    table = availability_records.availability_records
    return await records.add(session, table, "Availability record", "avail_", values)
