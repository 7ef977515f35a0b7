"""The matrix of a location: products by channels, part by part; several locations at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any

from domain.errors import LimitExceeded
from domain.pages import NESTED_MAX, Page, PageWish
from models import matrix
from models.session import Session
from services.atp import kept
from services.atp.cells import by_pairs
from services.atp.policies import PolicyBook
from services.atp.rows import MatrixWish, Row
from services.atp.rules import Terms

Ranked = list[tuple[tuple[Any, ...], str]]  # sort key and product id, in order


def category_of(product: Any) -> SimpleNamespace | None:
    """The product's category as a row, from a row that was read with it; or None."""
    fields = {
        name.removeprefix("category__"): value
        for name, value in product._mapping.items()  # noqa: SLF001 - public in spite of its name
        if name.startswith("category__")
    }
    return SimpleNamespace(**fields) if fields["id"] is not None else None


def columns(
    book: PolicyBook, location_id: str, channel_ids: Sequence[str] | None = None
) -> list[tuple[Any, Terms]]:
    """The shown channels in order, each with its terms at the location for any product."""
    return [
        (channel, one)
        for channel, one in zip(book.channels, book.terms(location_id), strict=True)
        if channel_ids is None or channel.channel_id in channel_ids
    ]


async def counts(
    session: Session, location_ids: Sequence[str], wish: MatrixWish, book: PolicyBook
) -> Mapping[str, int]:
    """How many rows the matrix of each location has under the wish's filters."""
    if wish.severity is not None:
        ranked = await _ranked(session, location_ids, wish, book)
        return {id: len(ranked[id]) for id in location_ids}
    if len(location_ids) == 1:
        count = await kept.count(session, location_ids[0], wish)
        if count is not None:
            return {location_ids[0]: count}
    filters = wish.filters
    statement = matrix.counts(location_ids, filters) if filters else matrix.sizes(location_ids)
    rows = await session.all(statement)
    return {row.location_id: row.rows for row in rows}


async def pages(
    session: Session,
    location_ids: Sequence[str],
    wish: MatrixWish,
    part: PageWish,
    book: PolicyBook,
) -> Mapping[str, Page[Row]]:
    """The same part of each location's matrix, in the wish's order, ended by product id.

    Raises:
        LimitExceeded: there are so many locations that the rows could be too many.
    """
    _check_size(len(location_ids), part)
    if len(location_ids) == 1:
        page = await kept.page(session, location_ids[0], wish, part, book)
        if page is not None:
            return {location_ids[0]: page}
    read = _ranked_pages if wish.needs_cells else _listed_pages
    return await read(session, location_ids, wish, part, book)


async def _listed_pages(
    session: Session,
    location_ids: Sequence[str],
    wish: MatrixWish,
    part: PageWish,
    book: PolicyBook,
) -> Mapping[str, Page[Row]]:
    found: dict[str, list[Any]] = {id: [] for id in location_ids}
    statement = matrix.products_page(
        location_ids,
        wish.filters,
        wish.order,
        part,
        descending=wish.descending,
        is_search=wish.search is not None,
    )
    for row in await session.all(statement):
        found[row.listed_at].append(row)
    cut = {id: Page.cut(rows, part) for id, rows in found.items()}
    names = [column.name for column in matrix.ORDERS[wish.order]]
    keyed = {
        id: [(tuple(getattr(row, name) for name in names), row) for row in page.rows]
        for id, page in cut.items()
    }
    rows = await _rows(session, keyed, wish, book)
    return {
        id: Page(rows=rows[id], has_next=page.has_next, has_previous=page.has_previous)
        for id, page in cut.items()
    }


def _check_size(locations: int, part: PageWish) -> None:
    if locations * part.limit > NESTED_MAX:
        raise LimitExceeded(
            "first",
            f"{locations} matrices of {part.limit} rows are more than {NESTED_MAX} rows: "
            "ask for less of each.",
            limit="nestedRows",
            max=NESTED_MAX,
        )


async def _rows(
    session: Session,
    keyed: Mapping[str, Sequence[tuple[tuple[Any, ...], Any]]],
    wish: MatrixWish,
    book: PolicyBook,
) -> dict[str, list[Row]]:
    """The rows of each location, from its products with their places in the order."""
    pairs = [(id, product.id) for id, products in keyed.items() for _, product in products]
    places = await by_pairs(session, pairs, book)
    return {
        id: [
            Row(
                product_id=product.id,
                product=product,
                make=partial(places.__getitem__, (id, product.id)),
                wish=wish,
                key=key,
            )
            for key, product in products
        ]
        for id, products in keyed.items()
    }


async def _ranked(
    session: Session, location_ids: Sequence[str], wish: MatrixWish, book: PolicyBook
) -> Mapping[str, Ranked]:
    """The order of each location's rows, where it or a filter needs all cells."""
    listed = await session.all(matrix.sort_keys(location_ids, wish.filters))
    places = await by_pairs(session, [(row.location_id, row.id) for row in listed], book)
    ranked: dict[str, Ranked] = defaultdict(list)
    for row in listed:
        shown = wish.shown(places[row.location_id, row.id].cells)
        if wish.severity is not None and all(c.severity is not wish.severity for c in shown):
            continue
        first: Any = {"sku": row.sku, "name": row.name_key}.get(wish.order)
        if first is None:
            first = min((cell.atp for cell in shown), default=Decimal(0))
        ranked[row.location_id].append(((first, row.id), row.id))
    for rows in ranked.values():
        rows.sort(reverse=wish.descending)
    return ranked


async def _ranked_pages(
    session: Session,
    location_ids: Sequence[str],
    wish: MatrixWish,
    part: PageWish,
    book: PolicyBook,
) -> Mapping[str, Page[Row]]:
    ranked = await _ranked(session, location_ids, wish, book)
    windows = {id: _window(ranked[id], part, descending=wish.descending) for id in location_ids}
    chosen = {id: ranked[id][start:end] for id, (start, end) in windows.items()}
    ids = sorted({product_id for rows in chosen.values() for _, product_id in rows})
    products = {row.id: row for row in await session.all(matrix.products_by_ids(ids))}
    keyed = {id: [(key, products[product]) for key, product in rows] for id, rows in chosen.items()}
    rows = await _rows(session, keyed, wish, book)
    return {
        id: Page(rows=rows[id], has_next=end < len(ranked[id]), has_previous=start > 0)
        for id, (start, end) in windows.items()
    }


def _window(ranked: Ranked, part: PageWish, *, descending: bool) -> tuple[int, int]:
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
