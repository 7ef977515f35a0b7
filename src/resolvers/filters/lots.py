"""How lots are filtered and sorted, and the states that they can be in."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateRange, Direction


class LotState(Enum):
    """What can be done with a lot; of several, the first of recalled, held, expired, expiring."""

    ACTIVE = "ACTIVE"
    """It is usable, and has no expiry date or one further away than the days of warning."""

    EXPIRING = "EXPIRING"
    """It is usable, and expires within the days of warning of its product or its tenant."""

    EXPIRED = "EXPIRED"
    """Its expiry date has passed, or it was marked as expired; nothing of it is promised."""

    HELD = "HELD"
    """A hold lies on it, everywhere or at some location."""

    RECALLED = "RECALLED"
    """It is called back, everywhere or at some location."""


choices(LotState)


class LotOrderField(Enum):
    """What lots can be sorted by."""

    ID = "id"
    """Their id."""

    NUMBER = "number"
    """Their number, by bytes."""

    EXPIRY_DATE = "expiry_date"
    """Their expiry date; those that do not expire count as the latest."""

    CREATED_AT = "created_at"
    """When they were made."""

    UPDATED_AT = "updated_at"
    """When they were last changed."""


choices(LotOrderField)


@input_
class LotOrder:
    """How lots are sorted; the id decides between equals."""

    field: LotOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class LotFilter:
    """Which lots are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the number, in any case and order."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    number_in: list[str] | None = None
    """One of these numbers."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    expiry_date: DateRange | None = None
    """Expiring between these days; lots that do not expire never match."""

    state_in: list[LotState] | None = None
    """In one of these states."""
