"""The matrix of one location: products by channels, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from domain.pages import Page, PageWish
from models import availability, matrix
from models.session import Session
from services.atp.cells import Place, by_pairs
from services.atp.policies import PolicyBook
from services.atp.rules import Cell, Severity, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixWish:
    """Which rows and columns of a location's matrix are wanted.

    `order` is `sku`, `name` or `min_atp`. `channel_ids` None shows all channels. With `severity`
    only rows that have a shown cell of it are listed.
    """

    location_id: str
    search: str | None = None
    category_id: str | None = None
    product_ids: Sequence[str] | None = None
    channel_ids: Sequence[str] | None = None
    severity: Severity | None = None
    order: str = "sku"
    descending: bool = False

    @property
    def needs_cells(self) -> bool:
        """Whether the list itself depends on computed cells."""
        return self.severity is not None or self.order == "min_atp"

    @property
    def filters(self) -> list[Any]:
        """The conditions on its products."""
        return matrix.filters(
            search=self.search, category_id=self.category_id, product_ids=self.product_ids
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One product of a matrix, with its shown cells; totals count physical units once.

    `product` is its row with its category's columns, prefixed `category__`. `place` holds what
    the cells share. `key` is the row's place in the order, for a cursor.
    """

    product: Any
    place: Place
    cells: Sequence[Cell]
    key: tuple[object, ...]

    @property
    def min_atp(self) -> Decimal:
        """The least that a shown channel can promise; 0 without channels."""
        return min((cell.atp for cell in self.cells), default=Decimal(0))

    @property
    def max_atp(self) -> Decimal:
        """The most that a shown channel can promise; 0 without channels."""
        return max((cell.atp for cell in self.cells), default=Decimal(0))

    @property
    def has_critical(self) -> bool:
        """Whether a shown cell is CRITICAL."""
        return any(cell.severity is Severity.CRITICAL for cell in self.cells)


async def columns(session: Session, wish: MatrixWish) -> list[tuple[Any, Terms]]:
    """The shown channels in order, each with its terms at the location for any product."""
    book = PolicyBook(await session.all(availability.terms([wish.location_id], [])))
    terms = book.terms(wish.location_id, None, None)
    return [
        (channel, one)
        for channel, one in zip(book.channels, terms, strict=True)
        if _is_shown(wish, channel.channel_id)
    ]


async def count(session: Session, wish: MatrixWish) -> int:
    """How many rows the whole matrix has under the wish's filters."""
    if wish.severity is not None:
        return len(await _ranked(session, wish))
    return int(await session.scalar(matrix.count([wish.location_id], wish.filters)))


async def page(session: Session, wish: MatrixWish, part: PageWish) -> Page[Row]:
    """One part of the matrix's rows, in the wish's order, ended by product id."""
    if wish.needs_cells:
        return await _ranked_page(session, wish, part)
    found = list(
        await session.all(
            matrix.products_page(
                wish.location_id, wish.filters, wish.order, part, descending=wish.descending
            )
        )
    )
    more = len(found) > part.limit
    found = found[: part.limit]
    if part.backward:
        found.reverse()
    names = [column.name for column in matrix.ORDERS[wish.order]]
    rows = await _rows(session, wish, found)
    keyed = [replace(row, key=tuple(getattr(row.product, name) for name in names)) for row in rows]
    return _page(keyed, part, more=more)


async def _rows(session: Session, wish: MatrixWish, products: Sequence[Any]) -> list[Row]:
    places = await by_pairs(session, [(wish.location_id, product.id) for product in products])
    return [
        Row(
            product=product,
            place=(place := places[wish.location_id, product.id]),
            cells=[cell for cell in place.cells if _is_shown(wish, cell.terms.channel_id)],
            key=(),
        )
        for product in products
    ]


def _page(rows: Sequence[Row], part: PageWish, *, more: bool) -> Page[Row]:
    """`more` says that the list goes on in the direction in which it was read."""
    onward = part.before is not None if part.backward else more
    back = more if part.backward else part.after is not None or (part.page or 1) > 1
    return Page(rows=rows, has_next=onward, has_previous=back)


async def _ranked(session: Session, wish: MatrixWish) -> list[tuple[tuple[Any, ...], str]]:
    """Sort key and product id of every row, where the order or a filter needs all cells."""
    listed = await session.all(matrix.sort_keys(wish.location_id, wish.filters))
    places = await by_pairs(session, [(wish.location_id, row.id) for row in listed])
    ranked = []
    for row in listed:
        shown = [
            cell
            for cell in places[wish.location_id, row.id].cells
            if _is_shown(wish, cell.terms.channel_id)
        ]
        if wish.severity is not None and all(c.severity is not wish.severity for c in shown):
            continue
        least = min((cell.atp for cell in shown), default=Decimal(0))
        first = {"min_atp": least, "sku": row.sku, "name": row.name_key}[wish.order]
        ranked.append(((first, row.id), row.id))
    ranked.sort(reverse=wish.descending)
    return ranked


async def _ranked_page(session: Session, wish: MatrixWish, part: PageWish) -> Page[Row]:
    ranked = await _ranked(session, wish)
    start, end = _window(ranked, part, descending=wish.descending)
    chosen = ranked[start:end]
    found = {
        row.id: row
        for row in await session.all(
            matrix.products_page(
                wish.location_id,
                matrix.filters(search=None, category_id=None, product_ids=[id for _, id in chosen]),
                "sku",
                PageWish(limit=max(1, len(chosen))),
            )
        )
    }
    rows = await _rows(session, wish, [found[id] for _, id in chosen])
    keyed = [replace(row, key=key) for row, (key, _) in zip(rows, chosen, strict=True)]
    return Page(rows=keyed, has_next=end < len(ranked), has_previous=start > 0)


def _window(
    ranked: Sequence[tuple[tuple[Any, ...], str]], part: PageWish, *, descending: bool
) -> tuple[int, int]:
    """From where to where the wished part goes, in a list that is whole in memory."""

    def is_past(key: tuple[Any, ...], place: tuple[Any, ...]) -> bool:
        return key < place if descending else key > place

    start, end = 0, len(ranked)
    if part.after is not None:
        start = sum(1 for key, _ in ranked if not is_past(key, part.after))
    if part.before is not None:
        end = sum(1 for key, _ in ranked if is_past(part.before, key))
    if part.page is not None:
        start = (part.page - 1) * part.limit
    if part.backward:
        return max(start, end - part.limit), end
    return min(start, end), min(start + part.limit, end)


def _is_shown(wish: MatrixWish, channel_id: str) -> bool:
    return wish.channel_ids is None or channel_id in wish.channel_ids
