"""Sales channels, the policies that shape their promises, and quotas set aside for them."""

from datetime import datetime
from enum import Enum

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.atp_cells import AtpCell
from resolvers.atp_inputs import MatrixFilter, MatrixOrder, matrix_wish
from resolvers.fields import choices, guarded, output
from resolvers.kinds import ChannelPolicyRef, ChannelQuotaRef, ChannelRef
from resolvers.lists import Info, linked, listed, load
from resolvers.matrix_rows import channel_cells, require_location
from resolvers.nodes import Node
from resolvers.pages import Connection, Window
from resolvers.scalars import Cursor, Quantity
from services.atp import Mode

_READ = Permission.INVENTORY_READ


class Tier(Enum):
    """How early a channel is served when less is there than was set aside."""

    HIGH = "HIGH"
    """First."""

    MEDIUM = "MEDIUM"
    """After HIGH; the default."""

    LOW = "LOW"
    """Last."""


choices(Tier, "ChannelTier")


@output
class Channel(Node):
    """A way in which stock is sold or given out, such as a shop. Its id is its code."""

    name: str
    """Its name."""

    type: str
    """What kind of channel it is, such as `E_COMMERCE` or `WHOLESALE`."""

    position: int
    """Where its column stands in a matrix; the lowest first."""

    active: bool
    """Whether it has cells in matrices."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""

    @listed(kinds.CHANNEL_POLICY, "channel_id")
    def policies(self) -> str:
        """Its policies."""
        return self.id

    @listed(kinds.CHANNEL_QUOTA, "channel_id")
    def quotas(self) -> str:
        """What is set aside for it."""
        return self.id

    @listed(kinds.RESERVATION, "channel_id")
    def reservations(self) -> str:
        """What it has promised to orders."""
        return self.id

    @guarded(needs=_READ)
    async def atp(  # noqa: PLR0913, PLR0917 - the arguments of every connection
        self,
        info: Info,
        location_id: strawberry.ID,
        filter: MatrixFilter | None = None,
        order_by: MatrixOrder | None = None,
        first: int | None = None,
        after: Cursor | None = None,
        last: int | None = None,
        before: Cursor | None = None,
        page: int | None = None,
    ) -> Connection[AtpCell]:
        """What it can promise of each product from one location; nothing while it is not active.

        Args:
            location_id: The location; `NOT_FOUND` when there is none with this id.
            filter: Which products are wanted; `channelIn` is not read.
            order_by: How the products are sorted; by SKU unless told.
            first: How many rows from the start or after a cursor; 20 unless told, at most 200.
            after: Only rows after this cursor.
            last: How many rows from the end or before a cursor, at most 200.
            before: Only rows before this cursor.
            page: The number of a page of `first` rows, from 1, in place of a cursor.
        """
        await require_location(info, location_id)
        window = Window(first=first, after=after, last=last, before=before, page=page)
        wish = matrix_wish(filter, order_by, (self.id,))
        return channel_cells(info, self.id, location_id, wish, window)


@output
class ChannelPolicy(Node):
    """What a channel may promise of some products at some locations.

    The most specific policy that matches a product at a location goes first; a field that it
    leaves empty falls to the next, and at last to the default.
    """

    name: str | None
    """What it is called."""

    description: str | None
    """What it is for."""

    mode: Mode | None
    """How the channel takes part in the stock; SHARED when no policy says."""

    tier: Tier | None
    """How early the channel is served; MEDIUM when no policy says."""

    priority: int | None
    """Between policies that are equally specific, and channels of one tier: the highest first."""

    share: Quantity | None
    """The part of the stock that is shared, 0 to 1; for mode SHARE."""

    cap: Quantity | None
    """The most that may be promised at a time; for mode CAP."""

    spill_over: bool | None
    """Whether free stock may be sold when the quota is used up; for mode FENCED."""

    minimum_stock: Quantity | None
    """Units that are never promised; added to the safety and reserve stock."""

    safety_stock: Quantity | None
    """Units kept against surprises; added to the minimum and reserve stock."""

    reserve_stock: Quantity | None
    """Units kept for other uses; added to the minimum and safety stock."""

    buffer: Quantity | None
    """Units taken off the promise against counts that are late or wrong."""

    backorder_limit: Quantity | None
    """How far below zero the channel may promise."""

    include_inbound: bool | None
    """Whether promises that name no day count what is expected within the horizon; when false, not
    even promises for a later day do."""

    inbound_horizon_days: int | None
    """Within how many days what is expected counts."""

    low_atp_threshold: Quantity | None
    """A promise up to here is LOW; the tenant's setting when no policy says."""

    can_preempt: bool | None
    """Whether it may promise what is set aside for channels of a lower tier or priority."""

    allocation_weight: Quantity | None
    """The channel's part of what is scarce, 0 to 1."""

    maximum_fraction: Quantity | None
    """The part of what is usable that the channel may have promised at a time, 0 to 1."""

    minimum_atp: Quantity | None
    """The channel promises nothing to orders while its ATP is below this."""

    minimum_shelf_life_days: int | None
    """How many days a lot must still be good for."""

    reservation_ttl_seconds: int | None
    """How long a reservation lasts that does not say."""

    reservation_ttl_max_seconds: int | None
    """How long a reservation may last."""

    late_consume_seconds: int | None
    """How long after its end a reservation may still be consumed."""

    starts_at: datetime | None
    """From when on it counts; absent for at once."""

    ends_at: datetime | None
    """Until when it counts; absent for good."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""

    channel_id: strawberry.Private[str]
    location_id: strawberry.Private[str | None]
    product_id: strawberry.Private[str | None]
    category_id: strawberry.Private[str | None]

    @linked(kinds.CHANNEL)
    def channel(self) -> str:
        """The channel whose promises it shapes."""
        return self.channel_id

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """The only location that it is about; absent for all locations."""
        return self.location_id

    @linked(kinds.PRODUCT)
    def product(self) -> str | None:
        """The only product that it is about; absent for several."""
        return self.product_id

    @linked(kinds.CATEGORY)
    def category(self) -> str | None:
        """The category that it is about, with all below it; absent for all or for one product."""
        return self.category_id


@output
class ChannelQuota(Node):
    """Units of a product at a location that are set aside for one channel."""

    allocated: Quantity
    """Units that were set aside."""

    consumed: Quantity
    """Units of it that were used by promises that have been kept; open promises come on top."""

    reason: str | None
    """Why they were set aside."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""

    channel_id: strawberry.Private[str]
    location_id: strawberry.Private[str]
    product_id: strawberry.Private[str]

    @linked(kinds.CHANNEL)
    def channel(self) -> str:
        """The channel that they are set aside for."""
        return self.channel_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location at which they are set aside."""
        return self.location_id

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product of which they are set aside."""
        return self.product_id


@output
class ChannelQueries:
    """Reads of channels, policies and quotas."""

    @guarded(needs=_READ)
    async def channel(self, info: Info, id: strawberry.ID) -> ChannelRef | None:
        """The channel with this id; null when there is none.

        Args:
            id: Its id, which is its code, such as `DTC`.
        """
        channel: Channel | None = await load(info, kinds.CHANNEL, id)
        return channel

    @listed(kinds.CHANNEL)
    def channels(self) -> None:
        """Channels, a part of the list at a time."""

    @guarded(needs=_READ)
    async def channel_policy(self, info: Info, id: strawberry.ID) -> ChannelPolicyRef | None:
        """The channel policy with this id; null when there is none.

        Args:
            id: Its id.
        """
        policy: ChannelPolicy | None = await load(info, kinds.CHANNEL_POLICY, id)
        return policy

    @listed(kinds.CHANNEL_POLICY)
    def channel_policies(self) -> None:
        """Channel policies, a part of the list at a time."""

    @guarded(needs=_READ)
    async def channel_quota(self, info: Info, id: strawberry.ID) -> ChannelQuotaRef | None:
        """The quota with this id; null when there is none.

        Args:
            id: Its id.
        """
        quota: ChannelQuota | None = await load(info, kinds.CHANNEL_QUOTA, id)
        return quota

    @listed(kinds.CHANNEL_QUOTA)
    def channel_quotas(self) -> None:
        """Quotas, a part of the list at a time."""
