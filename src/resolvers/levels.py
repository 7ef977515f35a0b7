"""Stock levels, which are sums, and inventory levels, which are settings: product x location."""

from datetime import datetime

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import choices, guarded, output, plain
from resolvers.kinds import InventoryLevelRef, StockLevelRef
from resolvers.lists import Info, linked
from resolvers.nodes import Node, Shown
from resolvers.past import looks_back
from resolvers.scalars import Quantity
from services import levels as levels_service
from services.levels import StockStatus
from services.stock import reading as stock


@output
class StockLevel(Shown):
    """The stock of one product at one location: the sum of its buckets and reservations, now."""

    on_hand: Quantity
    """Units that are physically there, held and expired ones too."""

    reserved: Quantity
    """Units that are promised to documents or by reservations that have not run out."""

    held: Quantity
    """Units that are promised to nobody because of their bin; what is expired is not counted."""

    expired: Quantity
    """Units of lots that have expired."""

    available: Quantity
    """On hand less expired, held and reserved; below zero where more was promised."""

    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.location_id

    @plain
    async def settings(self, info: Info) -> InventoryLevelRef | None:
        """The settings of the product at the location; absent when none were made."""
        pair = (self.location_id, self.product_id)
        row = await info.context.loaders.load(stock.settings_by_pair, pair)
        return None if row is None else InventoryLevel.of(row)


@output
class InventoryLevel(Node):
    """The settings of a product at a location: when to order, how much, from where."""

    min_quantity: Quantity | None
    """Below this the stock is too low."""

    reorder_quantity: Quantity | None
    """From here on down more is ordered; between minimum and maximum."""

    max_quantity: Quantity | None
    """Up to this more is ordered."""

    status: str
    """Whether the product is kept here, such as `Supported`."""

    abc_class: str | None
    """How much the product matters here: `A`, `B` or `C`."""

    expected_lead_time_days: int | None
    """Days from ordering to receiving."""

    replenishment_period_days: int | None
    """Days between two orders."""

    forecast_period_days: int | None
    """Days that the forecast is about."""

    forecast_quantity: Quantity | None
    """Units that are expected to be used in the forecast's days."""

    comments: str | None
    """What somebody noted."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""

    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]
    preferred_bin_id: strawberry.Private[str | None]
    replenishment_location_id: strawberry.Private[str | None]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.location_id

    @linked(kinds.BIN)
    def preferred_bin(self) -> str | None:
        """The bin into which received goods are put."""
        return self.preferred_bin_id

    @linked(kinds.LOCATION)
    def replenishment_location(self) -> str | None:
        """The location from which it is replenished."""
        return self.replenishment_location_id

    @plain
    async def stock(self, info: Info) -> StockLevelRef | None:
        """The stock there; absent when the product was never stocked there."""
        pair = (self.location_id, self.product_id)
        row = await info.context.loaders.load(stock.levels_by_pair, pair)
        return None if row is None else StockLevel.of(row)


choices(StockStatus)


@output
class ProductLevel:
    """A product at one location: its settings, its stock, and how they stand to one another."""

    level: strawberry.Private[levels_service.ProductLevel]

    on_hand: Quantity
    """Units that are physically there."""

    reserved: Quantity
    """Units that are promised."""

    available: Quantity
    """On hand less expired, held and reserved; below zero where more was promised."""

    on_order: Quantity
    """Units that are on their way there."""

    stock_status: StockStatus
    """How what is on hand stands to the settings."""

    @classmethod
    def of(cls, level: levels_service.ProductLevel) -> "ProductLevel":
        """This level as the graph shows it."""
        return cls(
            level=level,
            on_hand=Quantity(level.on_hand),
            reserved=Quantity(level.reserved),
            available=Quantity(level.available),
            on_order=Quantity(level.on_order),
            stock_status=level.stock_status,
        )

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.level.location_id

    @plain
    def settings(self) -> InventoryLevel | None:
        """The settings there; absent when none were made."""
        settings = self.level.settings
        return None if settings is None else InventoryLevel.of(settings)


@output
class ProductLevels:
    """A product at every location that has settings or stock of it."""

    product_id: strawberry.Private[str]

    levels: list[ProductLevel]
    """The locations, in the order of their codes."""

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id


@output
class LevelQueries:
    """Reads of levels."""

    @guarded(needs=(Permission.PRODUCTS_READ, Permission.INVENTORY_READ))
    @looks_back
    async def product_levels(
        self,
        info: Info,
        product_id: strawberry.ID,
        location_ids: list[strawberry.ID] | None = None,
    ) -> ProductLevels:
        """A product at every location that has settings or stock of it.

        Args:
            product_id: The product; `NOT_FOUND` when there is none with this id.
            location_ids: Only these locations.
        """
        found = await info.context.read(levels_service.product_levels, product_id, location_ids)
        levels = [ProductLevel.of(level) for level in found]
        return ProductLevels(product_id=product_id, levels=levels)
