"""The states of a transfer between locations, or between bins of one."""

from enum import StrEnum

from domain.documents import Machine, Step
from domain.permissions import Permission


class TransferStatus(StrEnum):
    """Where a transfer stands."""

    DRAFT = "DRAFT"
    """It is being written; nothing is promised."""

    SUBMITTED = "SUBMITTED"
    """It waits for approval."""

    APPROVED = "APPROVED"
    """Its units are reserved at the source and expected at the destination."""

    PICKED = "PICKED"
    """Somebody has taken units of it out of their bins; they are still on hand at the source."""

    IN_TRANSIT = "IN_TRANSIT"
    """Units have left the source, and none has been received."""

    PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
    """Units have been received, and others are in transit or still to be shipped."""

    RECEIVED = "RECEIVED"
    """All that it had to move has arrived, good or damaged."""

    CLOSED = "CLOSED"
    """It is done."""

    CLOSED_SHORT = "CLOSED_SHORT"
    """It was ended before all had arrived; what was missing is told by its lines."""

    CANCELLED = "CANCELLED"
    """It was called off before anything had arrived."""


class TransferAction(StrEnum):
    """What can be done with a transfer."""

    EDIT = "EDIT"
    """Change its head or its lines."""

    SUBMIT = "SUBMIT"
    """Ask for its approval."""

    APPROVE = "APPROVE"
    """Reserve its units, first where they expire first."""

    PICK = "PICK"
    """Say what was taken out of which bin and lot."""

    SHIP = "SHIP"
    """Send units on their way; between bins of one location they arrive at once."""

    RECEIVE = "RECEIVE"
    """Say what has arrived, good or damaged."""

    CLOSE = "CLOSE"
    """End it; what has not arrived is missing, and what was not shipped stays."""

    CANCEL = "CANCEL"
    """Call it off; what is in transit goes back, or is written off."""


S, A = TransferStatus, TransferAction
_WRITE = Permission.TRANSFERS_WRITE


def _step(action: TransferAction, sources: tuple[str, ...], *to: str) -> Step:
    return Step(action=action, sources=sources, to=to, needs=_WRITE)


TRANSFERS = Machine(
    kind="TRANSFER",
    prefix="XFER",
    states=TransferStatus,
    actions=TransferAction,
    initial=S.DRAFT,
    final=(S.CLOSED, S.CLOSED_SHORT, S.CANCELLED),
    steps=(
        _step(A.EDIT, (S.DRAFT,), S.DRAFT),
        _step(A.SUBMIT, (S.DRAFT,), S.SUBMITTED),
        _step(A.APPROVE, (S.SUBMITTED,), S.APPROVED),
        _step(A.PICK, (S.APPROVED, S.PICKED), S.PICKED),
        _step(A.SHIP, (S.APPROVED, S.PICKED), S.IN_TRANSIT, S.RECEIVED),
        _step(A.SHIP, (S.IN_TRANSIT,), S.IN_TRANSIT),
        _step(A.SHIP, (S.PARTIALLY_RECEIVED,), S.PARTIALLY_RECEIVED),
        _step(A.RECEIVE, (S.IN_TRANSIT, S.PARTIALLY_RECEIVED), S.PARTIALLY_RECEIVED, S.RECEIVED),
        _step(A.CLOSE, (S.RECEIVED,), S.CLOSED),
        _step(A.CLOSE, (S.IN_TRANSIT, S.PARTIALLY_RECEIVED), S.CLOSED_SHORT),
        _step(A.CANCEL, (S.DRAFT, S.SUBMITTED, S.APPROVED, S.PICKED, S.IN_TRANSIT), S.CANCELLED),
        _step(A.CANCEL, (S.PARTIALLY_RECEIVED,), S.CLOSED_SHORT),
    ),
)
