"""Picks transfers: says what was taken out of which bucket, by expiry or for a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import InsufficientStock, Invalid, NotFound, StockHeld
from domain.machines.transfers import TransferAction as A
from domain.machines.transfers import TransferStatus as S
from domain.promise_errors import FefoReasonRequired
from domain.quantities import ZERO, plain
from models import records, transferring
from models import transfers as tables
from models.session import Session
from services import availability, checks
from services.availability import Allotment, Demand
from services.documents import Advance
from services.stock import Part, Share, reading, release_all, reserve_all
from services.transfers import outcomes, work
from services.transfers.outcomes import Outcome
from services.transfers.work import Step, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class PickLine:
    """Units of a line that were taken out of their bin; of the bucket that was to be, or another.

    `reason` says why another was taken although what was to be taken expires earlier.
    """

    line_id: str
    quantity: Decimal
    inventory_item_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picking(Step):
    """A wish to say what was picked: of these lines, or all that is set aside."""

    lines: Sequence[PickLine] | None = None


@dataclass(slots=True)
class _Part:
    """An allocation, and what the step makes of it."""

    row: Any
    picked: Decimal
    quantity: Decimal

    @property
    def unpicked(self) -> Decimal:
        """Units that are set aside and not yet picked."""
        shipped: Decimal = self.row.shipped
        return self.quantity - max(self.picked, shipped)


@dataclass(frozen=True, slots=True)
class _Swap:
    """Units that were taken from another bucket than they were to be taken from."""

    place: str
    line: Any
    wish: PickLine
    quantity: Decimal


async def pick(session: Session, author: Author, wish: Picking) -> Outcome:
    """Say what was taken out of the bins; the units are still on hand at the source.

    Who took units of another bucket has them set aside there, in place of those that were to be
    taken. The statements are the same for any number of lines.

    Raises:
        IllegalStep: its state does not allow it.
        NotFound, Invalid, QuantityRefused: a line names what cannot be.
        ExceedsOpen: more was picked than is left of a line.
        FefoReasonRequired: what expires earlier was passed over, and no reason says why.
        StockHeld, InsufficientStock: the other bucket has not so many free units.
    """
    job = await work.begin(session, wish, A.PICK)
    parts = {one.id: _Part(one, one.picked, one.quantity) for one in job.allocations}
    swaps = []
    for index, one in enumerate(_wanted(job, wish)):
        swap = _pick(job, parts, f"lines[{index}]", one)
        swaps += [swap] if swap else []
    work.require_some(sum((one["picked"] for one in job.counted.values()), ZERO))
    changed = [part for part in parts.values() if part.picked != part.row.picked or _is_cut(part)]
    if swaps:
        await _swap(session, job, parts, swaps)
    if changed:
        await session.run(transferring.count_allocations([_counters(part) for part in changed]))
        await session.run(transferring.drop_empty(job.row.id))
    await work.end(session, author, job, wish, Advance(action=A.PICK, to=S.PICKED))
    touched = [(job.row.source_location_id, line.product_id) for line in job.lines.values()]
    count = plain(sum((one["picked"] for one in job.counted.values()), ZERO))
    message = f"Picked {count:f} units of {job.row.number}."
    return await outcomes.of(session, job.row.id, message, touched=touched)


def _wanted(job: Work, wish: Picking) -> Sequence[PickLine]:
    if wish.lines is not None:
        return wish.lines
    return [
        PickLine(line_id=one.line_id, quantity=left, inventory_item_id=one.inventory_item_id)
        for one in job.allocations
        if (left := one.quantity - max(one.picked, one.shipped)) > ZERO
    ]


def _pick(job: Work, parts: dict[str, _Part], place: str, one: PickLine) -> _Swap | None:
    """Count what is picked of a line; what is of another bucket than was to be is given back."""
    line = job.line(one.line_id, f"{place}.lineId")
    checks.texts({"reason": one.reason}, "reason")
    quantity = work.quantity(line, one.quantity, f"{place}.quantity", ZERO)
    own = [part for part in parts.values() if part.row.line_id == line.id]
    left = sum((part.unpicked for part in own), ZERO)
    if quantity > left:
        raise work.exceeds(f"{place}.quantity", quantity, left)
    job.count(line.id, picked=quantity)
    item = one.inventory_item_id
    for part in own:
        if item in (None, part.row.inventory_item_id):
            taken = min(quantity, part.unpicked)
            part.picked = max(part.picked, part.row.shipped) + taken
            quantity -= taken
    if quantity == ZERO:
        return None
    rest = quantity
    for part in reversed(own):  # what expires last is given back first
        cut = min(rest, part.unpicked)
        part.quantity -= cut
        rest -= cut
    return _Swap(place, line, one, quantity)


async def _swap(
    session: Session, job: Work, parts: dict[str, _Part], swaps: Sequence[_Swap]
) -> None:
    """Give back what was to be taken, and set aside what was taken in its place."""
    await _check_items(session, job, swaps)
    cut = [part for part in parts.values() if _is_cut(part)]
    given = [
        Part(reservation_id=part.row.reservation_id, quantity=part.row.quantity - part.quantity)
        for part in cut
    ]
    await release_all(session, given, to="RELEASED")
    demands = [
        Demand(
            location_id=job.row.source_location_id,
            product_id=swap.line.product_id,
            quantity=swap.quantity,
            inventory_item_id=swap.wish.inventory_item_id,
        )
        for swap in swaps
    ]
    found = await availability.allocate(session, demands)
    rows = [_row(job, swap, one) for swap, one in zip(swaps, found, strict=True)]
    shares = [
        Share(inventory_item_id=row["inventory_item_id"], quantity=row["quantity"]) for row in rows
    ]
    reservations = await reserve_all(session, shares, job.row.number)
    added = [{**row, "reservation_id": id} for row, id in zip(rows, reservations, strict=True)]
    await session.all(records.add_all(tables.transfer_allocations, added))


def _row(job: Work, swap: _Swap, found: Allotment) -> dict[str, Any]:
    if found.shortfall > ZERO:
        raise _too_little(swap, found)
    passed_over = found.breaches[0].passed_over_id if found.breaches else None
    if passed_over is not None and swap.wish.reason is None:
        raise FefoReasonRequired(
            f"{swap.place}.reason",
            f"{swap.place}.reason is required: what expires earlier is passed over.",
            passedOverInventoryItemId=passed_over,
        )
    return {
        "id": ids.new("xfal_"),
        "transfer_id": job.row.id,
        "line_id": swap.line.id,
        "inventory_item_id": swap.wish.inventory_item_id,
        "quantity": swap.quantity,
        "picked": swap.quantity,
        "passed_over_id": passed_over,
        "override_reason": swap.wish.reason,
    }


async def _check_items(session: Session, job: Work, swaps: Sequence[_Swap]) -> None:
    wanted = [str(swap.wish.inventory_item_id) for swap in swaps]
    items = await reading.items.by_ids(session, wanted)
    for swap in swaps:
        place = f"{swap.place}.inventoryItemId"
        item = items.get(str(swap.wish.inventory_item_id))
        if item is None:
            raise NotFound("Inventory item", place)
        own = (swap.line.product_id, job.row.source_location_id)
        if (item.product_id, item.location_id) != own:
            raise Invalid(place, f"{place} is not of the line's product at the source.")
        if swap.line.lot_id not in (None, item.lot_id):
            raise Invalid(place, f"{place} is not of the lot that the line asks for.")
        if item.held > ZERO and item.on_hand - item.held - item.reserved < swap.quantity:
            raise StockHeld(
                f"{plain(swap.quantity)} would be picked; of {plain(item.on_hand)} on hand, "
                f"{plain(item.held)} are on hold.",
                field=place,
                details={"asked": plain(swap.quantity), "held": plain(item.held)},
            )


def _too_little(swap: _Swap, found: Allotment) -> InsufficientStock:
    asked, free = plain(swap.quantity), plain(found.total)
    return InsufficientStock(
        f"{asked} would be picked and {free} are free there.",
        field=f"{swap.place}.quantity",
        details={"asked": asked, "available": free},
    )


def _is_cut(part: _Part) -> bool:
    return bool(part.quantity < part.row.quantity)


def _counters(part: _Part) -> dict[str, Any]:
    return {
        "id": part.row.id,
        "quantity": part.quantity,
        "picked": part.picked,
        "shipped": part.row.shipped,
    }
