"""Moves a stock request to a state that is named, where a single act leads there."""

from collections.abc import Sequence

from domain.actor import Author
from domain.errors import Invalid
from domain.machines.stock_requests import STOCK_REQUESTS, StockRequestStatus
from domain.request_errors import OtherOperation
from models.session import Session
from services.requests import allocating, ending, issuing, steps
from services.requests.steps import Change, Values

S = StockRequestStatus
_ENDPOINTS = {
    S.DRAFT: ("ROLLBACK", "rollback"),
    S.SUBMITTED: ("SUBMIT", "submit"),
    S.APPROVED: ("APPROVE", "approve"),
    S.REJECTED: ("REJECT", "reject"),
}
_WITH_LINES = {
    S.ALLOCATED: allocating.allocate,
    S.ISSUED: issuing.issue,
    S.RECEIVED: issuing.receive,
}
_WITHOUT = {S.CLOSED: ending.close, S.CANCELLED: ending.cancel}


async def change_status(
    session: Session,
    author: Author,
    id: str,
    status: str,
    lines: Sequence[Values] | None,
    comment: str | None,
) -> Change:
    """Set aside, send, receive, end or call off, by the name of the state that this leads to.

    Raises:
        NotFound: there is no such request.
        OtherOperation: another operation leads to that state; `details` name it.
        Invalid: lines are named where the whole request ends.
        IllegalStep and others: as of the act.
    """
    to = S(status)
    if to in _ENDPOINTS:
        request = await steps.locked(session, id, None)
        action, path = _ENDPOINTS[S.DRAFT if _is_back(request.status, to) else to]
        allowed = [str(step.action) for step in STOCK_REQUESTS.at(request.status)]
        raise OtherOperation(
            f"{to} is reached by POST /api/stock-requests/{{id}}/{path}.",
            field="status",
            details={
                "status": request.status,
                "action": action,
                "endpoint": f"POST /api/stock-requests/{id}/{path}",
                "allowedActions": allowed,
            },
        )
    if to in _WITH_LINES:
        return await _WITH_LINES[to](session, author, id, lines, comment)
    if lines is not None:
        raise Invalid("lines", f"{to} takes no lines.")
    return await _WITHOUT[to](session, author, id, comment)


def _is_back(status: str, to: str) -> bool:
    """Whether a state comes before another on the way of a request."""
    way = list(S)
    return way.index(S(to)) < way.index(S(status))
