"""Totals of channels over many locations and products."""

from datetime import datetime

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.atp_inputs import ChannelSummaryFilter, channel_wish
from resolvers.fields import guarded, output, plain
from resolvers.kinds import ChannelRef
from resolvers.lists import Info, linked, thing
from resolvers.matrix_rows import prime
from resolvers.past import looks_back
from resolvers.scalars import Position, Quantity
from services import atp as service


@output
class ChannelLocationTotals:
    """What a channel can promise from one location, over all products."""

    totals: strawberry.Private[service.LocationTotals]

    atp: Quantity
    """Units that it can promise."""

    low_count: int
    """Products of which it can promise little."""

    critical_count: int
    """Products of which it can promise nothing."""

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.totals.location_id


@output
class ChannelTotals:
    """What a channel can promise, over all wished locations and products."""

    totals: strawberry.Private[service.ChannelTotals]

    total_atp: Quantity
    """Units that it can promise."""

    total_on_hand: Quantity
    """Units that are physically there for it."""

    total_reserved: Quantity
    """Units of those that are promised already."""

    total_available: Quantity
    """Units of those that are usable and promised to nobody."""

    on_order: Quantity
    """Units that are on their way to the locations."""

    product_count: int
    """Different products in the matrices of the locations."""

    ok_count: int
    """Cells that are OK."""

    low_count: int
    """Cells that are LOW."""

    critical_count: int
    """Cells that are CRITICAL."""

    @classmethod
    def of(cls, totals: service.ChannelTotals) -> "ChannelTotals":
        """These totals as the graph shows them."""
        return cls(
            totals=totals,
            total_atp=Quantity(totals.atp),
            total_on_hand=Quantity(totals.on_hand),
            total_reserved=Quantity(totals.reserved),
            total_available=Quantity(totals.available),
            on_order=Quantity(totals.on_order),
            product_count=totals.product_count,
            ok_count=totals.ok_count,
            low_count=totals.low_count,
            critical_count=totals.critical_count,
        )

    @plain
    def channel(self, info: Info) -> ChannelRef:
        """The channel."""
        prime(info, [service.channel_of(self.totals.channel)])
        return thing(info, kinds.CHANNEL, self.totals.channel.channel_id)  # type: ignore[no-any-return] # a Channel, of a reader for any kind

    @plain
    def locations(self) -> list[ChannelLocationTotals]:
        """The same for each location that lists a product, by location id."""
        return [
            ChannelLocationTotals(
                totals=totals,
                atp=Quantity(totals.atp),
                low_count=totals.low_count,
                critical_count=totals.critical_count,
            )
            for _, totals in sorted(self.totals.locations.items())
        ]


@output
class ChannelSummary:
    """The totals of every shown channel at one moment."""

    channels: list[ChannelTotals]
    """The shown channels, in the order of their columns."""

    as_of: datetime
    """The moment to which all of its numbers belong."""

    position: Position
    """The position up to which every write is seen in it."""


@output
class ChannelTotalsQueries:
    """Reads of totals."""

    @guarded(needs=Permission.INVENTORY_READ)
    @looks_back
    async def channel_summary(
        self, info: Info, filter: ChannelSummaryFilter | None = None
    ) -> ChannelSummary:
        """What each channel can promise in all, with how many cells are in each severity.

        Args:
            filter: Which channels, locations and products are counted.
        """
        found = await info.context.read(service.summarize, **channel_wish(filter))
        moment: service.Moment = await info.context.loaders.load(service.moments, 0)
        return ChannelSummary(
            channels=[ChannelTotals.of(totals) for totals in found],
            as_of=moment.now,
            position=Position(moment.position),
        )
