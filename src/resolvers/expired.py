"""Stock that has expired, was marked as expired, or expires soon."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import strawberry

from domain.errors import Invalid
from domain.pages import ListWish, Page
from domain.permissions import Permission
from domain.quantities import money
from resolvers import kinds
from resolvers.fields import guarded, output, plain
from resolvers.filters.expired import ExpiredStockFilter, ExpiryStatus
from resolvers.kinds import InventoryItemRef
from resolvers.lists import Info, conditions, windowed
from resolvers.pages import Listed, Window
from resolvers.past import looks_back
from resolvers.scalars import Cursor, Money, Quantity
from services import expired as service

_ORDER = "expiry_date"
_DAYS_MAX = 36_500


@output
class ExpiredItem:
    """An inventory item with units that have expired or expire soon."""

    item: InventoryItemRef
    """The inventory item."""

    days_expired: int | None
    """Days since its expiry date; below zero for days to go, absent without a date."""

    expiry_status: ExpiryStatus
    """How it stands."""

    value: Money
    """Units on hand times what a unit costs; 0 without a cost."""

    @classmethod
    def of(cls, row: Any) -> "ExpiredItem":
        """This row as the graph shows it."""
        return cls(
            item=kinds.INVENTORY_ITEM.type.of(row),
            days_expired=row.days_expired,
            expiry_status=ExpiryStatus(row.expiry_status),
            value=Money(money(row.on_hand * (row.unit_cost or Decimal(0)))),
        )


@output
class ExpiredTotals:
    """Sums over all of the expired stock that was asked for."""

    quantity: Quantity
    """Units on hand."""

    value: Money
    """What they cost; 0 for products without a cost."""


@output
class ExpiredStock:
    """Stock that has expired, was marked, or expires soon, with its sums."""

    filters: strawberry.Private[tuple[tuple[str, Any], ...]]

    @plain
    async def totals(self, info: Info) -> ExpiredTotals:
        """Sums over the whole list."""
        wish = ListWish(filters=self.filters)
        row = await info.context.loaders.load(service.totals, wish)
        return ExpiredTotals(quantity=row.quantity, value=Money(money(row.value)))

    @windowed(ExpiredItem)
    def items(self, info: Info, window: Window) -> Listed[Any]:
        """The inventory items, what expired first before the others; a part at a time."""
        loaders, cursors = info.context.loaders, info.context.cursors
        scope = repr(("ExpiredStock", self.filters))
        part = window.wish(lambda text, name: cursors.open(scope, text, name))
        whole = ListWish(filters=self.filters)
        wish = replace(whole, order=_ORDER, part=part)

        async def read() -> Page[Any]:
            page: Page[Any] = await loaders.load(service.items.pages, wish)
            return page

        async def count() -> int:
            return int(await loaders.load(service.items.counts, whole))

        def cursor(row: Any) -> Cursor:
            sealed: Cursor = cursors.seal(scope, service.items.key_of(row, _ORDER))
            return sealed

        return Listed(part=part, load=read, count=count, node=ExpiredItem.of, cursor=cursor)


@output
class ExpiredQueries:
    """Reads of expired stock."""

    @guarded(needs=Permission.INVENTORY_READ)
    @looks_back
    def expired_stock(self, filter: ExpiredStockFilter | None = None) -> ExpiredStock:
        """Stock that has expired or was marked as expired and is still on hand.

        Args:
            filter: What it must be like; all conditions together.
        """
        found = dict(conditions(filter)) if filter else {}
        if not 0 <= found.get("within_days", 0) <= _DAYS_MAX:
            raise Invalid("withinDays", f"withinDays must be from 0 to {_DAYS_MAX:,}.")
        return ExpiredStock(filters=tuple({"within_days": -1, **found}.items()))
