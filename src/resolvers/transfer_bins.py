"""The bins of a location as those see them who move stock from one to another."""

from dataclasses import replace
from typing import Any

import strawberry

from domain.pages import ListWish, Page
from domain.permissions import Permission
from resolvers.fields import guarded, output, plain
from resolvers.lists import Info, windowed
from resolvers.nodes import Shown
from resolvers.pages import Listed, Window
from resolvers.scalars import Cursor, Quantity
from services.locations import reading as service

_ORDER = "code"


@output
class TransferBin(Shown):
    """A bin with what it holds, of all products or of the one that was asked for."""

    bin_id: strawberry.ID
    """The bin's id."""

    code: str
    """Its code, unique within its location."""

    name: str | None
    """Its name."""

    type: str
    """What it is used for."""

    zone: str | None
    """The part of the location in which it stands."""

    active: bool
    """Whether it is still used."""

    product_id: strawberry.Private[str | None]

    @plain
    def is_held(self) -> bool:
        """Whether its type keeps its stock from being promised."""
        return service.is_held(self.type)

    @plain
    async def on_hand(self, info: Info) -> Quantity:
        """Units that are physically in it, held and expired ones too."""
        return Quantity((await self._stock(info)).on_hand)

    @plain
    async def available(self, info: Info) -> Quantity:
        """Units of these that are neither held nor expired nor promised to a document."""
        return Quantity((await self._stock(info)).available)

    async def _stock(self, info: Info) -> Any:
        return await info.context.loaders.load(service.stock_by_bin, self.bin_id, self.product_id)


@output
class TransferBins:
    """The bins of a location."""

    location_id: strawberry.Private[str]
    product_id: strawberry.Private[str | None]
    search: strawberry.Private[str | None]

    @windowed(TransferBin)
    def bins(self, info: Info, window: Window) -> Listed[Any]:
        """The bins, in the order of their codes; a part at a time."""
        loaders, cursors = info.context.loaders, info.context.cursors
        filters: tuple[tuple[str, Any], ...] = (("location_id_in", (self.location_id,)),)
        if self.search is not None:
            filters = (*filters, ("search", self.search))
        scope = repr(("TransferBins", filters))
        part = window.wish(lambda text, name: cursors.open(scope, text, name))
        whole = ListWish(filters=filters)
        wish = replace(whole, order=_ORDER, part=part)

        async def read() -> Page[Any]:
            page: Page[Any] = await loaders.load(service.bins.pages, wish)
            return page

        async def count() -> int:
            return int(await loaders.load(service.bins.counts, whole))

        def cursor(row: Any) -> Cursor:
            sealed: Cursor = cursors.seal(scope, service.bins.key_of(row, _ORDER))
            return sealed

        return Listed(part=part, load=read, count=count, node=self._bin, cursor=cursor)

    def _bin(self, row: Any) -> TransferBin:
        return TransferBin(
            bin_id=strawberry.ID(row.id),
            code=row.code,
            name=row.name,
            type=row.type,
            zone=row.zone,
            active=row.active,
            product_id=self.product_id,
        )


@output
class TransferBinQueries:
    """Reads of bins for transfers."""

    @guarded(needs=Permission.TRANSFERS_READ)
    def transfer_bins(
        self,
        location_id: strawberry.ID,
        product_id: strawberry.ID | None = None,
        search: str | None = None,
    ) -> TransferBins:
        """The bins of a location with what they hold; none where there is no such location.

        Args:
            location_id: The location.
            product_id: The product whose units are told; all products when left out.
            search: Words that the bins' code, name and zone hold.
        """
        return TransferBins(
            location_id=location_id, product_id=product_id or None, search=search or None
        )
