"""How stocklists are filtered and sorted, and the words that they use."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateRange, Direction


class StocklistType(Enum):
    """How a stocklist comes to the quantities that it suggests."""

    PULL = "PULL"
    """Up to its levels: the maximum less what is on hand where it is asked."""

    PUSH = "PUSH"
    """Its quantities each time, whatever is there."""


choices(StocklistType)


class StocklistState(Enum):
    """Where a stocklist is in its life."""

    DRAFT = "DRAFT"
    """It is being written."""

    PUBLISHED = "PUBLISHED"
    """It is in use: requests are made from it."""

    RETIRED = "RETIRED"
    """It is out of use."""


choices(StocklistState)


class StocklistOrderField(Enum):
    """What stocklists can be sorted by."""

    ID = "id"
    """Their id."""

    NAME = "name"
    """Their name."""

    NEXT_ON = "next_on"
    """The day on which they are due; those without one count as the latest."""

    CREATED_AT = "created_at"
    """When they were made."""

    UPDATED_AT = "updated_at"
    """When they last changed."""


choices(StocklistOrderField)


@input_
class StocklistOrder:
    """How stocklists are sorted; the id decides between equals."""

    field: StocklistOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class StocklistFilter:
    """Which stocklists are wanted; all conditions together."""

    search: str | None = None
    """Every word of this in their name."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    state_in: list[StocklistState] | None = None
    """In one of these states."""

    type_in: list[StocklistType] | None = None
    """Of one of these types."""

    requesting_location_id_in: list[strawberry.ID] | None = None
    """Of one of these locations that ask."""

    fulfilling_location_id_in: list[strawberry.ID] | None = None
    """Of one of these locations that send."""

    product_id_in: list[strawberry.ID] | None = None
    """With one of these products."""

    next_on: DateRange | None = None
    """Due between these days."""
