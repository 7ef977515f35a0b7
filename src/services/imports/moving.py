"""Transfers of transfers.csv: made as they stand, what is on its way and what is set aside."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from domain.errors import Conflict, Invalid, NotFound
from models.imports import stock
from models.session import Session
from services import stock as posting
from services import transfers
from services.imports.posting import AUTHOR, stuck
from services.imports.report import FileCounts
from services.imports.staging import Staged
from services.transfers import reading

_OPENED = "Was on its way when the transfer was imported"
Bucket = tuple[str, str, str | None]  # product, location, lot


async def count(session: Session, import_id: str, staged: Staged) -> FileCounts:
    """How many rows are of transfers that are new; one that is there is left as it is."""
    made = len(await session.all(stock.new_transfers(import_id)))
    return FileCounts(staged.source.label, staged.rows, made, 0, staged.rows - made)


async def make(session: Session, import_id: str) -> None:
    """Make the transfers that are not there yet, all or none.

    What is on its way has left the source's shelves already: it comes into the books there and is
    shipped at once, so that what is on hand stays as it is and the transit account is right. The
    rest is reserved at the source.

    Raises:
        Conflict: what is not on its way yet is not there to be reserved, or cannot be moved.
    """
    rows = await session.all(stock.new_transfers(import_id))
    if not rows:
        return
    try:
        await _make(session, rows, await _received(session, import_id, rows))
    except (Conflict, Invalid, NotFound) as error:
        raise stuck(import_id, error.message) from error


async def _received(session: Session, import_id: str, rows: Sequence[Any]) -> dict[Bucket, str]:
    """Receive what is on its way at its sources; the buckets' ids."""
    moving = [row for row in rows if row.in_transit]
    if not moving:
        return {}
    lines = [
        posting.Line(
            product_id=row.product_id,
            location_id=row.source_location_id,
            bin_id=row.bin_id,
            lot_id=row.lot_id,
            delta=row.quantity,
            reference=row.number,
        )
        for row in moving
    ]
    wish = posting.Posting(
        kind="RECEIPT", author=AUTHOR, lines=lines, comment=_OPENED, import_id=import_id
    )
    posted = await posting.post(session, wish)
    return {
        (row.product_id, row.source_location_id, row.lot_id): entry.inventory_item_id
        for row, entry in zip(moving, posted.entries, strict=True)
    }


async def _make(session: Session, rows: Sequence[Any], buckets: dict[Bucket, str]) -> None:
    parts = [list(part) for _, part in groupby(rows, attrgetter("number"))]
    wishes = [_wish(part, buckets) for part in parts]
    made = await transfers.create_approved(session, AUTHOR, wishes)
    lines = await reading.lines_of(session, [transfer.id for transfer in made])
    for transfer, part in zip(made, parts, strict=True):
        shipped = [
            transfers.ShipLine(line_id=line.id, quantity=line.quantity)
            for line, row in zip(lines[transfer.id], part, strict=True)
            if row.in_transit
        ]
        if shipped:
            shipment = transfers.Shipment(transfer_id=transfer.id, lines=shipped, comment=_OPENED)
            await transfers.ship(session, AUTHOR, shipment)


def _wish(rows: Sequence[Any], buckets: dict[Bucket, str]) -> transfers.Wish:
    head = rows[0]
    return transfers.Wish(
        number=head.number,
        source_location_id=head.source_location_id,
        dest_location_id=head.dest_location_id,
        expected_on=head.expected_on,
        reference=head.reference,
        lines=[
            transfers.LineWish(
                product_id=row.product_id,
                quantity=row.quantity,
                lot_id=row.lot_id,
                inventory_item_id=buckets[row.product_id, row.source_location_id, row.lot_id]
                if row.in_transit
                else None,
            )
            for row in rows
        ],
    )
