"""Pages of a matrix from what this process keeps: only the numbers are read.

What is kept is reference data of the very version that the snapshot sees (`models.reference`): the
policies, the order of the rows, the products. Numbers are read each time. A page that is not
asked for plainly, and one of a tenant whose reference data has just changed, is read from the
tables (`services.atp.matrix`), with the same rows.
"""

import json
import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from domain.pages import Page, PageWish
from models import matrix, packed
from models.reference import Shelf
from models.session import Session
from services.atp.cells import Pair, Place, by_pairs, numbers_with, promised_of_lists
from services.atp.policies import PolicyBook
from services.atp.rows import Fragments, MatrixWish, Row
from services.atp.rules import cells

_USES = 3  # pages of a list from the tables, before all of it is read
_SUMS = struct.Struct(">4q")
_SCALE = 6
_KEY_BYTES, _ROW_BYTES = 250, 4  # of a product's place in an order, and of a row of a list
_FRAGMENTS = "fragments"


@dataclass(frozen=True, slots=True)
class _Order:
    """All products of a tenant in an order, by what they are sorted by."""

    ids: list[str]
    keys: list[tuple[Any, ...]]
    places: dict[str, int]


async def page(
    session: Session, location_id: str, wish: MatrixWish, part: PageWish, book: PolicyBook
) -> Page[Row] | None:
    """A part of the location's matrix; None where it has to be read from the tables."""
    shelf = await session.shelf()
    if shelf is None or wish.needs_cells or wish.is_filtered:
        return None
    if not _is_worth_it(shelf, location_id, wish.order):
        return None
    order = await _order(session, shelf, wish.order)
    listed = await _listed(session, shelf, location_id, wish.order)
    start, end = _window(listed, order.keys, part, descending=wish.descending)
    last = len(listed) - 1
    chosen = [listed[last - i if wish.descending else i] for i in range(start, end)]
    ids = [order.ids[place] for place in chosen]
    await _have_terms(session, shelf, ids)
    found = await session.numbers([location_id] * len(ids), ids)
    make = partial(_row, shelf, book, location_id, wish)
    rows = [
        make(id, order.keys[place], sums, more)
        for id, place, (sums, more) in zip(ids, chosen, found, strict=True)
    ]
    return Page(rows=rows, has_next=end < len(listed), has_previous=start > 0)


async def places(session: Session, pairs: Sequence[Pair], book: PolicyBook) -> Mapping[Pair, Place]:
    """The cells of every active channel for these pairs, as `by_pairs` gives them.

    Numbers come packed, which costs the database a third; at a former moment from the tables.
    """
    if session.looks_back or not pairs:
        return await by_pairs(session, pairs, book)
    ids = sorted({product_id for _, product_id in pairs})
    shelf = await session.shelf()
    if shelf is None:
        terms = {row.id: row for row in await session.all(packed.terms_of_products(ids))}
    else:
        await _have_terms(session, shelf, ids)
        terms = {id: row for id in ids if (row := shelf.get("terms", id)) is not None}
    known = [pair for pair in pairs if pair[1] in terms]
    found = await session.numbers([pair[0] for pair in known], [pair[1] for pair in known])
    return {
        pair: _place(terms[pair[1]], book, pair, sums, more)
        for pair, (sums, more) in zip(known, found, strict=True)
    }


async def count(session: Session, location_id: str, wish: MatrixWish) -> int | None:
    """How many rows the location's matrix has; None where that is not kept."""
    shelf = await session.shelf()
    if shelf is None or wish.is_filtered or wish.severity is not None:
        return None
    listed = shelf.thing(("listed", location_id, wish.order))
    return None if listed is None else len(listed)


def _is_worth_it(shelf: Shelf, location_id: str, order: str) -> bool:
    """Whether a list is kept, or has been asked for often enough to be."""
    if shelf.thing(("listed", location_id, order)) is not None:
        return True
    name = ("uses", location_id, order)
    uses = (shelf.thing(name) or 0) + 1
    shelf.keep(name, uses, 0)
    return uses > _USES


async def _order(session: Session, shelf: Shelf, order: str) -> _Order:
    known: _Order | None = shelf.thing(("order", order))
    if known is None:
        rows = await session.all(matrix.order_of_all(order))
        ids = [row[0] for row in rows]
        keys: list[tuple[Any, ...]] = [tuple(row[1:]) for row in rows]
        known = _Order(ids, keys, {id: n for n, id in enumerate(ids)})
        shelf.keep(("order", order), known, len(ids) * _KEY_BYTES)
    return known


async def _listed(session: Session, shelf: Shelf, location_id: str, order: str) -> "array[int]":
    """The rows of a location: their places in the order of all products."""
    name = ("listed", location_id, order)
    known: array[int] | None = shelf.thing(name)
    if known is None:
        places = (await _order(session, shelf, order)).places
        rows = await session.all(matrix.listed(location_id))
        known = array("I", sorted(places[row.product_id] for row in rows))
        shelf.keep(name, known, len(known) * _ROW_BYTES)
    return known


def _window(
    rows: "array[int]", keys: Sequence[tuple[Any, ...]], part: PageWish, *, descending: bool
) -> tuple[int, int]:
    """From where to where the wished part of the rows goes."""
    count, place = len(rows), keys.__getitem__

    def past(key: tuple[Any, ...], *, before: bool) -> int:
        """How many rows come up to the key, itself included, or before it."""
        find = bisect_left if before != descending else bisect_right
        found = find(rows, key, key=place)
        return count - found if descending else found

    start = 0 if part.after is None else past(part.after, before=False)
    end = count if part.before is None else past(part.before, before=True)
    if part.page is not None:
        start = (part.page - 1) * part.limit
    if part.backward:
        return max(start, end - part.limit), end
    return min(start, end), min(start + part.limit, end)


async def _have_terms(session: Session, shelf: Shelf, ids: Sequence[str]) -> None:
    """Keep what the numbers of these products are read with."""
    missing = [id for id in ids if shelf.get("terms", id) is None]
    if missing:
        for row in await session.all(packed.terms_of_products(missing)):
            shelf.put("terms", row.id, row)


def _row(  # noqa: PLR0913, PLR0917 - what one row is made of
    shelf: Shelf,
    book: PolicyBook,
    location_id: str,
    wish: MatrixWish,
    id: str,
    key: tuple[Any, ...],
    sums: bytes,
    more: str | None,
) -> Row:
    kept: Fragments | None = shelf.thing(_FRAGMENTS)
    if kept is None:
        kept = Fragments(shelf)
        shelf.keep(_FRAGMENTS, kept, 0)
    fragment = (kept, (location_id, id, wish.channel_ids), (sums, more))
    make = partial(_place, shelf.get("terms", id), book, (location_id, id), sums, more)
    return Row(product_id=id, make=make, wish=wish, key=key, fragment=fragment)


def _place(terms: Any, book: PolicyBook, pair: Pair, sums: bytes, more: str | None) -> Place:
    """A place from its numbers and from what of the product is reference data."""
    quotas, promises, *dated = [None] * 5 if more is None else _lists(more)
    kept_sums = [Decimal(number).scaleb(-_SCALE) for number in _SUMS.unpack(sums)]
    numbers = numbers_with(kept_sums, *dated)
    promised = promised_of_lists(promises, quotas)
    chosen = book.terms(pair[0], terms.path, terms.policies)
    made = cells(numbers, chosen, promised, terms.quantity_step)
    return Place(*pair, numbers, made, promised, terms.quantity_step)


def _lists(more: str) -> list[Any]:
    found: list[Any] = json.loads(more, parse_float=Decimal)
    return found
