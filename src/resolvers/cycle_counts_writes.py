"""Making counts, counting, and deciding on what was found."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers.cycle_counts import CycleCount
from resolvers.cycle_counts_inputs import (
    AdvanceCycleCountInput,
    ApproveCountLinesInput,
    AssignCycleCountInput,
    CommentCycleCountInput,
    CreateAbcCountInput,
    CreateCycleCountInput,
    CycleCountStepInput,
    ResolveCycleCountInput,
)
from resolvers.fields import given, output, plain
from resolvers.ledger import LedgerEntry
from resolvers.lists import Info
from resolvers.scalars import Position
from resolvers.stock_payloads import StockPreview
from resolvers.writes import Act, acts
from services import cycle_counts as service

_NEEDS = Permission.INVENTORY_CYCLECOUNT


@output
class CountRecommendation:
    """What to do with a line of a count that was completed."""

    line_id: strawberry.ID
    """The line."""

    action: str
    """`ACCEPT` or `RECOUNT`."""

    why: str
    """Why, in a sentence."""


@output
class CycleCountPayload:
    """A count as it stands after an act, and what the act has posted.

    Who may not read stock is told neither what to do nor what was posted, nor what it does to
    promises.
    """

    batch: CycleCount
    """The count."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which the act is seen."""

    outcome: strawberry.Private[Any]
    seen: strawberry.Private[Any]

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Any) -> "CycleCountPayload":
        """This outcome as the graph shows it."""
        return cls(
            batch=CycleCount.of_outcome(outcome),
            message=outcome.message,
            position=position,
            outcome=outcome,
            seen=seen,
        )

    @plain
    def recommendations(self, info: Info) -> list[CountRecommendation] | None:
        """What to do with each line on which it is to be decided."""
        if not _may_read(info):
            return None
        return [
            CountRecommendation(line_id=strawberry.ID(one.line_id), action=one.action, why=one.why)
            for one in self.outcome.recommendations
        ]

    @plain
    def entries(self, info: Info) -> list[LedgerEntry] | None:
        """What was posted, a bucket at a time."""
        if not _may_read(info):
            return None
        return [LedgerEntry.of(entry) for entry in self.outcome.entries]

    @plain
    def preview(self, info: Info) -> StockPreview | None:
        """What it would do to promises; only of a dry run."""
        if self.seen is None or not _may_read(info):
            return None
        return StockPreview.of(self.seen)


def _may_read(info: Info) -> bool:
    return Permission.INVENTORY_READ in info.context.actor.permissions


@output
class CycleCountMutations:
    """Writes of counts."""

    @acts(CreateCycleCountInput, CycleCountPayload, needs=_NEEDS, as_actor=True)
    def create_cycle_count(self, input: CreateCycleCountInput) -> Act:
        """Make a count with a line for each bucket, in the order in which they are walked."""
        return (service.create, _wish(given(input)))

    @acts(CreateAbcCountInput, CycleCountPayload, needs=_NEEDS, as_actor=True)
    def create_abc_count(self, input: CreateAbcCountInput) -> Act:
        """Make a count of the products of some classes that are due.

        More promised than there come first, then those never counted, the most overdue, then by
        class and rank.
        """
        values = given(input)
        classes = [one.value for one in values.pop("classes", None) or ()]
        is_due = values.pop("due_only", None)
        wish = service.AbcWish(
            classes=classes,
            due_only=True if is_due is None else is_due,
            max_items=values.pop("max_items", None),
            count=_wish(values),
        )
        return (service.create_by_class, wish)

    @acts(AdvanceCycleCountInput, CycleCountPayload, needs=_NEEDS, as_actor=True)
    def advance_cycle_count(self, input: AdvanceCycleCountInput) -> Act:
        """Start, save, complete, reopen or call off a count, or change its head.

        A count may be saved in several sittings. Counting needs no freeze: what is sold meanwhile
        is told apart by the moment at which each line was counted.
        """
        return (service.step, _step(input.batch_id, input.step))

    @acts(AssignCycleCountInput, CycleCountPayload, needs=_NEEDS, as_actor=True)
    def assign_cycle_count(self, input: AssignCycleCountInput) -> Act:
        """Say who is to count, or that nobody is."""
        values = given(input)
        step = service.Step(
            count_id=input.batch_id,
            values={"assigned_to": input.assigned_to},
            comment=values.get("comment"),
        )
        return (service.step, step)

    @acts(ResolveCycleCountInput, CycleCountPayload, needs=_NEEDS, as_actor=True)
    def resolve_cycle_count(self, input: ResolveCycleCountInput) -> Act:
        """Decide on what a completed count has found.

        Variances are posted as changes of now, each against the book as of the moment at which its
        line was counted. Without `inventory.read` only what is within tolerance can be accepted.
        """
        values = given(input)
        resolutions = [
            service.Resolution(**given(one) | {"action": one.action.value})
            for one in values.pop("resolutions", None) or ()
        ]
        rest = values.pop("accept_rest", None)
        wish = service.Resolve(
            count_id=values.pop("batch_id"),
            resolutions=resolutions,
            rest=None if rest is None else rest.value,
            **values,
        )
        return (service.resolve, wish)

    @acts(
        ApproveCountLinesInput,
        CycleCountPayload,
        needs=(_NEEDS, Permission.INVENTORY_READ),
        as_actor=True,
    )
    def approve_count_lines(self, input: ApproveCountLinesInput) -> Act:
        """Approve variances above the company's limit, as another than their counter."""
        values = given(input)
        return (service.approve, service.Approval(count_id=values.pop("batch_id"), **values))

    @acts(CommentCycleCountInput, CycleCountPayload, needs=_NEEDS, as_actor=True)
    def comment_cycle_count(self, input: CommentCycleCountInput) -> Act:
        """Say something about a count; its state does not change."""
        return (service.comment, service.Note(count_id=input.batch_id, comment=input.comment))


def _wish(values: dict[str, Any]) -> service.Wish:
    type_ = values.get("type")
    values |= {"type": "PARTIAL" if type_ is None else type_.value}
    values["empty"] = values.get("empty") or False
    return service.Wish(**values)


def _step(batch_id: str, input: CycleCountStepInput) -> service.Step:
    values = given(input)
    action = values.pop("action", None)
    lines = values.pop("lines", None) or ()
    return service.Step(
        count_id=batch_id,
        action=None if action is None else action.value,
        lines=[service.Counted(**given(line)) for line in lines],
        comment=values.pop("comment", None),
        expected_version=values.pop("expected_version", None),
        values=values,
    )
