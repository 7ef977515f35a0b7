"""Products, their packs and the tree of categories."""

from datetime import datetime

import strawberry

from domain.errors import Invalid
from domain.permissions import Permission
from resolvers import kinds
from resolvers.atp_cells import AtpCell, cells_at, cells_everywhere
from resolvers.fields import guarded, guarded_value, output, plain
from resolvers.kinds import CategoryRef, ProductRef
from resolvers.lists import Info, linked, listed, load
from resolvers.matrix_rows import require_location
from resolvers.nodes import Node, Shown
from resolvers.past import looks_back
from resolvers.scalars import JSON, Money, Quantity
from resolvers.supply import ExpectedSupply
from services import supply
from services.catalog import reading as catalog

_READ = Permission.PRODUCTS_READ


@output
class ProductPack(Shown):
    """A quantity in which a product is packed, such as a case of 12."""

    code: str
    """The pack's unit, such as `CASE`; unique within the product."""

    quantity: Quantity
    """Base units in one pack."""

    barcode: str | None
    """The barcode on the pack."""

    product_id: strawberry.Private[str]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product that is packed so."""
        return self.product_id


@output
class Product(Node):
    """Something that is stocked."""

    sku: str
    """The company's own code for it; unique."""

    name: str
    """Its name."""

    unit_of_measure: str
    """The base unit in which all of its quantities are counted, such as `EA` or `KG`."""

    active: bool
    """Whether it is still traded; stock of a retired product is still shown."""

    quantity_step: Quantity = guarded_value(needs=_READ)
    """The least quantity that can be moved; every quantity is a multiple of it."""

    barcode: str | None = guarded_value(needs=_READ)
    """The barcode on one base unit."""

    unit_cost: Money | None = guarded_value(needs=_READ)
    """What one base unit costs the company."""

    list_price: Money | None = guarded_value(needs=_READ)
    """What one base unit is offered for."""

    lot_tracked: bool = guarded_value(needs=_READ)
    """Whether stock of it must name a lot."""

    expiry_tracked: bool = guarded_value(needs=_READ)
    """Whether its lots must have an expiry date."""

    serial_tracked: bool = guarded_value(needs=_READ)
    """Whether each unit has a serial number."""

    allow_past_expiry: bool = guarded_value(needs=_READ)
    """Whether lots that have expired already may be received."""

    expiry_warning_days: int | None = guarded_value(needs=_READ)
    """Days before its expiry from which a lot is expiring; the tenant's setting when absent."""

    regulated: bool = guarded_value(needs=_READ)
    """Whether special rules of its industry apply to it."""

    safety_stock: Quantity | None = guarded_value(needs=_READ)
    """What replenishment keeps as a reserve. It never reduces a promise."""

    reorder_point: Quantity | None = guarded_value(needs=_READ)
    """Replenishment orders more from here on. It never reduces a promise."""

    lead_time_days: int | None = guarded_value(needs=_READ)
    """How many days replenishment takes."""

    attributes: JSON = guarded_value(needs=_READ)
    """Further columns that an import brought along."""

    version: int = guarded_value(needs=_READ)
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime = guarded_value(needs=_READ)
    """When it was made."""

    updated_at: datetime = guarded_value(needs=_READ)
    """When it was last changed."""

    category_id: strawberry.Private[str | None]

    @linked(kinds.CATEGORY)
    def category(self) -> str | None:
        """The category that it stands in."""
        return self.category_id

    @guarded(needs=_READ)
    async def packs(self, info: Info) -> list[ProductPack]:
        """The quantities in which it is packed, the smallest first."""
        rows = await info.context.loaders.load(catalog.packs_by_product, self.id)
        return [ProductPack.of(row) for row in rows or ()]

    @listed(kinds.VENDOR_PRODUCT, "product_id")
    def vendor_products(self) -> str:
        """Who sells it, and on which terms."""
        return self.id

    @listed(kinds.PURCHASE_ORDER_LINE, "product_id")
    def purchase_order_lines(self) -> str:
        """What was ordered of it from vendors."""
        return self.id

    @guarded(needs=Permission.INVENTORY_READ)
    async def expected_supply(self, info: Info) -> list[ExpectedSupply]:
        """Units that are to arrive and are not on hand yet, the earliest first; at most 200."""
        rows = await info.context.loaders.load(supply.of_products, self.id) or []
        return [ExpectedSupply.of(row) for row in rows]

    @listed(kinds.INVENTORY_ITEM, "product_id")
    def items(self) -> str:
        """The buckets that hold or held it, at all locations."""
        return self.id

    @listed(kinds.STOCK_LEVEL, "product_id")
    def levels(self) -> str:
        """Its stock summed for each location at which it was ever stocked."""
        return self.id

    @listed(kinds.INVENTORY_LEVEL, "product_id")
    def inventory_levels(self) -> str:
        """Its settings at locations, such as minimum and maximum."""
        return self.id

    @listed(kinds.LOT, "product_id")
    def lots(self) -> str:
        """Its lots."""
        return self.id

    @listed(kinds.HOLD, "product_id")
    def holds(self) -> str:
        """Holds on units of it, its lots and items."""
        return self.id

    @listed(kinds.LEDGER_ENTRY, "product_id", needs=Permission.INVENTORY_READ, order="occurred_at")
    def ledger(self) -> str:
        """Every change of its stock."""
        return self.id

    @listed(kinds.CHANNEL_POLICY, "product_id")
    def policies(self) -> str:
        """The channel policies that are about it alone."""
        return self.id

    @listed(kinds.CHANNEL_QUOTA, "product_id")
    def quotas(self) -> str:
        """What is set aside of it for channels."""
        return self.id

    @guarded(needs=Permission.INVENTORY_READ)
    @looks_back
    async def atp(
        self, info: Info, location_id: strawberry.ID, channels: list[strawberry.ID] | None = None
    ) -> list[AtpCell]:
        """What each channel can promise of it from one location, in the order of the columns.

        Args:
            location_id: The location; `NOT_FOUND` when there is none with this id.
            channels: Only these channels.
        """
        await require_location(info, location_id)
        return await cells_at(info, self.id, location_id, channels)

    @guarded(needs=Permission.INVENTORY_READ)
    @looks_back
    async def atp_by_location(
        self, info: Info, channels: list[strawberry.ID] | None = None
    ) -> list[AtpCell]:
        """What each channel can promise of it from every location that lists it, by location id.

        Args:
            channels: Only these channels.
        """
        return await cells_everywhere(info, self.id, channels)


@output
class Category(Node):
    """A group of products in a tree of categories."""

    code: str
    """The company's own code for it; unique."""

    name: str
    """Its name."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""

    parent_id: strawberry.Private[str | None]
    path: strawberry.Private[list[str]]

    @linked(kinds.CATEGORY)
    def parent(self) -> str | None:
        """The category above it; absent for a root."""
        return self.parent_id

    @plain
    async def ancestors(self, info: Info) -> list[CategoryRef]:
        """The categories above it, from the root down."""
        rows = await info.context.loaders.load_many(catalog.categories.by_ids, self.path[:-1])
        return [Category.of(row) for row in rows]

    @listed(kinds.CATEGORY, "parent_id")
    def children(self) -> str:
        """The categories right below it."""
        return self.id

    @listed(kinds.PRODUCT, "category_id")
    def products(self) -> str:
        """The products right in it; with `filter: {categoryIdIn}` of `products` those below too."""
        return self.id

    @listed(kinds.CHANNEL_POLICY, "category_id")
    def policies(self) -> str:
        """The channel policies that are about it."""
        return self.id


@output
class CatalogQueries:
    """Reads of products and categories."""

    @guarded(needs=_READ)
    @looks_back
    async def product(
        self,
        info: Info,
        id: strawberry.ID | None = None,
        sku: str | None = None,
        barcode: str | None = None,
    ) -> ProductRef | None:
        """The product with this id, SKU or barcode; null when there is none.

        Args:
            id: Its id. Give one of the three.
            sku: Its SKU.
            barcode: A barcode on its unit or on one of its packs.
        """
        if [id, sku, barcode].count(None) != 2:  # noqa: PLR2004 - one of three
            raise Invalid("id", "Give exactly one of id, sku and barcode.")
        if sku is not None:
            row = await info.context.loaders.load(catalog.products.by_key, sku, "sku")
            return None if row is None else Product.of(row)
        if barcode is not None:
            id = await info.context.loaders.load(catalog.product_ids_by_barcode, barcode)
        product: Product | None = None if id is None else await load(info, kinds.PRODUCT, id)
        return product

    @listed(kinds.PRODUCT)
    def products(self) -> None:
        """Products, a part of the list at a time."""

    @guarded(needs=_READ)
    async def category(self, info: Info, id: strawberry.ID) -> CategoryRef | None:
        """The category with this id; null when there is none.

        Args:
            id: Its id.
        """
        category: Category | None = await load(info, kinds.CATEGORY, id)
        return category

    @listed(kinds.CATEGORY)
    def categories(self) -> None:
        """Categories, a part of the list at a time."""
