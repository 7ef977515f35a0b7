"""How replenishment is filtered and sorted, and the words that it uses."""

from enum import Enum

import strawberry

from domain.machines.replenishment import ReplenishmentStatus
from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateRange, DateTimeRange, Direction


class ReplenishmentMethod(Enum):
    """When and how much of a product is ordered at a location."""

    MIN_MAX = "MIN_MAX"
    """At the minimum or below, up to the maximum."""

    REORDER_POINT = "REORDER_POINT"
    """At the reorder point or below, up to the maximum, or to what a review period needs."""

    FIXED = "FIXED"
    """At the reorder point or below, in whole order quantities until above it."""

    EOQ = "EOQ"
    """At the reorder point or below, the economic order quantity."""

    DAYS_OF_COVER = "DAYS_OF_COVER"
    """Below what lead time and review period need, up to so many days more."""

    DEMAND_DATED = "DEMAND_DATED"
    """When what is promised, planned and expected by day brings the balance below the minimum in
    the lead time, up to the maximum."""


choices(ReplenishmentMethod)


class ReplenishmentPriority(Enum):
    """How urgent a suggestion is."""

    CRITICAL = "CRITICAL"
    """Nothing is available now."""

    HIGH = "HIGH"
    """What is available runs out before an order of today would arrive."""

    MEDIUM = "MEDIUM"
    """It is time to order."""

    LOW = "LOW"
    """Nothing needs to be done."""


choices(ReplenishmentPriority)


class ReplenishmentConfigOrderField(Enum):
    """What configurations can be sorted by."""

    ID = "id"
    """Their id."""

    SKU = "sku"
    """Their product's SKU and then their location's code, by bytes."""

    UPDATED_AT = "updated_at"
    """When they were last changed."""


choices(ReplenishmentConfigOrderField)


@input_
class ReplenishmentConfigOrder:
    """How configurations are sorted; the id decides between equals."""

    field: ReplenishmentConfigOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class ReplenishmentConfigFilter:
    """Which configurations are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    source_location_id_in: list[strawberry.ID] | None = None
    """Replenished from one of these locations."""

    method_in: list[ReplenishmentMethod] | None = None
    """By one of these methods."""

    abc_class_in: list[str] | None = None
    """Of one of these classes."""


class ReplenishmentOrderField(Enum):
    """What replenishment records can be sorted by."""

    ID = "id"
    """Their id."""

    CREATED_AT = "created_at"
    """When they were made."""

    NEEDED_BY = "needed_by"
    """When they are needed; those without a day count as the latest."""

    NUMBER = "number"
    """Their number."""

    UPDATED_AT = "updated_at"
    """When they last changed."""


choices(ReplenishmentOrderField)


@input_
class ReplenishmentOrder:
    """How replenishment records are sorted; the id decides between equals."""

    field: ReplenishmentOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class ReplenishmentFilter:
    """Which replenishment records are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    number_in: list[str] | None = None
    """One of these numbers."""

    status_in: list[ReplenishmentStatus] | None = None
    """In one of these states."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """For one of these locations."""

    source_location_id_in: list[strawberry.ID] | None = None
    """From one of these locations."""

    transfer_id_in: list[strawberry.ID] | None = None
    """That became one of these transfers."""

    search: str | None = None
    """Words that all must stand in the number or reference, in any case."""

    created_at: DateTimeRange | None = None
    """Made in this time."""

    needed_by: DateRange | None = None
    """Needed in these days."""
