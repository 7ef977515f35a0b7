"""Takes the last step of a stock request back, by appending: both steps stay in its events."""

from typing import Any

from domain.actor import Actor
from domain.errors import InsufficientStock
from domain.machines.stock_requests import StockRequestAction, StockRequestStatus
from domain.quantities import plain
from domain.request_errors import RollbackBlocked
from models.requesting import delivery
from models.requesting import lines as statements
from models.session import Session
from services import checks, transfers
from services.documents import Advance
from services.requests import following, keeping, rules, steps
from services.requests.deciding import check_reason
from services.requests.steps import Change, Row

S, A = StockRequestStatus, StockRequestAction

# What the request forgets with the step: the moments and the people of it.
_FORGOTTEN: dict[str, tuple[str, ...]] = {
    S.SUBMITTED: ("submitted_at",),
    S.APPROVED: ("decided_at", "decided_by"),
    S.REJECTED: ("decided_at", "decided_by"),
    S.ALLOCATED: (),
}


async def roll_back(
    session: Session, actor: Actor, id: str, reason: str, comment: str | None
) -> Change:
    """Take the last step back: a submission, a decision, what was set aside, or what was sent.

    What was sent comes back into the buckets that it left and is set aside there again.

    Raises:
        NotFound: there is no such request.
        IllegalStep: its state has nothing to take back.
        ReasonRequired: no reason is told.
        Forbidden: the actor may not take that step back.
        RollbackBlocked: units of the last sending have arrived, or cannot be set aside again;
            `details.blockers` name them.
    """
    check_reason(reason)
    checks.notes({"comment": comment}, "comment")
    request = await steps.locked(session, id, A.ROLLBACK)
    rules.check_taking_back(request.status, request.created_by["id"], actor)
    if request.status == S.ISSUED:
        return await _sending(session, actor, request, reason.strip(), comment)
    touched = await keeping.give_free(session, request)
    if request.status == S.APPROVED:
        await session.run(statements.undecide(id))
    was, forgotten = request.status, dict.fromkeys(_FORGOTTEN[request.status])
    step = Advance(action=A.ROLLBACK, values=forgotten, comment=comment, reason=reason.strip())
    request = await steps.advance(session, actor.author, request, step)
    message = f"{request.number} is {request.status} again, no longer {was}."
    return await steps.shown(session, id, message, touched=touched)


async def _sending(
    session: Session, actor: Actor, request: Row, reason: str, comment: str | None
) -> Change:
    """Take the last sending back."""
    last = (await session.all(delivery.transfers_of(request.id)))[0]
    blockers = _blockers(last)
    if blockers:
        raise _blocked(blockers)
    wish = transfers.Cancellation(transfer_id=last.id, reason=reason, comment=comment)
    back = await transfers.cancel(session, actor.author, wish)
    step = Advance(
        action=A.ROLLBACK,
        comment=comment,
        reason=reason,
        posting_id=None if back.posting is None else back.posting.id,
    )
    try:
        request = await following.take_back(session, actor.author, request, last.id, step)
    except InsufficientStock as error:
        raise _blocked([{"code": "STOCK_NOT_FREE", **error.details}]) from error
    message = f"{request.number} is {request.status} again; {last.number} came back."
    return await steps.shown(
        session, request.id, message, touched=back.touched, transactions=back.entries
    )


def _blockers(last: Row) -> list[dict[str, Any]]:
    """What stands against taking a transfer back."""
    about = {"transferId": last.id, "transferNumber": last.number}
    if last.arrived:
        return [{"code": "UNITS_RECEIVED", "units": plain(last.arrived), **about}]
    if last.in_transit < last.sent:
        return [{"code": "NOT_IN_TRANSIT", "status": last.status, **about}]
    return []


def _blocked(blockers: list[dict[str, Any]]) -> RollbackBlocked:
    return RollbackBlocked("The last sending cannot be taken back.", details={"blockers": blockers})
