"""Approves transfers: their units are set aside at the source, first what expires first."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import InsufficientStock, StockHeld
from domain.fefo import Bucket
from domain.machines.transfers import TransferAction as A
from domain.machines.transfers import TransferStatus as S
from domain.quantities import ZERO, plain
from models import records, stock_lines, transferring
from models import transfers as tables
from models.session import Session
from services import availability, checks
from services.availability import Allotment, Demand
from services.documents import Advance
from services.stock import Share, reserve_all
from services.transfers import drafting, outcomes, reading
from services.transfers.drafting import Note
from services.transfers.outcomes import REGISTER, Outcome, Pair
from services.transfers.wishes import Wish

ASKED_BY_NAME = "The line names what it wants"


@dataclass(frozen=True, slots=True)
class Met:
    """A line with the buckets from which it is met."""

    transfer: Any
    line: Any
    allotment: Allotment


async def approve(session: Session, author: Author, note: Note) -> Outcome:
    """Reserve the units of a transfer at its source; they are expected at its destination.

    What expires before the day on which it is to arrive is not taken, unless a line names it. The
    level rows of its products at the source stay locked until the transaction ends.

    Raises:
        IllegalStep: it was not handed in, or was approved already.
        StockHeld: what is asked for is there, and on hold.
        InsufficientStock: fewer units are free than are asked for; `details` name the line.
    """
    checks.notes({"comment": note.comment}, "comment")
    row = await REGISTER.get_locked(session, note.transfer_id, A.APPROVE, note.expected_version)
    (row,) = await approve_all(session, author, [row], note.comment)
    pairs = await _pairs(session, row)
    return await outcomes.of(session, row.id, f"Approved {row.number}.", touched=pairs)


async def approve_all(
    session: Session, author: Author, rows: Sequence[Any], comment: str | None = None
) -> list[Any]:
    """Approve locked transfers, all or none; the statements are the same for any number.

    Raises:
        StockHeld, InsufficientStock: as of `approve`; the lines of all are met together.
    """
    lines = await reading.lines_of(session, [row.id for row in rows])
    wanted = [(row, line) for row in rows for line in lines[row.id]]
    today = await session.scalar(transferring.today())
    demands = [_demand(row, line, today) for row, line in wanted]
    allotments = await availability.allocate(session, demands)
    met = [Met(row, line, one) for (row, line), one in zip(wanted, allotments, strict=True)]
    for one in met:
        if one.allotment.shortfall > ZERO:
            raise await _too_little(session, one)
    await _set_aside(session, met, ", ".join(row.number for row in rows)[: checks.TEXT_LENGTH_MAX])
    now = await session.scalar(records.now())
    step = Advance(action=A.APPROVE, to=S.APPROVED, values={"approved_at": now}, comment=comment)
    return await REGISTER.advance_all(session, author, rows, step)


async def create_approved(session: Session, author: Author, wanted: Sequence[Wish]) -> list[Any]:
    """Make transfers, hand them in and approve them, all or none.

    The statements are the same for any number of transfers and lines.

    Raises:
        Invalid, NotFound: as of `create`.
        StockHeld, InsufficientStock: as of `approve`.
    """
    rows = await drafting.create_all(session, author, wanted)
    rows = await drafting.submit_all(session, author, rows)
    return await approve_all(session, author, rows)


def _demand(row: Any, line: Any, today: Any) -> Demand:
    is_named = line.lot_id or line.inventory_item_id
    days = 0 if is_named or row.expected_on is None else max(0, (row.expected_on - today).days)
    return Demand(
        location_id=row.source_location_id,
        product_id=line.product_id,
        quantity=line.quantity,
        lot_id=line.lot_id,
        bin_id=line.source_bin_id,
        inventory_item_id=line.inventory_item_id,
        min_days_left=days,
    )


async def _set_aside(session: Session, met: Sequence[Met], reference: str) -> None:
    found = [(one, part) for one in met for part in one.allotment.parts]
    shares = [
        Share(inventory_item_id=part.inventory_item_id, quantity=part.quantity) for _, part in found
    ]
    reservations = await reserve_all(session, shares, reference)
    rows = []
    for (one, part), reservation_id in zip(found, reservations, strict=True):
        breaches = {b.inventory_item_id: b.passed_over_id for b in one.allotment.breaches}
        passed_over = breaches.get(part.inventory_item_id)
        rows.append(
            {
                "id": ids.new("xfal_"),
                "transfer_id": one.transfer.id,
                "line_id": one.line.id,
                "inventory_item_id": part.inventory_item_id,
                "reservation_id": reservation_id,
                "quantity": part.quantity,
                "passed_over_id": passed_over,
                "override_reason": ASKED_BY_NAME if passed_over else None,
            }
        )
    await session.all(records.add_all(tables.transfer_allocations, rows))


async def _too_little(session: Session, one: Met) -> Exception:
    """Why a line cannot be met: too little is there, or it is there and on hold."""
    demand, asked = one.allotment.demand, one.line.quantity
    rows = await session.all(stock_lines.lines_of([demand.pair]))
    fitting = [row for row in rows if demand.wish.names(_bucket(row))]
    on_hold = sum((row.held for row in fitting), ZERO)
    field = f"lines[{one.line.ordinal - 1}].quantity"
    details: dict[str, Any] = {
        "line": one.line.ordinal - 1,
        "asked": plain(asked),
        "available": plain(one.allotment.total),
    }
    text = f"{plain(asked)} are asked for and {plain(one.allotment.total)} are free."
    if one.allotment.total + on_hold >= asked:
        details["held"] = plain(Decimal(on_hold))
        text = f"{text[:-1]}; {plain(Decimal(on_hold))} are on hold."
        return StockHeld(text, field=field, details=details)
    return InsufficientStock(text, field=field, details=details)


def _bucket(row: Any) -> Bucket:
    return Bucket(id=row.id, received_at=row.received_at, lot_id=row.lot_id, bin_id=row.bin_id)


async def _pairs(session: Session, row: Any) -> list[Pair]:
    lines = (await reading.lines_of(session, [row.id]))[row.id]
    return [(row.source_location_id, line.product_id) for line in lines]
