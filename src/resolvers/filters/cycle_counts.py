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
