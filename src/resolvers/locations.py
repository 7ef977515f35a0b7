"""Locations as a tree, and their bins."""

from datetime import datetime

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.atp import AtpMatrix
from resolvers.atp_inputs import MatrixFilter, MatrixOrder, matrix_wish
from resolvers.fields import guarded, guarded_value, output, plain
from resolvers.filters.locations import BinMixing
from resolvers.kinds import BinRef, LocationRef
from resolvers.lists import Info, linked, listed, load, named
from resolvers.nodes import Node, Shown
from resolvers.past import looks_back
from resolvers.scalars import JSON, Money, Quantity
from services.locations import reading as locations

_READ = Permission.INVENTORY_READ


@output
class LocationTotals(Shown):
    """What a location holds, over all of its products."""

    on_hand: Quantity
    """Units that are physically there, held and expired ones too."""

    reserved: Quantity
    """Units that are promised to documents or by reservations."""

    held: Quantity
    """Units that are in bins from which nothing is promised."""

    expired: Quantity
    """Units of lots that have expired."""

    available: Quantity
    """On hand less expired, held and reserved; below zero where more was promised."""

    value: Money
    """Units on hand times what a unit costs; products without a cost count nothing."""

    product_count: int
    """Products with units on hand."""

    lot_count: int
    """Lots with units on hand."""

    bin_count: int
    """Bins with units on hand."""

    expiring_count: int
    """Lots with units on hand that are still usable and expire within the days of warning."""


@output
class BinStock(Shown):
    """What a bin holds, of all products or of one."""

    on_hand: Quantity
    """Units that are physically in it, held and expired ones too."""

    reserved: Quantity
    """Units that are promised to documents."""

    held: Quantity
    """Units on hold, or all where the bin's type holds them."""

    expired: Quantity
    """Units of lots that have expired."""

    available: Quantity
    """On hand less expired, held and reserved."""


@output
class Location(Node):
    """A place that holds stock: a warehouse, a store, a ward."""

    code: str
    """The company's own code for it; unique."""

    name: str
    """Its name."""

    type: str
    """What it is used for, such as `DC_STORAGE` or `STORE`. It never changes a promise."""

    active: bool
    """Whether it is still used; stock of a retired location is still shown."""

    request_approval: bool | None
    """Whether stock requests to it need an approval; absent where the company's setting says so."""

    attributes: JSON = guarded_value(needs=_READ)
    """Further columns that an import brought along."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""

    parent_id: strawberry.Private[str | None]
    path: strawberry.Private[list[str]]

    @linked(kinds.LOCATION)
    def parent(self) -> str | None:
        """The location that it is a part of; absent for a root."""
        return self.parent_id

    @plain
    async def ancestors(self, info: Info) -> list[LocationRef]:
        """The locations above it, from the root down."""
        rows = await info.context.loaders.load_many(locations.locations.by_ids, self.path[:-1])
        return [Location.of(row) for row in rows]

    @listed(kinds.LOCATION, "parent_id")
    def children(self) -> str:
        """The locations that are right below it."""
        return self.id

    @listed(kinds.BIN, "location_id")
    def bins(self) -> str:
        """Its bins."""
        return self.id

    @listed(kinds.INVENTORY_ITEM, "location_id")
    def items(self) -> str:
        """The buckets that hold or held stock here."""
        return self.id

    @listed(kinds.HOLD, "location_id")
    def holds(self) -> str:
        """Holds on units here; holds on lots everywhere are with the lots."""
        return self.id

    @listed(kinds.LEDGER_ENTRY, "location_id", needs=Permission.INVENTORY_READ, order="occurred_at")
    def ledger(self) -> str:
        """Every change of stock there."""
        return self.id

    @listed(kinds.TRANSFER, "dest_location_id")
    def transfers_in(self) -> str:
        """Transfers to it."""
        return self.id

    @listed(kinds.TRANSFER, "source_location_id")
    def transfers_out(self) -> str:
        """Transfers from it."""
        return self.id

    @listed(kinds.PURCHASE_ORDER_LINE, "location_id")
    def purchase_order_lines(self) -> str:
        """What was ordered from vendors to arrive there."""
        return self.id

    @listed(kinds.STOCK_LEVEL, "location_id")
    def levels(self) -> str:
        """Its stock summed for each product that was ever stocked here."""
        return self.id

    @listed(kinds.INVENTORY_LEVEL, "location_id")
    def inventory_levels(self) -> str:
        """The settings of products here, such as minimum and maximum."""
        return self.id

    @listed(kinds.CHANNEL_POLICY, "location_id")
    def policies(self) -> str:
        """The channel policies that are about it."""
        return self.id

    @listed(kinds.CHANNEL_QUOTA, "location_id")
    def quotas(self) -> str:
        """What is set aside here for channels."""
        return self.id

    @guarded(needs=_READ)
    @looks_back
    def atp(
        self, filter: MatrixFilter | None = None, order_by: MatrixOrder | None = None
    ) -> AtpMatrix:
        """What each channel can promise of each product from here.

        Args:
            filter: Which rows and columns are wanted.
            order_by: How the rows are sorted; by SKU unless told.
        """
        return AtpMatrix(location_id=self.id, wish=matrix_wish(filter, order_by))

    @guarded(needs=_READ)
    async def totals(self, info: Info) -> LocationTotals:
        """What it holds, over all of its products."""
        return LocationTotals.of(
            await info.context.loaders.load(locations.totals_by_location, self.id)
        )


@output
class Bin(Node):
    """A place within a location: a shelf, a pallet position, a fridge."""

    code: str
    """The company's own code for it; unique within its location."""

    name: str | None
    """Its name."""

    type: str
    """What it is used for; of `HOLD`, `QUARANTINE` and `DAMAGE` bins nothing is promised."""

    zone: str | None
    """The part of the location in which it stands."""

    pick_order: int
    """Where it comes on the way of a picker."""

    storage_class: str | None
    """What may lie in it, such as `CHILLED`: products of the same class; of none when absent."""

    mixing: BinMixing
    """What may lie in it together when goods are put away."""

    capacity_units: Quantity | None
    """How many base units fit; absent: no limit."""

    capacity_weight_kg: Quantity | None
    """What it carries, in kilograms; absent: no limit."""

    capacity_volume_litres: Quantity | None
    """What it holds, in litres; absent: no limit."""

    active: bool
    """Whether it is still used."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""

    location_id: strawberry.Private[str]

    @plain
    def label(self) -> str:
        """Its name, or its code where it has none."""
        return self.name or self.code

    @plain
    def is_held(self) -> bool:
        """Whether its type keeps its stock from being promised."""
        return locations.is_held(self.type)

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location that it belongs to."""
        return self.location_id

    @guarded(needs=_READ)
    async def stock(self, info: Info, product_id: strawberry.ID | None = None) -> BinStock:
        """What it holds, of all products or of one.

        Args:
            product_id: The product.
        """
        loaders = info.context.loaders
        return BinStock.of(await loaders.load(locations.stock_by_bin, self.id, product_id))

    @listed(kinds.INVENTORY_ITEM, "bin_id")
    def items(self) -> str:
        """The buckets that hold or held stock in it."""
        return self.id

    @listed(kinds.HOLD, "bin_id")
    def holds(self) -> str:
        """Holds on it, and on items in it."""
        return self.id

    @listed(kinds.LEDGER_ENTRY, "bin_id", needs=Permission.INVENTORY_READ, order="occurred_at")
    def ledger(self) -> str:
        """Every change of stock in it."""
        return self.id


@output
class LocationQueries:
    """Reads of locations and bins."""

    @guarded(needs=_READ)
    @looks_back
    async def location(
        self, info: Info, id: strawberry.ID | None = None, code: str | None = None
    ) -> LocationRef | None:
        """The location with this id or code; null when there is none.

        Args:
            id: Its id. Give one of the two.
            code: Its code.
        """
        location: Location | None = await named(info, kinds.LOCATION, id, code=code)
        return location

    @listed(kinds.LOCATION, dated=True)
    def locations(self) -> None:
        """Locations, a part of the list at a time."""

    @guarded(needs=_READ)
    async def bin(self, info: Info, id: strawberry.ID) -> BinRef | None:
        """The bin with this id; null when there is none.

        Args:
            id: Its id.
        """
        bin: Bin | None = await load(info, kinds.BIN, id)
        return bin

    @listed(kinds.BIN)
    def bins(self) -> None:
        """Bins of all locations, a part of the list at a time."""
