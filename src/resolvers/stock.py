"""Inventory items: the buckets that hold quantities."""

from datetime import datetime
from decimal import Decimal

import strawberry

from domain.permissions import Permission
from domain.quantities import money
from resolvers import kinds
from resolvers.fields import guarded, output, plain
from resolvers.kinds import InventoryItemRef, InventoryLevelRef, StockLevelRef
from resolvers.levels import InventoryLevel, StockLevel
from resolvers.lists import Info, linked, listed, load
from resolvers.nodes import Node
from resolvers.past import looks_back
from resolvers.scalars import Money, Quantity
from services.stock import reading as stock

_READ = Permission.INVENTORY_READ


@output
class InventoryItem(Node):
    """One bucket of stock: a product at a location, in a bin or none, of a lot or none.

    Buckets are the only things that hold quantities; each change of one is an entry of the ledger.
    """

    on_hand: Quantity
    """Units that are physically there. Never below zero."""

    reserved: Quantity
    """Units of this bucket that are promised to documents which will move them."""

    held: Quantity
    """Units that are promised to nobody because of their bin, or of a hold on it, on them or on
    their lot; what is expired is not counted."""

    expired: Quantity
    """Units whose lot has expired."""

    available: Quantity
    """On hand less expired, held and reserved; below zero where more was promised."""

    unit_cost: Money | None
    """What one base unit of its product costs."""

    last_counted_at: datetime | None
    """When it was last counted; absent when it never was."""

    version: int
    """Raised with each change of its quantity."""

    created_at: datetime
    """When it first held stock."""

    updated_at: datetime
    """When it last changed."""

    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]
    bin_id: strawberry.Private[str | None]
    lot_id: strawberry.Private[str | None]

    @plain
    def value(self) -> Money:
        """Units on hand times what a unit costs; 0 without a cost."""
        return Money(money(self.on_hand * (self.unit_cost or Decimal(0))))

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product that it holds."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location at which it is."""
        return self.location_id

    @linked(kinds.BIN)
    def bin(self) -> str | None:
        """The bin in which it is; absent for stock that is in none."""
        return self.bin_id

    @linked(kinds.LOT)
    def lot(self) -> str | None:
        """The lot that it is of; absent for stock without one."""
        return self.lot_id

    @listed(kinds.HOLD, "inventory_item_id")
    def holds(self) -> str:
        """Holds on this item alone."""
        return self.id

    @listed(
        kinds.LEDGER_ENTRY,
        "inventory_item_id",
        needs=Permission.INVENTORY_READ,
        order="occurred_at",
    )
    def ledger(self) -> str:
        """Every change of it, with what it held before and after."""
        return self.id

    @plain
    async def level(self, info: Info) -> StockLevelRef:
        """The stock of its product at its location, of which it is a part."""
        pair = (self.location_id, self.product_id)
        row = await info.context.loaders.load(stock.levels_by_pair, pair)
        level: StockLevel = StockLevel.of(row)
        return level


@output
class StockQueries:
    """Reads of stock."""

    @guarded(needs=_READ)
    @looks_back
    async def inventory_item(self, info: Info, id: strawberry.ID) -> InventoryItemRef | None:
        """The inventory item with this id; null when there is none.

        Args:
            id: Its id.
        """
        item: InventoryItem | None = await load(info, kinds.INVENTORY_ITEM, id)
        return item

    @listed(kinds.INVENTORY_ITEM, dated=True)
    def inventory_items(self) -> None:
        """Inventory items, a part of the list at a time."""

    @listed(kinds.STOCK_LEVEL, dated=True)
    def stock_levels(self) -> None:
        """Stock summed by product and location, a part of the list at a time."""

    @guarded(needs=_READ)
    async def inventory_level(self, info: Info, id: strawberry.ID) -> InventoryLevelRef | None:
        """The settings with this id; null when there are none.

        Args:
            id: Their id.
        """
        level: InventoryLevel | None = await load(info, kinds.INVENTORY_LEVEL, id)
        return level

    @listed(kinds.INVENTORY_LEVEL)
    def inventory_levels(self) -> None:
        """Settings of products at locations, a part of the list at a time."""
