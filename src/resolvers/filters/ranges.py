"""What filters and orders of several areas are made of."""

from datetime import date, datetime
from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.scalars import Quantity


class Direction(Enum):
    """Which end of an order comes first; what is absent counts as the greatest."""

    ASC = "ASC"
    """The least first."""

    DESC = "DESC"
    """The greatest first."""


choices(Direction)


@input_
class DateRange:
    """Days from one to another, both included; an end that is left out is open."""

    from_: date | None = strawberry.field(name="from", default=None)
    """The first day."""

    to: date | None = None
    """The last day."""


@input_
class DateTimeRange:
    """Moments from one to another, both included; an end that is left out is open."""

    from_: datetime | None = strawberry.field(name="from", default=None)
    """The first moment."""

    to: datetime | None = None
    """The last moment."""


@input_
class QuantityRange:
    """Quantities from one to another, both included; an end that is left out is open."""

    from_: Quantity | None = strawberry.field(name="from", default=None)
    """The least quantity."""

    to: Quantity | None = None
    """The greatest quantity."""
