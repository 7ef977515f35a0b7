"""The states of a stock request: what one location asks of another."""

from enum import StrEnum

from domain.documents import Machine, Step
from domain.permissions import Permission


class StockRequestStatus(StrEnum):
    """Where a stock request stands. Its lines tell what of each product has got how far."""

    DRAFT = "DRAFT"
    """It is being written."""

    SUBMITTED = "SUBMITTED"
    """It waits for a decision."""

    APPROVED = "APPROVED"
    """It is to be fulfilled."""

    ALLOCATED = "ALLOCATED"
    """Units are set aside for it where it is fulfilled."""

    ISSUED = "ISSUED"
    """Units have been sent."""

    RECEIVED = "RECEIVED"
    """All that was sent has arrived or is lost; what could not be met can still follow."""

    CLOSED = "CLOSED"
    """It is done; what could not be met does not follow any more."""

    REJECTED = "REJECTED"
    """It was refused, for a reason."""

    CANCELLED = "CANCELLED"
    """It was called off before anything was sent."""


class StockRequestAction(StrEnum):
    """What can be done with a stock request."""

    EDIT = "EDIT"
    """Change its head or its lines, or delete it."""

    SUBMIT = "SUBMIT"
    """Ask for a decision; where none is needed, it is approved at once."""

    APPROVE = "APPROVE"
    """Say what is to be sent: of each line all, less, or another product."""

    REJECT = "REJECT"
    """Refuse it, for a reason."""

    ALLOCATE = "ALLOCATE"
    """Set units aside, what expires first; what is not there stays on back order."""

    ISSUE = "ISSUE"
    """Send what is set aside, with a transfer."""

    RECEIVE = "RECEIVE"
    """Say what has arrived."""

    CLOSE = "CLOSE"
    """End it; back orders end with it."""

    CANCEL = "CANCEL"
    """Call it off; what was set aside is free again."""

    ROLLBACK = "ROLLBACK"
    """Take the last step back, for a reason; both steps stay in its events."""


S, A = StockRequestStatus, StockRequestAction
_WRITE, _APPROVE = Permission.STOCKREQUESTS_WRITE, Permission.STOCKREQUESTS_APPROVE


def _step(action: StockRequestAction, sources: tuple[str, ...], *to: str) -> Step:
    needs = _APPROVE if action in (A.APPROVE, A.REJECT) else _WRITE
    return Step(action=action, sources=sources, to=to, needs=needs)


STOCK_REQUESTS = Machine(
    kind="STOCK_REQUEST",
    prefix="REQ",
    states=StockRequestStatus,
    actions=StockRequestAction,
    initial=S.DRAFT,
    final=(S.CLOSED, S.CANCELLED),
    steps=(
        _step(A.EDIT, (S.DRAFT,), S.DRAFT),
        _step(A.SUBMIT, (S.DRAFT,), S.SUBMITTED),
        _step(A.APPROVE, (S.SUBMITTED,), S.APPROVED),
        _step(A.REJECT, (S.SUBMITTED,), S.REJECTED),
        _step(A.ALLOCATE, (S.APPROVED, S.ALLOCATED), S.ALLOCATED),
        _step(A.ALLOCATE, (S.ISSUED,), S.ISSUED),
        _step(A.ALLOCATE, (S.RECEIVED,), S.RECEIVED),
        _step(A.ISSUE, (S.ALLOCATED, S.ISSUED, S.RECEIVED), S.ISSUED),
        _step(A.RECEIVE, (S.ISSUED,), S.ISSUED, S.RECEIVED),
        _step(A.CLOSE, (S.RECEIVED,), S.CLOSED),
        _step(A.CANCEL, (S.DRAFT, S.SUBMITTED, S.APPROVED, S.ALLOCATED), S.CANCELLED),
        _step(A.ROLLBACK, (S.SUBMITTED,), S.DRAFT),
        _step(A.ROLLBACK, (S.APPROVED, S.REJECTED), S.SUBMITTED),
        _step(A.ROLLBACK, (S.ALLOCATED,), S.APPROVED),
        _step(A.ROLLBACK, (S.ISSUED,), S.ALLOCATED, S.ISSUED, S.RECEIVED),
    ),
)
