"""Stocklists: what one location regularly asks of another."""

from dataclasses import field
from datetime import date, datetime
from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.authors import Author
from resolvers.fields import guarded, output, plain
from resolvers.filters.stocklists import StocklistState, StocklistType
from resolvers.kinds import StocklistRef
from resolvers.lists import Info, linked, listed, load
from resolvers.nodes import Node, Shown
from resolvers.scalars import Quantity
from services import stocklists as service


@output
class StocklistLine(Shown):
    """A product of a stocklist."""

    ordinal: int
    """1, 2, 3 … within its stocklist."""

    product_name: str
    """The product's name."""

    sku: str
    """The product's SKU."""

    unit_of_measure: str
    """Its base unit."""

    max_quantity: Quantity
    """Up to so many base units, or so many each time."""

    pack_size: Quantity
    """Base units in one pack; whole packs are asked for."""

    on_hand_at_destination: Quantity
    """Units that are on hand where it is asked."""

    on_order_at_destination: Quantity
    """Units that requests of the location still bring; a request that is made by itself asks for
    less by them."""

    product_id: strawberry.Private[str]
    stocklist_type: strawberry.Private[str]

    @plain
    def suggested_quantity(self) -> Quantity:
        """What a request that is made now would ask for, in base units."""
        return Quantity(service.suggested(self))

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id


@output
class Stocklist(Node):
    """What one location regularly asks of another, from which requests are made."""

    name: str
    """Its name; unique."""

    state: StocklistState
    """Where it is in its life."""

    type: StocklistType
    """How it comes to the quantities that it suggests."""

    period_days: int | None
    """Every how many days a request is made from it; absent where none is by itself."""

    next_on: date | None
    """The day on which that happens next."""

    requesting_location_name: str
    """The name of the location that asks."""

    fulfilling_location_name: str
    """The name of the location that is to send it."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it last changed."""

    requesting_location_id: strawberry.Private[str]
    fulfilling_location_id: strawberry.Private[str]
    created_by_id: strawberry.Private[str]
    created_by_name: strawberry.Private[str]
    kept_lines: strawberry.Private[Any] = field(default=None, init=False)  # of a write's outcome

    @classmethod
    def of_outcome(cls, outcome: Any) -> "Stocklist":
        """The stocklist of an act, with the lines that the act has read."""
        stocklist = cls.of(outcome.stocklist)
        stocklist.kept_lines = outcome.lines
        return stocklist

    @plain
    def created_by(self) -> Author:
        """Who made it."""
        return Author(id=strawberry.ID(self.created_by_id), name=self.created_by_name)

    @linked(kinds.LOCATION)
    def requesting_location(self) -> str:
        """The location that asks."""
        return self.requesting_location_id

    @linked(kinds.LOCATION)
    def fulfilling_location(self) -> str:
        """The location that is to send it."""
        return self.fulfilling_location_id

    @plain
    async def lines(self, info: Info) -> list[StocklistLine]:
        """Its products, in order; at most 500."""
        rows = self.kept_lines
        if rows is None:
            rows = await info.context.loaders.load(service.lines_of, self.id) or []
        return [StocklistLine.of(row) for row in rows]

    @listed(kinds.STOCK_REQUEST, "stocklist_id")
    def stock_requests(self) -> str:
        """The requests that were made from it."""
        return self.id


@output
class StocklistQueries:
    """Reads of stocklists."""

    @guarded(needs=Permission.STOCKREQUESTS_READ)
    async def stocklist(self, info: Info, id: strawberry.ID) -> StocklistRef | None:
        """The stocklist with this id; null when there is none.

        Args:
            id: Its id.
        """
        stocklist: Stocklist | None = await load(info, kinds.STOCKLIST, id)
        return stocklist

    @listed(kinds.STOCKLIST)
    def stocklists(self) -> None:
        """Stocklists, a part of the list at a time."""
