"""What is to come: vendors, what they sell, what was ordered, and what is expected when."""

from datetime import date, datetime
from enum import Enum

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import choices, guarded, output
from resolvers.filters.supply import PurchaseOrderStatus
from resolvers.kinds import PurchaseOrderLineRef, VendorRef
from resolvers.lists import Info, linked, listed, load
from resolvers.nodes import Node, Shown
from resolvers.scalars import Money, Quantity


class SupplyKind(Enum):
    """How far units are that are expected."""

    ORDERED = "ORDERED"
    """They were ordered from a vendor."""

    APPROVED = "APPROVED"
    """A transfer has reserved them at its source."""

    IN_TRANSIT = "IN_TRANSIT"
    """A transfer has shipped them."""


choices(SupplyKind)


@output
class ExpectedSupply(Shown):
    """Units that are to arrive and are not on hand yet; each is expected once."""

    kind: SupplyKind
    """How far they are."""

    quantity: Quantity
    """How many base units."""

    due_on: date | None
    """When they are to arrive; absent where no day is known."""

    source_type: str
    """The kind of document that brings them: `TRANSFER` or `PURCHASE_ORDER`."""

    source_id: strawberry.ID
    """The transfer's id, or that of the order's line."""

    source_number: str
    """The number of the transfer or order."""

    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str | None]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """Where they are to arrive; absent for an order that does not say."""
        return self.location_id


@output
class Vendor(Node):
    """Who sells products to the company."""

    code: str
    """The company's own code for it; unique."""

    name: str
    """Its name."""

    credit_rating: int | None
    """How its credit is rated, 1 being the best."""

    preferred: bool
    """Whether it is bought from first."""

    active: bool
    """Whether it is still bought from."""

    version: int
    """Raised with each change."""

    created_at: datetime
    """When it was made known."""

    updated_at: datetime
    """When it last changed."""

    @listed(kinds.VENDOR_PRODUCT, "vendor_id")
    def products(self) -> str:
        """What it sells, and on which terms."""
        return self.id

    @listed(kinds.PURCHASE_ORDER_LINE, "vendor_id")
    def order_lines(self) -> str:
        """What was ordered from it."""
        return self.id


@output
class VendorProduct(Shown):
    """A product that a vendor sells, on its terms; quantities are of the order unit."""

    lead_time_days: int | None
    """How many days it takes to arrive."""

    min_order_quantity: Quantity | None
    """The least that can be ordered."""

    max_order_quantity: Quantity | None
    """The most that can be ordered at once."""

    on_order_quantity: Quantity | None
    """What the vendor's own list says is on order."""

    standard_price: Money | None
    """What an order unit costs."""

    order_unit: str | None
    """The unit in which it is ordered, such as `CTN`."""

    vendor_id: strawberry.Private[str]
    product_id: strawberry.Private[str]

    @linked(kinds.VENDOR)
    def vendor(self) -> str:
        """Who sells it."""
        return self.vendor_id

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id


@output
class PurchaseOrderLine(Node):
    """A line of an order with a vendor; quantities are base units."""

    order_number: str
    """The order's number."""

    line_number: int
    """Its number in the order."""

    status: PurchaseOrderStatus
    """Where it stands."""

    ordered_on: date | None
    """When it was ordered."""

    due_on: date | None
    """When it is to arrive."""

    quantity: Quantity
    """How many units were ordered."""

    received: Quantity
    """How many have come in; more than were ordered may."""

    rejected: Quantity
    """How many of these were turned down, where an import told that."""

    outstanding: Quantity
    """Ordered units that have not come in; they are expected while the line is open."""

    is_open: bool
    """Whether something of it is expected."""

    unit_price: Money | None
    """What a unit costs."""

    version: int
    """Raised with each change."""

    created_at: datetime
    """When it was made known."""

    updated_at: datetime
    """When it last changed."""

    vendor_id: strawberry.Private[str]
    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str | None]

    @linked(kinds.VENDOR)
    def vendor(self) -> str:
        """Who was asked for it."""
        return self.vendor_id

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """What was ordered."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """Where it is to arrive; absent where the order does not say."""
        return self.location_id


@output
class SupplyQueries:
    """Reads of vendors and orders."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def vendor(self, info: Info, id: strawberry.ID) -> VendorRef | None:
        """The vendor with this id; null when there is none.

        Args:
            id: Its id.
        """
        vendor: Vendor | None = await load(info, kinds.VENDOR, id)
        return vendor

    @listed(kinds.VENDOR)
    def vendors(self) -> None:
        """Vendors, a part of the list at a time."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def purchase_order_line(
        self, info: Info, id: strawberry.ID
    ) -> PurchaseOrderLineRef | None:
        """The line of an order with this id; null when there is none.

        Args:
            id: Its id.
        """
        line: PurchaseOrderLine | None = await load(info, kinds.PURCHASE_ORDER_LINE, id)
        return line

    @listed(kinds.PURCHASE_ORDER_LINE)
    def purchase_order_lines(self) -> None:
        """Lines of orders with vendors, a part of the list at a time."""
