"""The states of a replenishment record: units that are to be ordered for a location."""

from enum import StrEnum

from domain.documents import Machine, Step
from domain.permissions import Permission


class ReplenishmentStatus(StrEnum):
    """Where a replenishment record stands."""

    PENDING = "PENDING"
    """It waits for review; its units count as on order already."""

    APPROVED = "APPROVED"
    """It may be ordered."""

    ORDERED = "ORDERED"
    """It was ordered of the supplier, or became a transfer."""

    PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
    """Units of it have arrived, and others are expected."""

    RECEIVED = "RECEIVED"
    """All of it has arrived."""

    CLOSED_SHORT = "CLOSED_SHORT"
    """It was ended before all had arrived; nothing more is expected."""

    REJECTED = "REJECTED"
    """It is not to be ordered."""

    CANCELLED = "CANCELLED"
    """It was called off before anything had arrived."""


class ReplenishmentAction(StrEnum):
    """What can be done with a replenishment record."""

    EDIT = "EDIT"
    """Change how much is ordered, from where, or by when."""

    APPROVE = "APPROVE"
    """Let it be ordered."""

    REJECT = "REJECT"
    """Say that it is not to be ordered, and why."""

    ORDER = "ORDER"
    """Order it: of the supplier, or by a transfer from its source location."""

    RECEIVE = "RECEIVE"
    """Take in what the supplier has sent; the units are on hand from then on."""

    CLOSE = "CLOSE"
    """End it; what has not arrived is no longer expected."""

    CANCEL = "CANCEL"
    """Call it off."""


S, A = ReplenishmentStatus, ReplenishmentAction


def _step(action: ReplenishmentAction, sources: tuple[str, ...], *to: str) -> Step:
    return Step(action=action, sources=sources, to=to, needs=Permission.REPLENISHMENT_WRITE)


REPLENISHMENT = Machine(
    kind="REPLENISHMENT",
    prefix="REPL",
    states=ReplenishmentStatus,
    actions=ReplenishmentAction,
    initial=S.PENDING,
    final=(S.RECEIVED, S.CLOSED_SHORT, S.REJECTED, S.CANCELLED),
    steps=(
        _step(A.EDIT, (S.PENDING,), S.PENDING),
        _step(A.APPROVE, (S.PENDING,), S.APPROVED),
        _step(A.REJECT, (S.PENDING,), S.REJECTED),
        _step(A.ORDER, (S.APPROVED,), S.ORDERED),
        _step(A.RECEIVE, (S.ORDERED, S.PARTIALLY_RECEIVED), S.PARTIALLY_RECEIVED, S.RECEIVED),
        _step(A.CLOSE, (S.ORDERED, S.PARTIALLY_RECEIVED), S.CLOSED_SHORT),
        _step(A.CANCEL, (S.PENDING, S.APPROVED, S.ORDERED), S.CANCELLED),
    ),
)
