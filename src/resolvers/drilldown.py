"""One product at one location, with everything that its promises are made of."""

from datetime import date, datetime
from typing import Any

import strawberry

from domain.errors import NotFound
from domain.permissions import Permission
from resolvers import kinds
from resolvers.atp_cells import AtpCell, cells_at
from resolvers.availability import StockLine
from resolvers.fields import guarded, output, plain
from resolvers.kind import Kind
from resolvers.kinds import ChannelPolicyRef, HoldRef
from resolvers.lists import Info, linked, load
from resolvers.matrix_rows import require_location
from resolvers.nodes import Shown
from resolvers.past import looks_back
from resolvers.scalars import Quantity
from services import atp, availability


@output
class OpenPromise(Shown):
    """Units that are promised and not yet kept, given back or run out."""

    id: strawberry.ID
    """The id of the reservation."""

    kind: str
    """`HARD` for units that a document has set aside in a bucket, `SOFT` for those of a time."""

    quantity: Quantity
    """How many units."""

    reference: str | None
    """The caller's own name for it, such as an order's number."""

    expires_at: datetime | None
    """When it runs out; absent for one that does not."""

    created_at: datetime
    """When it was made."""

    channel_id: strawberry.Private[str | None]
    inventory_item_id: strawberry.Private[str | None]

    @linked(kinds.CHANNEL)
    def channel(self) -> str | None:
        """The channel that promised them; absent where none did."""
        return self.channel_id

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str | None:
        """The bucket in which they are set aside; absent where none is named."""
        return self.inventory_item_id


@output
class InboundSupply(Shown):
    """Units that are expected at a location and not yet on hand there."""

    kind: str
    """`IN_TRANSIT` for units that were shipped, `APPROVED` for those that will be, `ORDERED` for
    those that were ordered elsewhere."""

    quantity: Quantity
    """How many units."""

    due_on: date | None
    """When they are expected; absent where nobody has said."""

    source_type: str
    """The kind of document that brings them."""

    source_id: strawberry.ID
    """The id of the document."""

    source_number: str
    """The number of the document."""


@output
class AtpDrilldown:
    """What every channel can promise of one product from one location, and what it is made of."""

    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]

    cells: list[AtpCell]
    """What each shown channel can promise, in the order of the columns."""

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.location_id

    @plain
    async def stock_lines(self, info: Info) -> list[StockLine]:
        """The buckets, by expiry date, bin and id."""
        wish = availability.Wish(location_id=self.location_id, product_id=self.product_id)
        return [StockLine.of(line) for line in await info.context.read(availability.lines, wish)]

    @plain
    async def reservations(self, info: Info) -> list[OpenPromise]:
        """What is promised of it, by the ids of the reservations."""
        pair = (self.location_id, self.product_id)
        rows = await info.context.read(atp.open_promises, pair)
        return [OpenPromise.of(row) for row in rows]

    @plain
    async def inbound(self, info: Info) -> list[InboundSupply]:
        """What is on its way, the earliest first; of now, whatever moment is looked at."""
        pair = (self.location_id, self.product_id)
        rows = await info.context.read(atp.inbound, pair)
        return [InboundSupply.of(row) for row in rows]

    @plain
    async def holds(self, info: Info) -> list[HoldRef]:
        """The holds on it, on its buckets, and on their lots and bins."""
        return await self._things(info, kinds.HOLD, await self._ids(info, "holds"))

    @plain
    async def policies(self, info: Info) -> list[ChannelPolicyRef]:
        """The most specific policy of each shown channel that has one."""
        ids = [cell.cell.terms.policy_id for cell in self.cells]
        return await self._things(info, kinds.CHANNEL_POLICY, dict.fromkeys(filter(None, ids)))

    async def _ids(self, info: Info, name: str) -> Any:
        pair = (self.location_id, self.product_id)
        found = await info.context.loaders.load(atp.evidence, pair)
        return getattr(found or atp.NO_EVIDENCE, name)

    async def _things(self, info: Info, kind: Kind, ids: Any) -> list[Any]:
        rows = await info.context.loaders.load_many(kind.reader.by_ids, list(ids))
        return [kind.type.of(row) for row in rows if row is not None]


@output
class DrilldownQueries:
    """Reads of what promises are made of."""

    @guarded(needs=Permission.INVENTORY_READ)
    @looks_back
    async def atp_drilldown(
        self,
        info: Info,
        location_id: strawberry.ID,
        product_id: strawberry.ID,
        channel_in: list[strawberry.ID] | None = None,
    ) -> AtpDrilldown:
        """What every channel can promise of one product from one location, and what it is made of.

        Args:
            location_id: The location; `NOT_FOUND` when there is none with this id.
            product_id: The product; `NOT_FOUND` when there is none with this id.
            channel_in: Only these channels.
        """
        await require_location(info, location_id)
        if await load(info, kinds.PRODUCT, product_id) is None:
            raise NotFound("Product", "productId")
        cells = await cells_at(info, product_id, location_id, channel_in)
        return AtpDrilldown(product_id=product_id, location_id=location_id, cells=cells)
