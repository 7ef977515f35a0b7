"""How stock that has expired or expires soon is filtered, and how it stands."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_


class ExpiryStatus(Enum):
    """How it stands with the expiry of an item."""

    EXPIRED = "EXPIRED"
    """Its lot's expiry date has passed."""

    EXPIRING = "EXPIRING"
    """It is usable, and expires within the days that were asked for."""

    MARKED = "MARKED"
    """It, or its lot, was marked as expired, whatever the date."""


choices(ExpiryStatus)


@input_
class ExpiredStockFilter:
    """Which expired stock is wanted; all conditions together."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    lot_id_in: list[strawberry.ID] | None = None
    """Of one of these lots."""

    within_days: int | None = None
    """Also what expires within so many days; 0 is what expires today."""
