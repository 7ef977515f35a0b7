"""How counts are made, counted and decided on."""

from datetime import date, datetime
from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.abc import AbcClass
from resolvers.filters.count_lines import CountResolution
from resolvers.filters.cycle_counts import CycleCountType
from resolvers.scalars import Quantity


class CycleCountStep(Enum):
    """What is to be done with a count that is under way."""

    START = "START"
    """Begin to count."""

    SAVE = "SAVE"
    """Write numbers down; counting goes on."""

    COMPLETE = "COMPLETE"
    """End the counting; lines that nobody counted are skipped."""

    CANCEL = "CANCEL"
    """Call it off."""

    REOPEN = "REOPEN"
    """Go back to counting."""


choices(CycleCountStep)


class CountRest(Enum):
    """Which lines that nobody named are accepted as well."""

    WITHIN_TOLERANCE = "WITHIN_TOLERANCE"
    """Those that are off by no more than they may be."""

    ALL = "ALL"
    """All that can be posted."""


choices(CountRest)


@input_
class CreateCycleCountInput:
    """A count of a location, or of some products or bins of it."""

    location_id: strawberry.ID
    """Where."""

    type: CycleCountType
    """How much it covers; other than FULL names products or bins."""

    product_ids: list[strawberry.ID] | None = strawberry.UNSET
    """These products only; each gets a line even where nothing of it is there."""

    bin_ids: list[strawberry.ID] | None = strawberry.UNSET
    """These bins only."""

    count_date: date | None = strawberry.UNSET
    """The day for which it is planned; today when left out."""

    blind: bool | None = strawberry.UNSET
    """Whether those who count are not told what is expected; as the settings say when left out."""

    assigned_to: strawberry.ID | None = strawberry.UNSET
    """Who is to count: the id of a key, or a name of their own."""

    auto_adjust: bool | None = strawberry.UNSET
    """Whether what is within tolerance is posted when it is completed; as the settings say when
    left out."""

    notes: str | None = strawberry.UNSET
    """What is to be known about it."""

    empty: bool | None = strawberry.UNSET
    """Whether buckets that the book says are empty are counted as well."""


@input_
class CreateAbcCountInput:
    """A count of products by their class, those first that need it most."""

    location_id: strawberry.ID
    """Where."""

    classes: list[AbcClass] | None = strawberry.UNSET
    """Of these classes; of all when left out."""

    due_only: bool | None = strawberry.UNSET
    """Whether only products are counted that are due by today; true when left out."""

    max_items: int | None = strawberry.UNSET
    """At most so many products, from 1 to 2,000."""

    type: CycleCountType | None = strawberry.UNSET
    """What it is called; PARTIAL when left out."""

    bin_ids: list[strawberry.ID] | None = strawberry.UNSET
    """In these bins only."""

    count_date: date | None = strawberry.UNSET
    """The day for which it is planned; today when left out."""

    blind: bool | None = strawberry.UNSET
    """Whether those who count are not told what is expected; as the settings say when left out."""

    assigned_to: strawberry.ID | None = strawberry.UNSET
    """Who is to count: the id of a key, or a name of their own."""

    auto_adjust: bool | None = strawberry.UNSET
    """Whether what is within tolerance is posted when it is completed; as the settings say when
    left out."""

    notes: str | None = strawberry.UNSET
    """What is to be known about it."""

    empty: bool | None = strawberry.UNSET
    """Whether buckets that the book says are empty are counted as well."""


@input_
class CountedInput:
    """A number for a line, or for stock found where none was expected."""

    counted_qty: Quantity
    """How many base units are there; 0 for none."""

    line_id: strawberry.ID | None = strawberry.UNSET
    """The line. Give it, or name the bucket."""

    inventory_item_id: strawberry.ID | None = strawberry.UNSET
    """The inventory item; a line is added where the count has none for it."""

    product_id: strawberry.ID | None = strawberry.UNSET
    """The product of stock that has no line."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin in which it was found."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """The lot that it is of."""

    lot_number: str | None = strawberry.UNSET
    """The number of its lot; one that is new to the product makes a lot."""

    counted_at: datetime | None = strawberry.UNSET
    """When somebody looked; now when left out. More than a minute ahead is refused."""

    notes: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class CycleCountStepInput:
    """A step of a count, numbers, or what is to be changed of its head."""

    action: CycleCountStep | None = strawberry.UNSET
    """The step; numbers are saved, and the head is changed, without one."""

    lines: list[CountedInput] | None = strawberry.UNSET
    """What was counted; with COMPLETE it is saved first. At most 10,000."""

    count_date: date | None = strawberry.UNSET
    """The day for which it is planned."""

    blind: bool | None = strawberry.UNSET
    """Whether those who count are not told what is expected; needs `inventory.read`."""

    assigned_to: strawberry.ID | None = strawberry.UNSET
    """Who is to count: the id of a key, or a name of their own; null for nobody."""

    auto_adjust: bool | None = strawberry.UNSET
    """Whether what is within tolerance is posted when it is completed; needs `inventory.read`."""

    notes: str | None = strawberry.UNSET
    """What is to be known about it."""

    comment: str | None = strawberry.UNSET
    """What is to be said with the step."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class AdvanceCycleCountInput:
    """A count that is to be moved on."""

    batch_id: strawberry.ID
    """The count."""

    step: CycleCountStepInput
    """What is to be done with it."""


@input_
class AssignCycleCountInput:
    """Who is to count."""

    batch_id: strawberry.ID
    """The count."""

    assigned_to: strawberry.ID | None
    """The id of a key, or a name of their own; null for nobody."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class ResolutionInput:
    """What is decided on a line."""

    line_id: strawberry.ID
    """The line."""

    action: CountResolution
    """The decision."""

    quantity: Quantity | None = strawberry.UNSET
    """With ADJUST_TO: what was there when it was counted."""

    reason_code_id: strawberry.ID | None = strawberry.UNSET
    """Why, by the id of a reason code; the reason COUNT when left out."""

    reason_code: str | None = strawberry.UNSET
    """Why, by the code of a reason."""

    root_cause: str | None = strawberry.UNSET
    """What it comes of, where a large decrease needs that; the comment when left out."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class ResolveCycleCountInput:
    """Decisions on what a count has found; all of them or none."""

    batch_id: strawberry.ID
    """The count."""

    resolutions: list[ResolutionInput] | None = strawberry.UNSET
    """Decisions on lines, each line once."""

    accept_rest: CountRest | None = strawberry.UNSET
    """Which lines that nobody named are accepted as well. Lines without a variance are, with the
    last decision."""

    comment: str | None = strawberry.UNSET
    """What is to be said about all of it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class ApproveCountLinesInput:
    """Lines whose variance is approved."""

    batch_id: strawberry.ID
    """The count."""

    line_ids: list[strawberry.ID]
    """The lines."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class CommentCycleCountInput:
    """Something to be said about a count."""

    batch_id: strawberry.ID
    """The count."""

    comment: str
    """What is to be said."""
