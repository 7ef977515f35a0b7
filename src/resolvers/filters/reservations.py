"""How reservations are filtered and sorted, and the words that they use."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateTimeRange, Direction


class ReservationState(Enum):
    """Where a reservation is in its life."""

    ACTIVE = "ACTIVE"
    """Something of it is open."""

    CONSUMED = "CONSUMED"
    """All of it is resolved, and units of it were handed out."""

    RELEASED = "RELEASED"
    """All of it is resolved, none was handed out, and somebody gave units back."""

    EXPIRED = "EXPIRED"
    """The moment at which it was to end has come."""


choices(ReservationState)


class ReservationKind(Enum):
    """How a reservation ends."""

    SOFT = "SOFT"
    """By the clock; its units stand on no bucket."""

    HARD = "HARD"
    """When it is consumed or released; its units stand on buckets."""


choices(ReservationKind)


class ReservationOrderField(Enum):
    """What reservations can be sorted by."""

    ID = "id"
    """Their id."""

    CREATED_AT = "created_at"
    """When they were made."""

    EXPIRES_AT = "expires_at"
    """When they end; those without an end count as the latest."""

    UPDATED_AT = "updated_at"
    """When they last changed."""


choices(ReservationOrderField)


@input_
class ReservationOrder:
    """How reservations are sorted; the id decides between equals."""

    field: ReservationOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class ReservationFilter:
    """Which reservations are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """With one of these ids."""

    state_in: list[ReservationState] | None = None
    """In one of these states, at this moment."""

    kind_in: list[ReservationKind] | None = None
    """Of one of these kinds."""

    channel_id_in: list[strawberry.ID] | None = None
    """Promised by one of these channels."""

    reference_in: list[str] | None = None
    """With one of these references, such as an order's number."""

    product_id_in: list[strawberry.ID] | None = None
    """With a line of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """With a line at one of these locations."""

    created_at: DateTimeRange | None = None
    """Made in this range, ends included."""

    expires_at: DateTimeRange | None = None
    """Ending in this range, ends included."""
