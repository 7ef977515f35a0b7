"""How crossings of severity are filtered and sorted."""

from datetime import datetime
from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateTimeRange, Direction
from services.atp import Severity


class SeverityEventOrderField(Enum):
    """What crossings can be sorted by."""

    CROSSED_AT = "crossed_at"
    """When they were told."""


choices(SeverityEventOrderField)


@input_
class SeverityEventOrder:
    """How crossings are sorted; the id decides between equals."""

    field: SeverityEventOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class SeverityEventFilter:
    """Which crossings are wanted; all conditions together."""

    since: datetime | None = None
    """From this moment on."""

    channel_id_in: list[strawberry.ID] | None = None
    """Of one of these channels."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    after_in: list[Severity] | None = None
    """To one of these severities."""

    crossed_at: DateTimeRange | None = None
    """In this range, ends included."""
