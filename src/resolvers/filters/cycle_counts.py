"""How cycle counts and their lines are filtered and sorted, and the words that they use."""

from enum import Enum

import strawberry

from domain.machines.cycle_counts import CycleCountStatus
from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateRange, DateTimeRange, Direction


class CycleCountType(Enum):
    """How much a count covers."""

    FULL = "FULL"
    """All that is at a location."""

    PARTIAL = "PARTIAL"
    """Some products or bins of it."""

    SPOT_CHECK = "SPOT_CHECK"
    """A few, to see whether the book is right."""


choices(CycleCountType)


class CountLineStatus(Enum):
    """Where a line of a count stands. Who may only count sees PENDING, COUNTED and SKIPPED."""

    PENDING = "PENDING"
    """It is to be counted."""

    COUNTED = "COUNTED"
    """It has a number; once its count is completed, one beyond tolerance."""

    WITHIN_TOLERANCE = "WITHIN_TOLERANCE"
    """Its number is off by no more than it may be."""

    RECOUNT_REQUIRED = "RECOUNT_REQUIRED"
    """It is to be counted again, by another person."""

    RESOLVED = "RESOLVED"
    """It was decided on."""

    SKIPPED = "SKIPPED"
    """Nobody counted it before its count was completed."""


choices(CountLineStatus)


class CountResolution(Enum):
    """What is decided on a line of a count."""

    ACCEPT = "ACCEPT"
    """The book is made to have held what was counted."""

    RECOUNT = "RECOUNT"
    """Another person counts it again."""

    ADJUST_TO = "ADJUST_TO"
    """The book is made to have held a third number."""

    REJECT = "REJECT"
    """The book is kept."""


choices(CountResolution)


class CycleCountOrderField(Enum):
    """What counts can be sorted by."""

    ID = "id"
    """Their id."""

    CREATED_AT = "created_at"
    """When they were made."""

    COUNT_DATE = "count_date"
    """The day for which they are planned."""

    NUMBER = "number"
    """Their number."""


choices(CycleCountOrderField)


@input_
class CycleCountOrder:
    """How counts are sorted; the id decides between equals."""

    field: CycleCountOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class CycleCountFilter:
    """Which counts are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    number_in: list[str] | None = None
    """One of these numbers."""

    status_in: list[CycleCountStatus] | None = None
    """In one of these states."""

    type_in: list[CycleCountType] | None = None
    """Of one of these types."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    assigned_to_in: list[strawberry.ID] | None = None
    """Assigned to one of these keys or people."""

    product_id_in: list[strawberry.ID] | None = None
    """With a line of one of these products."""

    blind: bool | None = None
    """Whether they are blind."""

    search: str | None = None
    """Whose number or notes hold each of these words."""

    count_date: DateRange | None = None
    """Planned for these days."""

    created_at: DateTimeRange | None = None
    """Made between these moments."""
