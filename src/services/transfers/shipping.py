"""Ships transfers: units are in transit then, or arrive at once within a location."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import InsufficientStock, StockHeld
from domain.machines.transfers import TransferAction as A
from domain.machines.transfers import TransferStatus as S
from domain.quantities import ZERO, plain
from models import postings, records, stock_lines, transferring
from models.session import Session
from services import stock
from services.documents import Advance
from services.stock import Part, reading, release_all
from services.transfers import outcomes, work
from services.transfers.outcomes import Outcome
from services.transfers.work import Share, Step, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipLine:
    """Units of a line that leave the source."""

    line_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment(Step):
    """A wish to ship units of a transfer: of these lines, or all that is picked.

    Where nothing is picked, it is all that is set aside for it.
    """

    lines: Sequence[ShipLine] | None = None


async def ship(session: Session, author: Author, wish: Shipment) -> Outcome:
    """Ship units, picked ones first, then what expires first; they are in transit then.

    Within one location they arrive at once, without transit. The level rows of the products stay
    locked until the transaction ends.

    Raises:
        IllegalStep: its state does not allow it.
        NotFound, QuantityRefused: a line is not the transfer's, or its quantity is none.
        ExceedsOpen: more is to be shipped than is left of a line.
        StockHeld, InsufficientStock: units were put on hold, or have expired, since the approval.
    """
    job = await work.begin(session, wish, A.SHIP)
    shares = _shares(job, wish)
    work.require_some(sum((share.quantity for share in shares), ZERO))
    await _check_stock(session, shares)
    parts = [
        Part(reservation_id=share.allocation.reservation_id, quantity=share.quantity)
        for share in shares
    ]
    await release_all(session, parts, to="CONSUMED")
    for share in shares:
        _leave(job, share)
    moved = await work.post(session, author, job, wish, _lines(job, shares))
    await session.run(transferring.count_allocations([_shipped(share) for share in shares]))
    to = _state(job)
    now = await session.scalar(records.now())
    values = {"shipped_at": job.row.shipped_at or now}
    if work.is_within(job.row):
        values["received_at"] = now
    taken = Advance(action=A.SHIP, to=to, values=values, posting_id=moved.posted.id)
    await work.end(session, author, job, wish, taken)
    count = plain(sum((share.quantity for share in shares), ZERO))
    message = f"Shipped {count:f} units of {job.row.number}."
    return await outcomes.of(session, job.row.id, message, posted=moved.posted)


def _state(job: Work) -> S:
    if job.row.status == S.PARTIALLY_RECEIVED:
        return S.PARTIALLY_RECEIVED
    return work.after_arrival(job) if work.is_within(job.row) else S.IN_TRANSIT


def _shares(job: Work, wish: Shipment) -> list[Share]:
    if wish.lines is not None:
        asked: dict[str, Decimal] = defaultdict(Decimal)
        places = {}
        for index, one in enumerate(wish.lines):
            place = places[one.line_id] = f"lines[{index}]"
            line = job.line(one.line_id, f"{place}.lineId")
            asked[line.id] += work.quantity(line, one.quantity, f"{place}.quantity", ZERO)
        return [
            share
            for id, quantity in asked.items()
            for share in _take(job, id, quantity, f"{places[id]}.quantity")
        ]
    picked = [
        Share(one, one.picked - one.shipped) for one in job.allocations if one.picked > one.shipped
    ]
    return picked or [
        Share(one, one.quantity - one.shipped)
        for one in job.allocations
        if one.quantity > one.shipped
    ]


def _take(job: Work, line_id: str, quantity: Decimal, place: str) -> list[Share]:
    """Units of a line's allocations: first those that are picked, then what expires first."""
    parts = job.of_line(line_id)
    left = sum((one.quantity - one.shipped for one in parts), ZERO)
    if quantity > left:
        raise work.exceeds(place, quantity, left)
    found: dict[str, Decimal] = defaultdict(Decimal)
    for limit in ("picked", "quantity"):
        for one in parts:
            taken = min(quantity, max(ZERO, getattr(one, limit) - one.shipped - found[one.id]))
            found[one.id] += taken
            quantity -= taken
    return [Share(one, found[one.id]) for one in parts if found[one.id] > ZERO]


def _leave(job: Work, share: Share) -> None:
    part, quantity = share.allocation, share.quantity
    unpicked = max(ZERO, part.shipped + quantity - part.picked)
    job.count(part.line_id, shipped=quantity, picked=unpicked)
    job.move(part.line_id, part.inventory_item_id, "SHIPPED", quantity)
    if work.is_within(job.row):
        job.count(part.line_id, received=quantity)
        job.move(part.line_id, part.inventory_item_id, "RECEIVED", -quantity)


def _shipped(share: Share) -> dict[str, Any]:
    part = share.allocation
    shipped = part.shipped + share.quantity
    return {
        "id": part.id,
        "quantity": part.quantity,
        "picked": max(part.picked, shipped),
        "shipped": shipped,
    }


def _lines(job: Work, shares: Sequence[Share]) -> list[stock.Line]:
    found = []
    for share in shares:
        part = share.allocation
        of = {"product_id": part.product_id, "lot_id": part.lot_id}
        place = {"location_id": part.location_id, "bin_id": part.bin_id}
        found.append(stock.Line(**of, **place, delta=-share.quantity))
        if work.is_within(job.row):
            line = job.lines[part.line_id]
            place = {"location_id": job.row.dest_location_id, "bin_id": line.dest_bin_id}
            found.append(stock.Line(**of, **place, delta=share.quantity))
    return found


async def _check_stock(session: Session, shares: Sequence[Share]) -> None:
    """Lock the level rows, and refuse to ship units that are on hold or have expired meanwhile."""
    pairs = sorted({(one.allocation.location_id, one.allocation.product_id) for one in shares})
    await session.all(postings.lock_stocked(pairs))
    rows = {row.id: row for row in await session.all(stock_lines.lines_of(pairs))}
    levels = await reading.levels_by_pair(session, pairs)
    by_item: dict[str, Decimal] = defaultdict(Decimal)
    by_pair: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for share in shares:
        part = share.allocation
        pair = (part.location_id, part.product_id)
        by_item[part.inventory_item_id] += share.quantity
        by_pair[pair] += share.quantity
        _check_place(rows[part.inventory_item_id], by_item[part.inventory_item_id])
        _check_place(levels[pair], by_pair[pair])


def _check_place(row: Any, asked: Decimal) -> None:
    if asked <= row.on_hand - row.expired - row.held:
        return
    details: Mapping[str, Any] = {
        "productId": row.product_id,
        "asked": plain(asked),
        "onHand": plain(row.on_hand),
        "held": plain(row.held),
        "expired": plain(row.expired),
    }
    text = f"{plain(asked)} would be shipped; of {plain(row.on_hand)} on hand, "
    if asked <= row.on_hand - row.expired:
        raise StockHeld(f"{text}{plain(row.held)} are on hold.", field="lines", details=details)
    raise InsufficientStock(
        f"{text}{plain(row.expired)} have expired.", field="lines", details=details
    )
