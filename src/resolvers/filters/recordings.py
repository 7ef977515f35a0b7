"""How recordings of stock are filtered and sorted."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateTimeRange, Direction


class StockRecordingOrderField(Enum):
    """What recordings can be sorted by."""

    CREATED_AT = "created_at"
    """When they were made."""


choices(StockRecordingOrderField)


@input_
class StockRecordingOrder:
    """How recordings are sorted; the id decides between equals."""

    field: StockRecordingOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class StockRecordingFilter:
    """Which recordings are wanted; all conditions together."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products, with others perhaps."""

    created_at: DateTimeRange | None = None
    """Made between these moments."""
