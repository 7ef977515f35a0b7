"""Has stock requests follow the transfers that bring their units, whoever moves these on."""

from collections.abc import Sequence
from typing import Any

from domain.actor import Author
from domain.errors import InsufficientStock
from domain.machines.stock_requests import StockRequestAction, StockRequestStatus
from models.requesting import delivery
from models.session import Session
from services.documents import Advance
from services.requests import keeping, rules, steps
from services.requests.keeping import Share
from services.requests.steps import Row

S, A = StockRequestStatus, StockRequestAction


async def followed(session: Session, author: Author, use_case: Any, wish: Any) -> Any:
    """Move a transfer on, and the stock request that it belongs to after it.

    The request is locked before its transfer, as when it moves the transfer itself.

    Raises:
        NotFound and others: as of the use case.
    """
    origin = await session.one_or_none(delivery.transfer_of(wish.transfer_id))
    request = None
    if origin is not None and origin.origin_type == delivery.ORIGIN:
        request = await steps.locked(session, origin.origin_id, None)
    outcome = await use_case(session, author, wish)
    if request is not None and request.status == S.ISSUED:
        transfer = outcome.transfer
        came_back = transfer.status == "CANCELLED" and outcome.posting is not None
        if came_back:
            comment = f"{transfer.number} was cancelled."
            step = Advance(action=A.ROLLBACK, comment=comment)
            await take_back(session, author, request, transfer.id, step)
        else:
            await catch_up(session, author, request, f"{transfer.number} is {transfer.status}.")
    return outcome


async def catch_up(session: Session, author: Author, request: Row, comment: str | None) -> None:
    """Bring a locked request that is ISSUED up to what its transfers say has arrived or is lost."""
    before = await steps.lines_of(session, request)
    await session.run(delivery.follow(request.id))
    lines = await steps.lines_of(session, request)
    if _numbers(before) == _numbers(lines):
        return
    is_here = not any(line.issued > line.received + line.lost for line in lines)
    to = S.RECEIVED if is_here else S.ISSUED
    told = [
        {"lineId": line.id, "received": line.received, "lost": line.lost}
        for line in lines
        if line.issued
    ]
    step = Advance(action=A.RECEIVE, to=to, comment=comment, told={"lines": told})
    moments = ["received_at"] if is_here else []
    request = await steps.advance(session, author, request, step, *moments)
    if is_here and not any(line.allocated or rules.short_of(line) for line in lines):
        await steps.advance(session, author, request, Advance(action=A.CLOSE), "closed_at")


async def take_back(
    session: Session, author: Author, request: Row, transfer_id: str, step: Advance
) -> Row:
    """Set aside again what a transfer has brought back, and take the sending of it back.

    What cannot be set aside any more, since it is on hold or has expired, is on back order.
    """
    rows = await session.all(delivery.allocations_of(request.id))
    gone = [row for row in rows if row.transfer_id == transfer_id]
    await session.run(delivery.remove_allocations([row.id for row in gone]))
    await session.run(delivery.follow(request.id))
    shares = [
        Share(line_id=row.line_id, inventory_item_id=row.inventory_item_id, quantity=row.quantity)
        for row in gone
    ]
    try:
        async with session.attempt():
            await keeping.keep(session, request, shares)
    except InsufficientStock:
        if step.reason is not None:  # somebody takes it back on purpose, and is told
            raise
    lines = await steps.lines_of(session, request)
    values: dict[str, Any] = {} if any(line.issued for line in lines) else {"issued_at": None}
    return await steps.advance(
        session,
        author,
        request,
        Advance(
            action=step.action,
            to=_after(lines),
            values=values,
            comment=step.comment,
            reason=step.reason,
            posting_id=step.posting_id,
        ),
    )


def _after(lines: Sequence[Row]) -> str:
    """Where a request stands of which the last sending was taken back."""
    if not any(line.issued for line in lines):
        return S.ALLOCATED
    on_way = any(line.issued > line.received + line.lost for line in lines)
    return S.ISSUED if on_way else S.RECEIVED


def _numbers(lines: Sequence[Row]) -> list[Any]:
    return [(line.id, line.issued, line.received, line.lost) for line in lines]
