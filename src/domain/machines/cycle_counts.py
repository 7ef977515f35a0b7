"""The states of a cycle count."""

from enum import StrEnum

from domain.documents import Machine, Step
from domain.permissions import Permission


class CycleCountStatus(StrEnum):
    """Where a count stands."""

    DRAFT = "DRAFT"
    """Its lines are there, and nobody is to count them yet."""

    ASSIGNED = "ASSIGNED"
    """Somebody is to count them."""

    COUNTING = "COUNTING"
    """It is being counted."""

    COUNTED = "COUNTED"
    """Every line has a number; it is still to be completed."""

    RECOUNT = "RECOUNT"
    """Lines are counted again, each by another person than before."""

    REVIEW = "REVIEW"
    """It is completed, and what was found is looked at."""

    POSTED = "POSTED"
    """Nothing is left to decide; what was accepted is in the ledger."""

    CANCELLED = "CANCELLED"
    """It was called off; what had been accepted before stays in the ledger."""


class CycleCountAction(StrEnum):
    """What can be done with a count."""

    EDIT = "EDIT"
    """Change its head."""

    ASSIGN = "ASSIGN"
    """Say who is to count, or that nobody is."""

    START = "START"
    """Begin to count."""

    SAVE = "SAVE"
    """Write down what was counted; as often as needed."""

    COMPLETE = "COMPLETE"
    """End the counting; lines that nobody counted are skipped."""

    REOPEN = "REOPEN"
    """Go back to counting."""

    RESOLVE = "RESOLVE"
    """Decide on lines: accept, count again, adjust to another number, or keep the book."""

    APPROVE = "APPROVE"
    """Approve large variances, as another than their counter."""

    CANCEL = "CANCEL"
    """Call it off."""


S, A = CycleCountStatus, CycleCountAction
_OPEN = (S.DRAFT, S.ASSIGNED, S.COUNTING, S.COUNTED, S.RECOUNT)


def _step(action: CycleCountAction, sources: tuple[str, ...], *to: str) -> Step:
    return Step(action=action, sources=sources, to=to, needs=Permission.INVENTORY_CYCLECOUNT)


CYCLE_COUNTS = Machine(
    kind="CYCLE_COUNT",
    prefix="COUNT",
    states=CycleCountStatus,
    actions=CycleCountAction,
    initial=S.DRAFT,
    final=(S.POSTED, S.CANCELLED),
    steps=(
        *(_step(A.EDIT, (state,), state) for state in (*_OPEN, S.REVIEW)),
        _step(A.ASSIGN, (S.DRAFT, S.ASSIGNED), S.ASSIGNED, S.DRAFT),
        *(_step(A.ASSIGN, (state,), state) for state in (S.COUNTING, S.COUNTED, S.RECOUNT)),
        _step(A.START, (S.DRAFT, S.ASSIGNED), S.COUNTING),
        _step(A.SAVE, (S.DRAFT, S.ASSIGNED, S.COUNTING, S.COUNTED), S.COUNTING, S.COUNTED),
        _step(A.SAVE, (S.RECOUNT,), S.RECOUNT, S.COUNTED),
        _step(A.COMPLETE, (S.COUNTING, S.COUNTED, S.RECOUNT), S.REVIEW, S.POSTED),
        _step(A.REOPEN, (S.REVIEW,), S.COUNTING),
        _step(A.RESOLVE, (S.REVIEW,), S.REVIEW, S.RECOUNT, S.POSTED),
        _step(A.APPROVE, (S.REVIEW,), S.REVIEW),
        _step(A.CANCEL, (*_OPEN, S.REVIEW), S.CANCELLED),
    ),
)
