"""Sends what is set aside for stock requests, with transfers, and receives it."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import QuantityRefused
from domain.machines.stock_requests import StockRequestAction
from domain.names import counted
from domain.quantities import ZERO, plain
from domain.request_errors import NothingAllocated
from models.requesting import delivery
from models.requesting import lines as statements
from models.session import Session
from services import checks, stock, transfers
from services.documents import Advance
from services.requests import following, keeping, steps
from services.requests.keeping import Sent
from services.requests.steps import Change, Row, Values
from services.stock import acting

A = StockRequestAction


async def issue(
    session: Session,
    author: Author,
    id: str,
    wishes: Sequence[Values] | None = None,
    comment: str | None = None,
) -> Change:
    """Send what is set aside, all of it or of the lines that the wishes name, with one transfer.

    The request, then the level rows of its products where it is fulfilled stay locked until the
    transaction ends.

    Raises:
        NotFound, IllegalStep: there is no such request, or nothing is set aside in its state.
        NothingAllocated: nothing is set aside.
        UnknownLine, DuplicateLine, QuantityRefused: a wish breaks a rule.
        StockHeld, InsufficientStock: units were put on hold or have expired since.
    """
    checks.notes({"comment": comment}, "comment")
    request = await steps.locked(session, id, A.ISSUE)
    lines = {line.id: line for line in await steps.lines_of(session, request)}
    parts = _parts(list(lines.values()), await keeping.kept(session, request), wishes)
    if not parts:
        raise NothingAllocated("Nothing is set aside: allocate first.")
    shipped = await _ship(session, author, request, lines, parts)
    await session.run(statements.move(keeping.moves("allocated", _units(parts), sign=-1)))
    await keeping.sent(session, parts, shipped.transfer.id)
    await session.run(delivery.follow(id))
    await _sent(session, author, request, shipped, comment)
    units = sum((one.quantity for one in parts), ZERO)
    message = f"Sent {counted(plain(units), 'unit')} with {shipped.transfer.number}."
    return await steps.shown(
        session, id, message, touched=shipped.touched, transactions=shipped.entries
    )


async def receive(
    session: Session,
    author: Author,
    id: str,
    wishes: Sequence[Values] | None = None,
    comment: str | None = None,
) -> Change:
    """Receive what is on its way to a request, all of it or of the lines that the wishes name.

    When all that was sent has arrived and nothing is on back order, the request is done.

    Raises:
        NotFound, IllegalStep: there is no such request, or nothing is on its way.
        UnknownLine, DuplicateLine, QuantityRefused: a wish breaks a rule.
    """
    checks.notes({"comment": comment}, "comment")
    request = await steps.locked(session, id, A.RECEIVE)
    lines = await steps.lines_of(session, request)
    coming = await session.all(delivery.coming_to(id))
    entries: list[Any] = []
    touched: list[Any] = []
    for transfer_id, arrived in _arrivals(lines, coming, wishes).items():
        receipt = transfers.Receipt(transfer_id=transfer_id, lines=arrived, comment=comment)
        outcome = await transfers.receive(session, author, receipt)
        entries += outcome.entries
        touched += outcome.touched
    await following.catch_up(session, author, request, comment)
    units = sum((entry.delta for entry in entries), ZERO)
    message = f"Received {counted(plain(units), 'unit')}."
    return await steps.shown(
        session, id, message, touched=sorted(set(touched)), transactions=entries
    )


async def _sent(
    session: Session,
    author: Author,
    request: Row,
    shipped: transfers.Outcome,
    comment: str | None,
) -> None:
    step = Advance(
        action=A.ISSUE,
        comment=comment,
        posting_id=shipped.posting.id,
        told={"transferId": shipped.transfer.id, "transferNumber": shipped.transfer.number},
    )
    moments = [] if request.issued_at is not None else ["issued_at"]
    await steps.advance(session, author, request, step, *moments)


async def _ship(
    session: Session,
    author: Author,
    request: Row,
    lines: dict[str, Row],
    parts: Sequence[Sent],
) -> transfers.Outcome:
    """Make a transfer of exactly the units that are set aside, and ship it."""
    await stock.release_all(
        session,
        [
            stock.Part(reservation_id=one.allocation.reservation_id, quantity=one.quantity)
            for one in parts
        ],
        to="RELEASED",
    )
    wish = transfers.Wish(
        source_location_id=request.fulfilling_location_id,
        dest_location_id=request.requesting_location_id,
        lines=[
            transfers.LineWish(
                product_id=lines[one.allocation.line_id].sent_id,
                quantity=one.quantity,
                inventory_item_id=one.allocation.inventory_item_id,
            )
            for one in parts
        ],
        reference=request.number,
        origin_type=delivery.ORIGIN,
        origin_id=request.id,
    )
    (made,) = await transfers.create_approved(session, author, [wish])
    return await transfers.ship(session, author, transfers.Shipment(transfer_id=made.id))


def _parts(
    lines: Sequence[Row], allocations: Sequence[Row], wishes: Sequence[Values] | None
) -> list[Sent]:
    """Units of the allocations, in the order in which they were set aside."""
    if wishes is None:
        return [Sent(one, one.quantity) for one in allocations]
    by_id = {line.id: line for line in lines}
    found: list[Sent] = []
    for id, (field, wish) in steps.named(wishes, lines).items():
        line, name = by_id[id], f"{field}quantity"
        left = acting.quantity(line, wish["quantity"], name)
        if left > line.allocated:
            text = f"{plain(line.allocated)} of the line are set aside."
            raise QuantityRefused(name, text, allocated=plain(line.allocated))
        for one in allocations:
            if one.line_id == id and left > 0:
                found.append(Sent(one, min(left, one.quantity)))
                left -= found[-1].quantity
    return found


def _units(parts: Sequence[Sent]) -> list[keeping.Share]:
    return [
        keeping.Share(
            line_id=one.allocation.line_id,
            inventory_item_id=one.allocation.inventory_item_id,
            quantity=one.quantity,
        )
        for one in parts
    ]


def _arrivals(
    lines: Sequence[Row], coming: Sequence[Row], wishes: Sequence[Values] | None
) -> dict[str, list[transfers.ReceiveLine]]:
    """What arrives of each transfer, the first sent first."""
    left: dict[str, Decimal] = defaultdict(Decimal)
    for one in coming:
        left[one.request_line_id] += one.in_transit
    if wishes is not None:
        left = _asked(lines, left, wishes)
    found: dict[str, list[transfers.ReceiveLine]] = defaultdict(list)
    for one in coming:
        units = min(left.get(one.request_line_id, ZERO), one.in_transit)
        if units > 0:
            found[one.transfer_id].append(transfers.ReceiveLine(line_id=one.id, quantity=units))
            left[one.request_line_id] -= units
    return found


def _asked(
    lines: Sequence[Row], coming: dict[str, Decimal], wishes: Sequence[Values]
) -> dict[str, Decimal]:
    by_id, found = {line.id: line for line in lines}, {}
    for id, (field, wish) in steps.named(wishes, lines).items():
        name = f"{field}quantity"
        units = acting.quantity(by_id[id], wish["quantity"], name)
        if units > coming.get(id, ZERO):
            there = plain(coming.get(id, ZERO))
            text = f"{there} of the line are on their way."
            raise QuantityRefused(name, text, inTransit=there)
        found[id] = units
    return found
