"""The severity of cells: their enum, and when they crossed from one to another."""

from datetime import datetime

import strawberry

from resolvers import kinds
from resolvers.fields import choices, output
from resolvers.lists import linked, listed
from resolvers.nodes import Shown
from resolvers.scalars import Quantity
from services.atp import Severity

choices(Severity)

__all__ = ["Severity"]


@output
class SeverityEvent(Shown):
    """What a channel can promise of a product from a location became scarce, or plenty again."""

    before: Severity
    """What it was told to be before."""

    after: Severity
    """What it is told to be since; OK again only a tenth, or a unit, above the threshold."""

    atp: Quantity
    """What the channel could promise when it was looked at."""

    threshold: Quantity
    """Up to where that was LOW."""

    crossed_at: datetime
    """When it was looked at, within seconds of the change."""

    channel_id: strawberry.Private[str]
    location_id: strawberry.Private[str]
    product_id: strawberry.Private[str]
    policy_id: strawberry.Private[str | None]

    @linked(kinds.CHANNEL)
    def channel(self) -> str | None:
        """The channel."""
        return self.channel_id

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """The location."""
        return self.location_id

    @linked(kinds.PRODUCT)
    def product(self) -> str | None:
        """The product."""
        return self.product_id

    @linked(kinds.CHANNEL_POLICY)
    def policy(self) -> str | None:
        """The most specific policy that held for it; absent where none did, or it is gone."""
        return self.policy_id


@output
class SeverityQueries:
    """Reads of crossings."""

    @listed(kinds.SEVERITY_EVENT)
    def severity_crossings(self) -> None:
        """Crossings of severity, the newest first: of one cell each begins where the last ended."""
