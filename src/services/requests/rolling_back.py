"""Takes the last step of a stock request back, by appending: both steps stay in its events."""

from domain.actor import Actor
from domain.machines.stock_requests import StockRequestAction, StockRequestStatus
from models.requesting import lines as statements
from models.session import Session
from services import checks
from services.documents import Advance
from services.requests import allocating, rules, steps
from services.requests.deciding import check_reason
from services.requests.steps import Change

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
    """Take the last step back: a submission, a decision, or what was set aside.

    Raises:
        NotFound: there is no such request.
        IllegalStep: its state has nothing to take back.
        ReasonRequired: no reason is told.
        Forbidden: the actor may not take that step back.
    """
    check_reason(reason)
    checks.notes({"comment": comment}, "comment")
    request = await steps.locked(session, id, A.ROLLBACK)
    rules.check_taking_back(request.status, request.created_by["id"], actor)
    touched = await allocating.release(session, request)
    if request.status == S.APPROVED:
        await session.run(statements.undecide(id))
    was, forgotten = request.status, dict.fromkeys(_FORGOTTEN[request.status])
    step = Advance(action=A.ROLLBACK, values=forgotten, comment=comment, reason=reason.strip())
    request = await steps.advance(session, actor.author, request, step)
    message = f"{request.number} is {request.status} again, no longer {was}."
    return await steps.shown(session, id, message, touched=touched)
