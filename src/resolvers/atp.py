"""The matrix of a location: what every channel can promise of every product."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.atp_inputs import MatrixFilter, MatrixOrder, matrix_wish
from resolvers.fields import guarded, output, plain
from resolvers.lists import Info, linked, windowed
from resolvers.matrix_rows import AtpRow, MatrixRows, prime, require_location
from resolvers.moments import OfOneMoment
from resolvers.pages import Listed, Window
from resolvers.past import looks_back
from resolvers.scalars import Quantity
from services import atp


@output
class AtpColumn:
    """A channel of a matrix, with what holds for it at the location whatever the product."""

    terms: strawberry.Private[atp.Terms]

    low_atp_threshold: Quantity
    """Up to here a promise is LOW, unless a product's own policy says another number."""

    @linked(kinds.CHANNEL)
    def channel(self) -> str:
        """The channel."""
        return self.terms.channel_id

    @linked(kinds.CHANNEL_POLICY)
    def policy(self) -> str | None:
        """Its most specific policy here that is about no product and no category."""
        return self.terms.policy_id


@output
class AtpMatrix(OfOneMoment):
    """What every channel can promise of every product of one location, at one moment."""

    location_id: strawberry.Private[str]
    wish: strawberry.Private[atp.MatrixWish]

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.location_id

    @plain
    async def columns(self, info: Info) -> list[AtpColumn]:
        """The shown channels, in the order of their columns."""
        book = await info.context.loaders.load(atp.books, self.location_id)
        columns = atp.columns(book, self.location_id, self.wish.channel_ids)
        prime(info, book.own_channels)
        return [
            AtpColumn(terms=terms, low_atp_threshold=Quantity(terms.threshold))
            for _, terms in columns
        ]

    @windowed(AtpRow)
    def rows(self, info: Info, window: Window) -> Listed[Any]:
        """The products that were ever stocked here, or have a policy or level of their own here."""
        rows = MatrixRows(info=info, location_id=self.location_id, wish=self.wish)
        return rows.listed(window, lambda row: AtpRow(row=row))


@output
class AtpQueries:
    """Reads of promises."""

    @guarded(needs=Permission.INVENTORY_READ)
    @looks_back
    async def atp_matrix(
        self,
        info: Info,
        location_id: strawberry.ID,
        filter: MatrixFilter | None = None,
        order_by: MatrixOrder | None = None,
    ) -> AtpMatrix | None:
        """What each channel can promise of each product from one location.

        Args:
            location_id: The location; `NOT_FOUND` when there is none with this id.
            filter: Which rows and columns are wanted.
            order_by: How the rows are sorted; by SKU unless told.
        """
        await require_location(info, location_id)
        return AtpMatrix(location_id=location_id, wish=matrix_wish(filter, order_by))
