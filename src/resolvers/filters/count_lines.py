"""How lines of cycle counts are filtered and sorted, and the words that they use."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateTimeRange, Direction


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


class CountLineOrderField(Enum):
    """What lines of counts can be sorted by."""

    ID = "id"
    """Their id."""

    COUNTED_AT = "counted_at"
    """When they were counted; those that were not come last."""

    WALK = "walk"
    """Their count, and within it the way that is walked."""


choices(CountLineOrderField)


@input_
class CountLineOrder:
    """How lines are sorted; the id decides between equals."""

    field: CountLineOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class CountLineFilter:
    """Which lines are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    count_id_in: list[strawberry.ID] | None = None
    """Of one of these counts."""

    status_in: list[CountLineStatus] | None = None
    """In one of these states."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    bin_id_in: list[strawberry.ID] | None = None
    """In one of these bins."""

    lot_id_in: list[strawberry.ID] | None = None
    """Of one of these lots."""

    resolution_in: list[CountResolution] | None = None
    """Decided on in one of these ways."""

    within_tolerance: bool | None = None
    """Whether they are within tolerance; lines that were not judged never match."""

    counted_at: DateTimeRange | None = None
    """Counted between these moments."""
