"""What follows from a request and its lines alone: how far they are, what may be taken back."""

from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.actor import Actor
from domain.errors import Forbidden
from domain.machines.stock_requests import STOCK_REQUESTS, StockRequestAction, StockRequestStatus
from domain.permissions import Permission
from domain.quantities import ZERO

S, A = StockRequestStatus, StockRequestAction
_FULFILLING = (S.ALLOCATED, S.ISSUED, S.RECEIVED)


class LineStatus(StrEnum):
    """How far a line of a stock request is."""

    PENDING = "PENDING"
    """Nobody has decided on it."""

    REFUSED = "REFUSED"
    """Nothing of it was approved."""

    APPROVED = "APPROVED"
    """It is to be sent."""

    ALLOCATED = "ALLOCATED"
    """All of it that was not sent yet is set aside."""

    BACKORDERED = "BACKORDERED"
    """Some of it could not be met so far, and can still follow."""

    ISSUED = "ISSUED"
    """All of it was sent."""

    RECEIVED = "RECEIVED"
    """All of it has arrived, or is lost."""

    SHORT = "SHORT"
    """The request was ended before all of it was sent."""

    CANCELLED = "CANCELLED"
    """The request was rejected or cancelled."""


def short_of(line: Any) -> Decimal:
    """Units that were approved and are neither set aside nor sent."""
    approved: Decimal = line.approved or ZERO
    missing: Decimal = approved - line.allocated - line.issued
    return max(ZERO, missing)


def line_status(line: Any) -> LineStatus:
    """How far a line is; its row names the `request_status`."""
    at = line.request_status
    if at in (S.REJECTED, S.CANCELLED):
        return LineStatus.CANCELLED
    if not line.approved:
        return LineStatus.PENDING if line.approved is None else LineStatus.REFUSED
    return _fulfilled(line, at)


def _fulfilled(line: Any, at: str) -> LineStatus:
    if at not in _FULFILLING and at != S.CLOSED:
        return LineStatus.APPROVED
    if short_of(line):
        return LineStatus.SHORT if at == S.CLOSED else LineStatus.BACKORDERED
    if line.allocated:
        return LineStatus.ALLOCATED
    is_here = line.received + line.lost >= line.issued
    return LineStatus.RECEIVED if is_here else LineStatus.ISSUED


def back_ordered(line: Any) -> Decimal:
    """Units that can still follow, once it was tried to set the line aside."""
    return short_of(line) if line.request_status in (*_FULFILLING, S.CLOSED) else ZERO


def is_own(request: Any, key_id: str) -> bool:
    """Whether this key has made the request."""
    return bool(request.created_by_id == key_id)


def allowed_actions(request: Any, actor: Actor) -> list[str]:
    """What this actor may do with a request as it stands, in the order of the table."""
    taken = STOCK_REQUESTS.allowed(request.status, actor)
    if is_own(request, actor.key_id) and not request.may_decide_own:
        taken = [action for action in taken if action not in (A.APPROVE, A.REJECT)]
    if not _may_take_back(request.status, request.created_by_id, actor):
        taken = [action for action in taken if action != A.ROLLBACK]
    return taken


def check_taking_back(status: str, requester_id: str, actor: Actor) -> None:
    """Refuse an actor who may not take the last step back.

    What was submitted goes back to who made it; a decision is taken back by an approver or by who
    made the request; administrators may both. What stock has to do with, any writer takes back.

    Raises:
        Forbidden: naming a permission with which it could be done.
    """
    if not _may_take_back(status, requester_id, actor):
        missing = _OVERRIDES[status]
        raise Forbidden(required=sorted(missing))


_OVERRIDES: dict[str, Collection[Permission]] = {
    S.SUBMITTED: (Permission.ADMIN_SETTINGS,),
    S.APPROVED: (Permission.STOCKREQUESTS_APPROVE,),
    S.REJECTED: (Permission.STOCKREQUESTS_APPROVE,),
}


def _may_take_back(status: str, requester_id: str, actor: Actor) -> bool:
    if status not in _OVERRIDES or requester_id == actor.key_id:
        return True
    held = {*_OVERRIDES[status], Permission.ADMIN_SETTINGS} & actor.permissions
    return bool(held)
