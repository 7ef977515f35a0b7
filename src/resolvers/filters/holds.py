"""How holds are filtered and sorted, and the words that they use."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateTimeRange, Direction


class HoldType(Enum):
    """Why stock is held."""

    QUALITY = "QUALITY"
    """Its quality is being looked at."""

    RECALL = "RECALL"
    """It is called back; it counts as recalled wherever that is told apart."""

    DAMAGE = "DAMAGE"
    """It is damaged."""

    LEGAL = "LEGAL"
    """An authority or a dispute keeps it."""

    COUNT = "COUNT"
    """It is being counted."""

    OTHER = "OTHER"
    """Another reason."""


choices(HoldType)


class HoldState(Enum):
    """Where a hold is in its life."""

    ACTIVE = "ACTIVE"
    """It holds."""

    RELEASED = "RELEASED"
    """Somebody released all of it."""

    EXPIRED = "EXPIRED"
    """The moment at which it was to end has come."""


choices(HoldState)


class HoldScope(Enum):
    """What a hold lies on."""

    ITEM = "ITEM"
    """One inventory item, or some units of it."""

    LOT = "LOT"
    """A lot, everywhere or at one location; also what comes of it later."""

    BIN = "BIN"
    """A bin with all that is in it, also later."""

    QUANTITY = "QUANTITY"
    """Some units of a product at a location, in whichever bins and lots."""


choices(HoldScope)


class HoldOrderField(Enum):
    """What holds can be sorted by."""

    ID = "id"
    """Their id."""

    CREATED_AT = "created_at"
    """When they were placed."""

    EXPIRES_AT = "expires_at"
    """When they end; those without an end count as the latest."""

    UPDATED_AT = "updated_at"
    """When they last changed."""


choices(HoldOrderField)


@input_
class HoldOrder:
    """How holds are sorted; the id decides between equals."""

    field: HoldOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class HoldFilter:
    """Which holds are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    state_in: list[HoldState] | None = None
    """In one of these states, at this moment."""

    type_in: list[HoldType] | None = None
    """For one of these causes."""

    scope_in: list[HoldScope] | None = None
    """On one of these kinds of things."""

    product_id_in: list[strawberry.ID] | None = None
    """On one of these products, their lots or items; holds on bins name no product."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations; holds on lots everywhere name none."""

    lot_id_in: list[strawberry.ID] | None = None
    """On one of these lots, or on items of them."""

    bin_id_in: list[strawberry.ID] | None = None
    """On one of these bins, or on items in them."""

    inventory_item_id_in: list[strawberry.ID] | None = None
    """On one of these inventory items."""

    created_at: DateTimeRange | None = None
    """Placed between these moments."""

    expires_at: DateTimeRange | None = None
    """Ending between these moments; holds without an end never match."""
