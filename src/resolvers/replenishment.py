"""Replenishment: how products are ordered at locations, and what is to be ordered."""

from datetime import date, datetime
from typing import Any, ClassVar

import strawberry

from domain.documents import Machine
from domain.machines.replenishment import REPLENISHMENT, ReplenishmentAction, ReplenishmentStatus
from domain.permissions import Permission
from resolvers import kinds
from resolvers.documents import Document, allowed
from resolvers.fields import guarded, output, plain
from resolvers.filters.replenishment import ReplenishmentMethod
from resolvers.kinds import ReplenishmentRef
from resolvers.lists import Info, linked, listed, named
from resolvers.nodes import Shown
from resolvers.scalars import Money, Quantity
from services.stock import reading as stock


@output
class ReplenishmentConfig(Shown):
    """How more of a product is ordered at a location.

    What is absent falls to the product's own reorder point, safety stock and lead time. Minimum,
    reorder point, maximum, lead time, review period and source are those of its inventory level.
    """

    min_quantity: Quantity | None
    """By `MIN_MAX`, at this or below more is ordered."""

    max_quantity: Quantity | None
    """Up to this more is ordered."""

    order_quantity: Quantity | None
    """By `FIXED`, how much is ordered at a time."""

    pack_size: Quantity | None
    """Orders are whole multiples of it; of the product's quantity step where it is absent."""

    minimum_order_quantity: Quantity | None
    """The least that can be ordered."""

    safety_stock: Quantity | None
    """Units to be there when an order arrives; absent: from the service level, or the product's."""

    service_level: Quantity | None
    """The part of order cycles that no stock-out is to end, from 0.5 to 0.999."""

    lead_time_deviation_days: Quantity | None
    """The standard deviation of the lead time."""

    cover_days: int | None
    """By `DAYS_OF_COVER`, for how many days beyond lead time and review period is ordered."""

    order_cost: Money | None
    """By `EOQ`, what placing an order costs."""

    holding_cost: Money | None
    """By `EOQ`, what keeping a unit for a year costs."""

    shelf_life_days: int | None
    """For how many days a unit can be used once it is here; more than that needs is not ordered."""

    demand_window_days: int | None
    """Over how many days up to yesterday demand is measured; 90 where it is absent."""

    demand_share: Quantity | None
    """The part of the demand that names no location which is counted as this location's."""

    abc_class: str | None
    """How much the product matters here: `A`, `B` or `C`."""

    version: int
    """Raised with each change of the inventory level."""

    created_at: datetime
    """When the inventory level was made."""

    updated_at: datetime
    """When it was last changed."""

    id: strawberry.Private[str]
    replenishment_method: strawberry.Private[str | None]
    reorder_quantity: strawberry.Private[Quantity | None]
    expected_lead_time_days: strawberry.Private[int | None]
    replenishment_period_days: strawberry.Private[int | None]
    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]
    preferred_bin_id: strawberry.Private[str | None]
    replenishment_location_id: strawberry.Private[str | None]

    @plain
    def method(self) -> ReplenishmentMethod | None:
        """When and how much is ordered; absent where nothing is suggested any longer."""
        method = self.replenishment_method
        return None if method is None else ReplenishmentMethod(method)

    @plain
    def reorder_point(self) -> Quantity | None:
        """At this or below more is ordered; the `reorderQuantity` of the inventory level."""
        return self.reorder_quantity

    @plain
    def lead_time_days(self) -> int | None:
        """Days from ordering to receiving."""
        return self.expected_lead_time_days

    @plain
    def review_period_days(self) -> int | None:
        """Days between two orders; 7 where it is absent."""
        return self.replenishment_period_days

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.location_id

    @linked(kinds.LOCATION)
    def source_location(self) -> str | None:
        """The location from which it is replenished."""
        return self.replenishment_location_id

    @linked(kinds.BIN)
    def preferred_bin(self) -> str | None:
        """The bin into which received goods are put; its capacity limits what is suggested."""
        return self.preferred_bin_id

    @linked(kinds.INVENTORY_LEVEL, needs=Permission.INVENTORY_READ)
    def level(self) -> str:
        """The inventory level that it belongs to."""
        return self.id


@output
class Replenishment(Document):
    """Units of a product that are to be ordered for a location, until they have arrived.

    Of one that became a transfer, the state follows the transfer.
    """

    machine: ClassVar[Machine] = REPLENISHMENT

    status: ReplenishmentStatus
    """Where it stands."""

    product_name: str
    """The product's name."""

    quantity: Quantity
    """How many base units are ordered."""

    quantity_received: Quantity
    """How many of them have arrived from the supplier; of a transfer its lines tell."""

    method: ReplenishmentMethod | None
    """The method of the suggestion that it was made from; absent of one that somebody asked for."""

    needed_by: date | None
    """When the units are needed."""

    unit_cost: Money | None
    """What a unit cost when it was made."""

    reference: str | None
    """The caller's own name for it, such as the number of the supplier's order."""

    comment: str | None
    """What was said when it was made."""

    transfer_id: strawberry.ID | None
    """The id of the transfer that it became."""

    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]
    source_location_id: strawberry.Private[str | None]

    @classmethod
    def of_outcome(cls, outcome: Any) -> "Replenishment":
        """The record of an act, with its events."""
        record = cls.of(outcome.record)
        record.kept_events = outcome.events
        return record

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location for which it is ordered."""
        return self.location_id

    @linked(kinds.LOCATION)
    def source_location(self) -> str | None:
        """The location that sends it; absent where the supplier does."""
        return self.source_location_id

    @linked(kinds.TRANSFER, needs=Permission.TRANSFERS_READ)
    def transfer(self) -> str | None:
        """The transfer that it became."""
        return self.transfer_id

    @plain
    def allowed_actions(self, info: Info) -> list[ReplenishmentAction]:
        """What its state and your key allow; nothing of one that became a transfer."""
        return [] if self.transfer_id else allowed(self, info)


@output
class ReplenishmentQueries:
    """Reads of how products are ordered, and of what is."""

    @guarded(needs=Permission.REPLENISHMENT_READ)
    async def replenishment(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> ReplenishmentRef | None:
        """The replenishment record with this id or number; null when there is none.

        Args:
            id: Its id. Give one of the two.
            number: Its number.
        """
        record: Replenishment | None = await named(info, kinds.REPLENISHMENT, id, number=number)
        return record

    @listed(kinds.REPLENISHMENT)
    def replenishments(self) -> None:
        """Replenishment records, a part of the list at a time."""

    @guarded(needs=Permission.REPLENISHMENT_READ)
    async def replenishment_config(
        self, info: Info, product_id: strawberry.ID, location_id: strawberry.ID
    ) -> ReplenishmentConfig | None:
        """How more of a product is ordered at a location; null where no method is set.

        Args:
            product_id: The product.
            location_id: The location.
        """
        pair = (location_id, product_id)
        row = await info.context.loaders.load(stock.settings_by_pair, pair)
        if row is None or row.replenishment_method is None:
            return None
        return ReplenishmentConfig.of(row)

    @listed(kinds.REPLENISHMENT_CONFIG)
    def replenishment_configs(self) -> None:
        """How products are ordered at locations, a part of the list at a time."""
