"""How stock requests are filtered and sorted, and the words that they use."""

from enum import Enum

import strawberry

from domain.machines.stock_requests import StockRequestStatus
from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateRange, DateTimeRange, Direction


class StockRequestType(Enum):
    """Why stock is asked for."""

    STOCK = "STOCK"
    """In the ordinary way; approved where the location that fulfils it asks for that."""

    ADHOC = "ADHOC"
    """For once, or urgently; approved in the same way."""

    E_REQUEST = "E_REQUEST"
    """From a stocklist, in its quantities; nobody needs to approve it."""


choices(StockRequestType)


class StockRequestPriority(Enum):
    """How urgent a stock request is."""

    LOW = "LOW"
    """It can wait."""

    NORMAL = "NORMAL"
    """As usual."""

    HIGH = "HIGH"
    """Before the usual ones."""

    URGENT = "URGENT"
    """At once."""


choices(StockRequestPriority)


class StockRequestOrderField(Enum):
    """What stock requests can be sorted by."""

    ID = "id"
    """Their id."""

    NUMBER = "number"
    """Their number."""

    PRIORITY = "priority"
    """How urgent they are, the least first."""

    STATUS = "status"
    """The word of their state."""

    NEEDED_BY = "needed_by"
    """The day by which they are needed; those without one count as the latest."""

    CREATED_AT = "created_at"
    """When they were made."""

    SUBMITTED_AT = "submitted_at"
    """When they were submitted; drafts count as the latest."""

    UPDATED_AT = "updated_at"
    """When they last changed."""


choices(StockRequestOrderField)


@input_
class StockRequestOrder:
    """How stock requests are sorted; the id decides between equals."""

    field: StockRequestOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class StockRequestFilter:
    """Which stock requests are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    number_in: list[str] | None = None
    """One of these numbers."""

    search: str | None = None
    """Every word of this in their number, description or the name of who made them."""

    status_in: list[StockRequestStatus] | None = None
    """In one of these states."""

    type_in: list[StockRequestType] | None = None
    """Of one of these types."""

    priority_in: list[StockRequestPriority] | None = None
    """Of one of these priorities."""

    requesting_location_id_in: list[strawberry.ID] | None = None
    """Made for one of these locations."""

    fulfilling_location_id_in: list[strawberry.ID] | None = None
    """To be fulfilled by one of these locations."""

    stocklist_id_in: list[strawberry.ID] | None = None
    """Made from one of these stocklists."""

    created_by_in: list[strawberry.ID] | None = None
    """Made by one of these keys."""

    product_id_in: list[strawberry.ID] | None = None
    """Asking for one of these products."""

    category_id_in: list[strawberry.ID] | None = None
    """Asking for a product right in one of these categories."""

    needed_by: DateRange | None = None
    """Needed between these days; requests without a day never match."""

    created_at: DateTimeRange | None = None
    """Made between these moments."""

    submitted_at: DateTimeRange | None = None
    """Submitted between these moments; drafts never match."""
