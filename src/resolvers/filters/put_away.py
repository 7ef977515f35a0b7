"""How put-away rules and tasks are filtered and sorted, and the words that they use."""

from enum import Enum

import strawberry

from domain.machines.put_away import PutAwayStatus
from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateTimeRange, Direction


class PutAwayStrategy(Enum):
    """How a bin is looked for."""

    FIXED = "FIXED"
    """The bin of the rule, or the one that the inventory level prefers."""

    LAST_USED = "LAST_USED"
    """The bin into which the product last came."""

    CONSOLIDATE = "CONSOLIDATE"
    """A bin with the same lot, else with the same product; the fullest first."""

    EMPTY_NEAREST = "EMPTY_NEAREST"
    """The first empty bin on the way of a picker."""

    STORAGE_CLASS = "STORAGE_CLASS"
    """The first bin of the product's storage class on that way that has room."""

    BULK_OVERFLOW = "BULK_OVERFLOW"
    """A bin of the type `REPLENISHMENT`, where stock lies in bulk."""


choices(PutAwayStrategy)


class PutAwayTaskOrderField(Enum):
    """What put-away tasks can be sorted by."""

    ID = "id"
    """Their id."""

    CREATED_AT = "created_at"
    """When they were made."""

    NUMBER = "number"
    """Their number."""

    UPDATED_AT = "updated_at"
    """When they last changed."""


choices(PutAwayTaskOrderField)


@input_
class PutAwayTaskOrder:
    """How put-away tasks are sorted; the id decides between equals."""

    field: PutAwayTaskOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class PutAwayTaskFilter:
    """Which put-away tasks are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    number_in: list[str] | None = None
    """One of these numbers."""

    status_in: list[PutAwayStatus] | None = None
    """In one of these states."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    product_id_in: list[strawberry.ID] | None = None
    """With a line of one of these products."""

    bin_id_in: list[strawberry.ID] | None = None
    """With a line that goes, or went, into one of these bins."""

    search: str | None = None
    """Words that all must stand in the number or reference, in any case."""

    created_at: DateTimeRange | None = None
    """Made in this time."""


class PutAwayRuleOrderField(Enum):
    """What put-away rules can be sorted by."""

    ID = "id"
    """Their id."""

    NAME = "name"
    """Their name."""

    PRIORITY = "priority"
    """Their priority."""

    CREATED_AT = "created_at"
    """When they were made."""


choices(PutAwayRuleOrderField)


@input_
class PutAwayRuleOrder:
    """How put-away rules are sorted; the id decides between equals."""

    field: PutAwayRuleOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class PutAwayRuleFilter:
    """Which put-away rules are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    location_id_in: list[strawberry.ID] | None = None
    """Of one of these locations."""

    product_id_in: list[strawberry.ID] | None = None
    """For one of these products."""

    category_id_in: list[strawberry.ID] | None = None
    """For one of these categories."""

    strategy_in: list[PutAwayStrategy] | None = None
    """With one of these strategies."""

    active: bool | None = None
    """In use, or not."""
