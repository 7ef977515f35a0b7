"""Ends stock requests: called off, or done."""

from domain.actor import Author
from domain.machines.stock_requests import StockRequestAction
from models.session import Session
from services import checks
from services.documents import Advance
from services.requests import keeping, steps
from services.requests.steps import Change

A = StockRequestAction


async def cancel(session: Session, author: Author, id: str, comment: str | None) -> Change:
    """Call a request off before anything was sent; what was set aside is free again.

    Raises:
        NotFound, IllegalStep: there is no such request, or it is too late.
    """
    return await _end(session, author, id, A.CANCEL, comment, "was cancelled")


async def close(session: Session, author: Author, id: str, comment: str | None) -> Change:
    """End a request of which all that was sent has arrived; its back orders end with it.

    Raises:
        NotFound, IllegalStep: there is no such request, or something is still on its way.
    """
    return await _end(session, author, id, A.CLOSE, comment, "is done")


async def _end(
    session: Session, author: Author, id: str, action: str, comment: str | None, done: str
) -> Change:
    checks.notes({"comment": comment}, "comment")
    request = await steps.locked(session, id, action)
    touched = await keeping.give_free(session, request)
    step = Advance(action=action, comment=comment)
    request = await steps.advance(session, author, request, step, "closed_at")
    return await steps.shown(session, id, f"{request.number} {done}.", touched=touched)
