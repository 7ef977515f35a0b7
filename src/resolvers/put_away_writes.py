"""Writes of put-away rules and tasks."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import given, input_, output
from resolvers.filters.put_away import PutAwayStrategy
from resolvers.put_away import PutAwayItemInput, PutAwayRule, PutAwayTask, wish_of
from resolvers.scalars import Position, Quantity
from resolvers.stock_payloads import StockChangePayload, StockPreview
from resolvers.writes import Act, acts, creates, deletes, updates
from services import put_away as service

_NEEDS = Permission.INVENTORY_WRITE


@input_
class CreatePutAwayRuleInput:
    """A rule to be made; what it names must be true of the goods that it is for."""

    name: str
    """Its name."""

    strategy: PutAwayStrategy
    """How a bin is looked for."""

    priority: int | None = strawberry.UNSET
    """Decides between rules that are as specific, from 0 to 1,000, the greatest first."""

    location_id: strawberry.ID | None = strawberry.UNSET
    """Only at this location."""

    product_id: strawberry.ID | None = strawberry.UNSET
    """Only for this product."""

    category_id: strawberry.ID | None = strawberry.UNSET
    """Only for products of this category and those below it."""

    storage_class: str | None = strawberry.UNSET
    """Only for products of this storage class."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin of a `FIXED` rule, at its location."""

    zone: str | None = strawberry.UNSET
    """Only bins of this zone are looked at."""

    active: bool | None = strawberry.UNSET
    """Whether it is in use; it is unless told."""


@input_
class UpdatePutAwayRuleInput:
    """What is to be changed of a rule; null clears what may be absent."""

    name: str | None = strawberry.UNSET
    """Its name."""

    strategy: PutAwayStrategy | None = strawberry.UNSET
    """How a bin is looked for."""

    priority: int | None = strawberry.UNSET
    """Decides between rules that are as specific, from 0 to 1,000, the greatest first."""

    location_id: strawberry.ID | None = strawberry.UNSET
    """Only at this location."""

    product_id: strawberry.ID | None = strawberry.UNSET
    """Only for this product."""

    category_id: strawberry.ID | None = strawberry.UNSET
    """Only for products of this category and those below it."""

    storage_class: str | None = strawberry.UNSET
    """Only for products of this storage class."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin of a `FIXED` rule, at its location."""

    zone: str | None = strawberry.UNSET
    """Only bins of this zone are looked at."""

    active: bool | None = strawberry.UNSET
    """Whether it is in use."""


@output
class PutAwayRulePayload:
    """A rule after a write, as it then stands."""

    put_away_rule: PutAwayRule
    """The rule."""

    position: Position
    """The first position at which the write is seen."""


@input_
class CreatePutAwayTaskInput:
    """Goods of a location that are to be put away."""

    location_id: strawberry.ID
    """The location in which they are."""

    items: list[PutAwayItemInput]
    """The goods, at most 500."""

    strategy: PutAwayStrategy | None = strawberry.UNSET
    """Look for bins in this way alone, in place of the rules."""

    reference: str | None = strawberry.UNSET
    """Your own name for it, in one line."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class PutAwayStepInput:
    """A task that is to be moved on."""

    task_id: strawberry.ID
    """The task."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class PickPutAwayTaskInput:
    """Lines of a task that were taken up."""

    task_id: strawberry.ID
    """The task."""

    line_ids: list[strawberry.ID] | None = strawberry.UNSET
    """The lines; all that are open when left out."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class PutAwayLineInput:
    """What was done with a line."""

    line_id: strawberry.ID
    """The line."""

    quantity: Quantity | None = strawberry.UNSET
    """How many base units; all of it when left out. With fewer the line is short."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin into which they were put; the suggested one when left out."""


@input_
class CompletePutAwayTaskInput:
    """What was put where."""

    task_id: strawberry.ID
    """The task."""

    lines: list[PutAwayLineInput] | None = strawberry.UNSET
    """The lines; all that are open, as suggested, when left out."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class PutAwaySplitLineInput:
    """A line, or a part of it, that gets into a task of its own."""

    line_id: strawberry.ID
    """The line."""

    quantity: Quantity | None = strawberry.UNSET
    """How many base units of it; all when left out."""


@input_
class SplitPutAwayTaskInput:
    """Lines that get into a task of their own."""

    task_id: strawberry.ID
    """The task."""

    lines: list[PutAwaySplitLineInput]
    """The lines; something must be left in the task."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class CommentPutAwayTaskInput:
    """Something to be said about a task."""

    task_id: strawberry.ID
    """The task."""

    comment: str
    """What is to be said."""


@output
class PutAwayTaskPayload:
    """A put-away task as it stands after an act."""

    task: PutAwayTask
    """The task."""

    change: StockChangePayload | None
    """What was moved, where something was."""

    split_task: PutAwayTask | None
    """The task that was split off."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Any) -> "PutAwayTaskPayload":
        """This outcome as the graph shows it."""
        change = outcome.change
        return cls(
            task=PutAwayTask.of_outcome(outcome),
            change=None if change is None else StockChangePayload.of(change, position, None),
            split_task=None if outcome.split is None else PutAwayTask.of(outcome.split),
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class PutAwayMutations:
    """Writes of put-away."""

    @creates(kinds.PUT_AWAY_RULE, CreatePutAwayRuleInput, PutAwayRulePayload, needs=_NEEDS)
    def create_put_away_rule(self, input: CreatePutAwayRuleInput) -> Act:
        """Make a rule that chooses bins."""
        return (service.create_rule, _rule(input))

    @updates(kinds.PUT_AWAY_RULE, UpdatePutAwayRuleInput, PutAwayRulePayload, needs=_NEEDS)
    def update_put_away_rule(
        self, id: str, input: UpdatePutAwayRuleInput, version: int | None
    ) -> Act:
        """Change a rule; tasks that it made suggestions for stay as they are."""
        return (service.update_rule, id, _rule(input), version)

    @deletes(kinds.PUT_AWAY_RULE, service.delete_rule, needs=_NEEDS)
    def delete_put_away_rule(self) -> None:
        """Delete a rule."""

    @acts(CreatePutAwayTaskInput, PutAwayTaskPayload, needs=_NEEDS)
    def create_put_away_task(self, input: CreatePutAwayTaskInput) -> Act:
        """Make a task with suggested bins, each with those that were passed over and why.

        Rooms are kept for it until it is done or cancelled. What is promised or in another task is
        refused with `INSUFFICIENT_STOCK`; held goods can be put away.
        """
        values = given(input)
        said = {name: values[name] for name in ("reference", "comment") if name in values}
        return (service.create, service.TaskWish(goods=wish_of(input), **said))

    @acts(PutAwayStepInput, PutAwayTaskPayload, needs=_NEEDS)
    def start_put_away_task(self, input: PutAwayStepInput) -> Act:
        """Begin with a task."""
        return (service.start, service.Act(**given(input)))

    @acts(PickPutAwayTaskInput, PutAwayTaskPayload, needs=_NEEDS)
    def pick_put_away_task(self, input: PickPutAwayTaskInput) -> Act:
        """Say which lines were taken up; the books do not change before they are put down."""
        values = given(input)
        line_ids = values.pop("line_ids", None)
        lines = None if line_ids is None else [service.LineAct(line_id=id) for id in line_ids]
        return (service.pick, service.Act(**values, lines=lines))

    @acts(CompletePutAwayTaskInput, PutAwayTaskPayload, needs=_NEEDS)
    def complete_put_away_task(self, input: CompletePutAwayTaskInput) -> Act:
        """Say what was put where; the stock is in its new bins from now on, held stock too.

        It is one posting of equal and opposite entries, and holds follow their units. A bin that
        was not suggested is refused with `BIN_UNFIT` where it is not right for the goods.
        """
        return (service.complete, _act(input))

    @acts(SplitPutAwayTaskInput, PutAwayTaskPayload, needs=_NEEDS)
    def split_put_away_task(self, input: SplitPutAwayTaskInput) -> Act:
        """Move lines, or a part of them, into a task of their own."""
        return (service.split, _act(input))

    @acts(PutAwayStepInput, PutAwayTaskPayload, needs=_NEEDS)
    def cancel_put_away_task(self, input: PutAwayStepInput) -> Act:
        """Call off what was not put away; it stays where it is."""
        return (service.cancel, service.Act(**given(input)))

    @acts(CommentPutAwayTaskInput, PutAwayTaskPayload, needs=_NEEDS)
    def comment_put_away_task(self, input: CommentPutAwayTaskInput) -> Act:
        """Say something about a task; its state does not change."""
        return (service.comment, service.Act(**given(input)))


def _rule(input: Any) -> dict[str, Any]:
    values = given(input)
    if values.get("strategy") is not None:
        values["strategy"] = values["strategy"].value
    return values


def _act(input: Any) -> service.Act:
    values = given(input)
    lines = values.pop("lines", None)
    acts = None if lines is None else [service.LineAct(**given(line)) for line in lines]
    return service.Act(**values, lines=acts)
