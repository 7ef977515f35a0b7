"""The rows of a matrix as a connection, for the matrix itself and for one channel's cells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import strawberry

from domain.errors import NotFound
from domain.pages import Page, PageWish
from resolvers import kinds
from resolvers.atp_cells import AtpCell
from resolvers.fields import output, plain
from resolvers.lists import Info, linked, load
from resolvers.pages import Connection, Listed, Window
from resolvers.scalars import Cursor, Quantity
from resolvers.selection import selects
from services import atp

_EVIDENCE = frozenset({"count", "refs"})  # fields of a step that show what is behind it


@output
class AtpRow:
    """One product of a matrix, with a cell for each shown channel."""

    row: strawberry.Private[atp.Row]

    @property
    def kept_as(self) -> Any:
        """Where what is written of the row is kept, under which key, and the numbers it is of."""
        return self.row.fragment

    @plain
    def total_on_hand(self) -> Quantity:
        """Units that are physically at the location, counted once."""
        return Quantity(self.row.place.numbers.on_hand)

    @plain
    def total_reserved(self) -> Quantity:
        """Units at the location that are promised already, counted once."""
        return Quantity(self.row.place.numbers.reserved)

    @plain
    def min_atp(self) -> Quantity:
        """The least that a shown channel can promise."""
        return Quantity(self.row.min_atp)

    @plain
    def max_atp(self) -> Quantity:
        """The most that a shown channel can promise."""
        return Quantity(self.row.max_atp)

    @plain
    def has_critical(self) -> bool:
        """Whether a shown channel can promise nothing."""
        return self.row.has_critical

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.row.product_id

    @plain
    def cells(self) -> list[AtpCell]:
        """What each shown channel can promise, in the order of the columns."""
        row = self.row
        return [AtpCell.of(row.place, cell, row.evidence) for cell in row.cells]


@dataclass(frozen=True, kw_only=True)
class MatrixRows:
    """The rows of one location's matrix, as one operation has asked for them.

    With `channel_id` there are rows only while that channel is active.
    """

    info: Info
    location_id: str
    wish: atp.MatrixWish
    channel_id: str | None = None

    def listed(self, window: Window, node: Any) -> Listed[Any]:
        """The wished part; `node` makes the type that is shown from a row."""
        cursors = self.info.context.cursors
        scope = repr(("AtpMatrix", self.location_id, self.wish))
        part = window.wish(lambda text, name: cursors.open(scope, text, name))

        def cursor(row: atp.Row) -> Cursor:
            sealed: Cursor = cursors.seal(scope, row.key)
            return sealed

        return Listed(
            part=part,
            load=lambda: self._read(part),
            count=self._count,
            node=node,
            cursor=cursor,
        )

    async def _read(self, part: PageWish) -> Page[Any]:
        loaders, book = self.info.context.loaders, await self._book()
        if book is None:
            return Page(rows=(), has_next=False, has_previous=False)
        page: Page[Any] = await loaders.load(atp.pages, self.location_id, self.wish, part, book)
        if self._is_explained:
            pairs = [(self.location_id, row.product_id) for row in page.rows]
            found = await loaders.load_many(atp.evidence, pairs)
            rows = [row.explained(one) for row, one in zip(page.rows, found, strict=True)]
            page = replace(page, rows=rows)
        for row in page.rows:
            if row.product is None:
                continue
            loaders.prime(kinds.PRODUCT.reader.by_ids, row.product_id, row.product)
            category = atp.category_of(row.product)
            if category is not None:
                loaders.prime(kinds.CATEGORY.reader.by_ids, category.id, category)
        return page

    @cached_property
    def _is_explained(self) -> bool:
        """Whether what is behind the steps of the cells is shown: it is read for all rows then."""
        return selects(self.info, "explain", _EVIDENCE)

    async def _count(self) -> int:
        book = await self._book()
        if book is None:
            return 0
        loaders = self.info.context.loaders
        return int(await loaders.load(atp.counts, self.location_id, self.wish, book))

    async def _book(self) -> atp.PolicyBook | None:
        book: atp.PolicyBook = await self.info.context.loaders.load(atp.books, self.location_id)
        prime(self.info, book.own_channels)
        shown = {channel.channel_id for channel in book.channels}
        return book if self.channel_id is None or self.channel_id in shown else None


def channel_cells(
    info: Info, channel_id: str, location_id: str, wish: atp.MatrixWish, window: Window
) -> Connection[AtpCell]:
    """The cells of one channel at one location, a part of the list at a time."""
    rows = MatrixRows(info=info, location_id=location_id, wish=wish, channel_id=channel_id)
    return Connection(
        listed=rows.listed(window, lambda row: AtpCell.of(row.place, row.cells[0], row.evidence))
    )


def prime(info: Info, channels: Sequence[Any]) -> None:
    """Keep channels that were read with policies."""
    loaders = info.context.loaders
    for channel in channels:
        loaders.prime(kinds.CHANNEL.reader.by_ids, channel.id, channel)


async def require_location(info: Info, location_id: str) -> None:
    """Refuse an id that names no location.

    Raises:
        NotFound: there is none that this tenant can see.
    """
    if await load(info, kinds.LOCATION, location_id) is None:
        raise NotFound("Location", "locationId")
