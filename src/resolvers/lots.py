"""Lots: what was made together and expires together."""

from datetime import date, datetime

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import guarded, output
from resolvers.filters.lots import LotState
from resolvers.kinds import LotRef
from resolvers.lists import Info, linked, listed, load
from resolvers.nodes import Node


@output
class Lot(Node):
    """Units of one product that were made together and expire together."""

    number: str
    """The maker's number for it; unique within its product."""

    expiry_date: date | None
    """The last day on which it is usable; absent when it does not expire."""

    days_left: int | None
    """Days until its expiry date, 0 on that day, below zero after it; absent without a date."""

    note: str | None
    """What somebody noted about it."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""

    state: LotState
    """How near to its end it is."""

    product_id: strawberry.Private[str]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product that it is a lot of."""
        return self.product_id

    @listed(kinds.INVENTORY_ITEM, "lot_id")
    def items(self) -> str:
        """The buckets that hold or held stock of it."""
        return self.id

    @listed(kinds.HOLD, "lot_id")
    def holds(self) -> str:
        """Holds on it, and on items of it."""
        return self.id


@output
class LotQueries:
    """Reads of lots."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def lot(self, info: Info, id: strawberry.ID) -> LotRef | None:
        """The lot with this id; null when there is none.

        Args:
            id: Its id.
        """
        lot: Lot | None = await load(info, kinds.LOT, id)
        return lot

    @listed(kinds.LOT)
    def lots(self) -> None:
        """Lots of all products, a part of the list at a time."""
