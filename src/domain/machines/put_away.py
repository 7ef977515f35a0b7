"""The states of a put-away task: goods that are to be brought from where they came in to bins."""

from enum import StrEnum

from domain.documents import Machine, Step
from domain.permissions import Permission


class PutAwayStatus(StrEnum):
    """Where a put-away task stands."""

    READY = "READY"
    """It waits for somebody; the room that it needs in its bins is kept for it."""

    IN_PROGRESS = "IN_PROGRESS"
    """Somebody is at it."""

    DONE = "DONE"
    """Its goods are where they belong, or were fewer than was thought."""

    CANCELLED = "CANCELLED"
    """It was called off; what was not put away stays where it is."""


class PutAwayAction(StrEnum):
    """What can be done with a put-away task."""

    START = "START"
    """Begin with it."""

    PICK = "PICK"
    """Say which lines were taken up; the books do not change before they are put down."""

    COMPLETE = "COMPLETE"
    """Say what was put where; the stock is in its new bins from then on."""

    SPLIT = "SPLIT"
    """Move lines, or a part of them, into a task of their own."""

    CANCEL = "CANCEL"
    """Call off what was not put away."""


S, A = PutAwayStatus, PutAwayAction
_OPEN = (S.READY, S.IN_PROGRESS)


def _step(action: PutAwayAction, sources: tuple[str, ...], *to: str) -> Step:
    return Step(action=action, sources=sources, to=to, needs=Permission.INVENTORY_WRITE)


PUT_AWAY = Machine(
    kind="PUT_AWAY",
    prefix="PUT",
    states=PutAwayStatus,
    actions=PutAwayAction,
    initial=S.READY,
    final=(S.DONE, S.CANCELLED),
    steps=(
        _step(A.START, (S.READY,), S.IN_PROGRESS),
        _step(A.PICK, _OPEN, S.IN_PROGRESS),
        _step(A.COMPLETE, _OPEN, S.IN_PROGRESS, S.DONE),
        _step(A.SPLIT, (S.READY,), S.READY),
        _step(A.SPLIT, (S.IN_PROGRESS,), S.IN_PROGRESS),
        _step(A.CANCEL, _OPEN, S.CANCELLED),
    ),
)
