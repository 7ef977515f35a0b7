"""Holds: stock that is there and must not be promised."""

from datetime import datetime

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.authors import Author
from resolvers.fields import guarded, output, plain
from resolvers.filters.holds import HoldScope, HoldState, HoldType
from resolvers.kinds import HoldRef
from resolvers.lists import Info, linked, listed, load
from resolvers.nodes import Node
from resolvers.scalars import Quantity


@output
class Hold(Node):
    """Stock that is physically there and promised to nobody, for a reason and perhaps for a time.

    What was reserved before stays reserved. Held units can still be moved and destroyed.
    """

    type: HoldType
    """Why it is held."""

    state: HoldState
    """Whether it holds, at this moment."""

    scope: HoldScope
    """What it lies on."""

    reason: str
    """What was said about it."""

    reference: str | None
    """The caller's own name for it, such as the number of a report."""

    quantity: Quantity | None
    """How many units it was placed on; absent for a hold on all that is there."""

    quantity_released: Quantity
    """How many of these units were released."""

    expires_at: datetime | None
    """When it ends by itself; absent for one that somebody has to release."""

    released_at: datetime | None
    """When it was last released, whole or in part."""

    release_reason: str | None
    """What was said when it was last released."""

    version: int
    """Raised with each change."""

    created_at: datetime
    """When it was placed."""

    updated_at: datetime
    """When it last changed."""

    product_id: strawberry.Private[str | None]
    location_id: strawberry.Private[str | None]
    lot_id: strawberry.Private[str | None]
    bin_id: strawberry.Private[str | None]
    inventory_item_id: strawberry.Private[str | None]
    created_by_id: strawberry.Private[str]
    created_by_name: strawberry.Private[str]
    released_by_id: strawberry.Private[str | None]
    released_by_name: strawberry.Private[str | None]

    @plain
    def remaining(self) -> Quantity | None:
        """How many units are not released; absent for a hold on all that is there."""
        return None if self.quantity is None else Quantity(self.quantity - self.quantity_released)

    @plain
    def created_by(self) -> Author:
        """Who placed it."""
        return Author(id=strawberry.ID(self.created_by_id), name=self.created_by_name)

    @plain
    def released_by(self) -> Author | None:
        """Who last released it; absent while nobody did."""
        return Author.of(self.released_by_id, self.released_by_name)

    @linked(kinds.PRODUCT)
    def product(self) -> str | None:
        """The product of which it holds units; absent for a hold on a bin."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """Where it holds; absent for a hold on a lot everywhere."""
        return self.location_id

    @linked(kinds.LOT)
    def lot(self) -> str | None:
        """The lot of which it holds units; absent where it names none."""
        return self.lot_id

    @linked(kinds.BIN)
    def bin(self) -> str | None:
        """The bin in which it holds; absent where it names none."""
        return self.bin_id

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str | None:
        """The inventory item that it lies on; absent for other scopes."""
        return self.inventory_item_id


@output
class HoldQueries:
    """Reads of holds."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def hold(self, info: Info, id: strawberry.ID) -> HoldRef | None:
        """The hold with this id; null when there is none.

        Args:
            id: Its id.
        """
        hold: Hold | None = await load(info, kinds.HOLD, id)
        return hold

    @listed(kinds.HOLD)
    def holds(self) -> None:
        """Holds, a part of the list at a time."""
