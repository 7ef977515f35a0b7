"""How vendors, what they sell and what was ordered from them are filtered and sorted."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateRange, Direction


class PurchaseOrderStatus(Enum):
    """Where an order with a vendor stands."""

    PENDING = "PENDING"
    """It was written and waits for approval; what it orders is expected."""

    APPROVED = "APPROVED"
    """It was sent; what it orders is expected."""

    REJECTED = "REJECTED"
    """It was turned down."""

    COMPLETE = "COMPLETE"
    """Nothing more is expected of it."""


choices(PurchaseOrderStatus)


class VendorOrderField(Enum):
    """What vendors can be sorted by."""

    ID = "id"
    """Their id."""

    CODE = "code"
    """Their code."""

    NAME = "name"
    """Their name, in any case."""


choices(VendorOrderField)


class VendorProductOrderField(Enum):
    """What the products of vendors can be sorted by."""

    ID = "id"
    """The order in which they were made known."""

    LEAD_TIME_DAYS = "lead_time_days"
    """How long they take to arrive."""

    PRICE = "price"
    """What an order unit costs."""


choices(VendorProductOrderField)


class PurchaseOrderLineOrderField(Enum):
    """What lines of orders can be sorted by."""

    ID = "id"
    """Their id."""

    ORDER_NUMBER = "order_number"
    """The order's number, and their own in it."""

    DUE_ON = "due_on"
    """When they are to arrive; those without a day count as the latest."""


choices(PurchaseOrderLineOrderField)


@input_
class VendorOrder:
    """How vendors are sorted; the id decides between equals."""

    field: VendorOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class VendorProductOrder:
    """How the products of vendors are sorted."""

    field: VendorProductOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class PurchaseOrderLineOrder:
    """How lines of orders are sorted; the id decides between equals."""

    field: PurchaseOrderLineOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class VendorFilter:
    """Which vendors are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    code_in: list[str] | None = None
    """One of these codes."""

    search: str | None = None
    """Whose code or name holds each of these words."""

    active: bool | None = None
    """Whether they are still bought from."""


@input_
class VendorProductFilter:
    """Which products of vendors are wanted; all conditions together."""

    vendor_id_in: list[strawberry.ID] | None = None
    """Of one of these vendors."""

    product_id_in: list[strawberry.ID] | None = None
    """One of these products."""


@input_
class PurchaseOrderLineFilter:
    """Which lines of orders are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    order_number_in: list[str] | None = None
    """Of one of the orders with these numbers."""

    vendor_id_in: list[strawberry.ID] | None = None
    """Ordered from one of these vendors."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """To arrive at one of these locations."""

    status_in: list[PurchaseOrderStatus] | None = None
    """Of orders in one of these states."""

    is_open: bool | None = None
    """Whether something of them is expected."""

    due_on: DateRange | None = None
    """To arrive between these days; those without a day never match."""
