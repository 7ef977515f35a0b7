"""What writes of channel policies are told."""

from datetime import datetime

import strawberry

from resolvers.channels import Tier
from resolvers.fields import input_
from resolvers.scalars import Quantity
from services.atp import Mode


@input_
class ChannelPolicyTerms:
    """What a policy is about, when it counts, and what it says."""

    location_id: strawberry.ID | None = strawberry.UNSET
    """The only location that it is about; all locations when absent."""

    product_id: strawberry.ID | None = strawberry.UNSET
    """The only product that it is about; not together with `categoryId`."""

    category_id: strawberry.ID | None = strawberry.UNSET
    """The category that it is about, with all below it."""

    starts_at: datetime | None = strawberry.UNSET
    """From when on it counts; at once when absent."""

    ends_at: datetime | None = strawberry.UNSET
    """Until when it counts; for good when absent."""

    name: str | None = strawberry.UNSET
    """What it is called."""

    description: str | None = strawberry.UNSET
    """What it is for."""

    mode: Mode | None = strawberry.UNSET
    """How the channel takes part in the stock; SHARED when no policy says."""

    tier: Tier | None = strawberry.UNSET
    """How early the channel is served; MEDIUM when no policy says."""

    priority: int | None = strawberry.UNSET
    """From 0 to 1,000; between policies that are equally specific, and channels of one tier,
    the highest goes first."""

    can_preempt: bool | None = strawberry.UNSET
    """Whether the channel may promise what is set aside for channels of a lower tier or priority
    and not yet promised."""

    allocation_weight: Quantity | None = strawberry.UNSET
    """The part of what is scarce, 0 to 1: of what is free up to the channel's threshold, and of
    what is there behind fences of one tier and priority. All channels have at most 1 together."""

    share: Quantity | None = strawberry.UNSET
    """The part of the stock that is shared, 0 to 1; for mode SHARE. The shares of all channels that
    share the same stock are at most 1 together."""

    cap: Quantity | None = strawberry.UNSET
    """The most that may be promised at a time; for mode CAP."""

    maximum_fraction: Quantity | None = strawberry.UNSET
    """The part of what is usable that the channel may have promised at a time, 0 to 1; all of it
    when no policy says."""

    spill_over: bool | None = strawberry.UNSET
    """Whether free stock may be sold when the quota is used up; for mode FENCED."""

    minimum_stock: Quantity | None = strawberry.UNSET
    """Units that are never promised; added to the safety and reserve stock."""

    safety_stock: Quantity | None = strawberry.UNSET
    """Units kept against surprises; added to the minimum and reserve stock."""

    reserve_stock: Quantity | None = strawberry.UNSET
    """Units kept for other uses; added to the minimum and safety stock."""

    buffer: Quantity | None = strawberry.UNSET
    """Units taken off the promise against counts that are late or wrong."""

    backorder_limit: Quantity | None = strawberry.UNSET
    """How far below zero the channel may promise."""

    minimum_atp: Quantity | None = strawberry.UNSET
    """The channel promises nothing to orders while its ATP is below this."""

    minimum_shelf_life_days: int | None = strawberry.UNSET
    """How many days a lot must still be good for; 0 when no policy says."""

    include_inbound: bool | None = strawberry.UNSET
    """Whether promises that name no day count what is expected within the horizon. When false, not
    even promises for a later day count it; when no policy says, those alone do."""

    inbound_horizon_days: int | None = strawberry.UNSET
    """Within how many days what is expected counts, at most 180; 180 when no policy says."""

    low_atp_threshold: Quantity | None = strawberry.UNSET
    """A promise up to here is LOW; the tenant's setting when no policy says."""

    reservation_ttl_seconds: int | None = strawberry.UNSET
    """How long a reservation lasts that does not say; 900 when no policy says."""

    reservation_ttl_max_seconds: int | None = strawberry.UNSET
    """How long a reservation may last; 604,800, seven days, when no policy says."""

    late_consume_seconds: int | None = strawberry.UNSET
    """How long after its end a reservation may still be consumed if it can be promised again; 300
    when no policy says."""


@input_
class CreateChannelPolicyInput(ChannelPolicyTerms):
    """A policy to be made. A field that is left out falls to the next policy that matches."""

    id: strawberry.ID | None = strawberry.UNSET
    """An id to keep, 1 to 64 of A-Z a-z 0-9 _ -; made when left out."""

    channel_id: strawberry.ID
    """The channel whose promises it shapes; it never changes."""


@input_
class UpdateChannelPolicyInput(ChannelPolicyTerms):
    """What is to be changed of a policy; null lets a field fall to the next policy that matches."""
