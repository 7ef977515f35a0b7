"""A list that clients page through: its rows, orders and filters, and what reads them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal_column, select, true

from domain.pages import ListWish
from models import keyset
from models.base import texts, texts_named
from models.bound import Bound
from models.search import patterns

Condition = Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Listing:
    """A list, as data.

    `rows` reads its rows, of the session's tenant only; what it joins for orders and filters
    alone, it joins outer and by unique keys, so that the planner leaves out what is not used.
    `id` tells rows apart and ends every order. `parents` are the columns by which it hangs on
    other things. A list of `reference` data has the rows of one such table and nothing else: they
    are kept. Where quantities are dear to read, `places` has the same rows without them, to
    sort and filter; orders and filters named in `measures` need `measured` in its stead.
    """

    rows: Select[Any]
    id: Sequence[ColumnElement[Any]]
    orders: Mapping[str, Sequence[ColumnElement[Any]]]
    filters: Mapping[str, Condition] = field(default_factory=dict)
    parents: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    places: Select[Any] | None = None
    measured: Select[Any] | None = None
    measures: frozenset[str] = frozenset()
    reference: bool = False

    def keys(self, order: str) -> list[ColumnElement[Any]]:
        """What rows are sorted by; the values come with each row as `key_0`, `key_1` and so on."""
        return [*self.orders[order], *self.id]

    def key_of(self, row: Any, order: str) -> tuple[Any, ...]:
        """The place of a row in an order."""
        return tuple(getattr(row, f"key_{n}") for n in range(len(self.keys(order))))


def by_ids(listing: Listing, ids: Sequence[str]) -> Bound:
    """The rows with these ids, in no order; those that are missing are left out."""
    return Bound(_by_ids(listing), {"ids": list(ids)})


@cache
def _by_ids(listing: Listing) -> Select[Any]:
    (id,) = listing.id
    return listing.rows.where(id == func.any(texts_named("ids")))


def by_key(listing: Listing, key: str, values: Sequence[str]) -> Select[Any]:
    """The rows with these values of a unique column that the list is filtered by."""
    return listing.rows.where(listing.filters[f"{key}_in"](values))


def part(listing: Listing, wish: ListWish) -> Select[Any]:
    """The wished part of the whole list; one row more than its limit tells that it goes on."""
    keys = listing.keys(wish.order)
    places = keyset.part(
        _only(_filtered(listing, wish), keys), keys, wish.part, descending=wish.descending
    )
    return _rows_at(listing, wish, places.subquery("place"))


def count(listing: Listing, wish: ListWish) -> Select[Any]:
    """How many rows the whole list has under the wish's filters."""
    return _filtered(listing, wish).with_only_columns(func.count())


def parts(listing: Listing, parent: str, ids: Sequence[str], wish: ListWish) -> Select[Any]:
    """The wished part of the list of each of these parents, in order, with its `parent_id`."""
    owner = func.unnest(texts(ids)).table_valued("id", name="owner").render_derived()
    keys = listing.keys(wish.order)
    own = _filtered(listing, wish).where(listing.parents[parent] == owner.c.id).correlate(owner)
    own = keyset.part(_only(own, keys), keys, wish.part, descending=wish.descending)
    places = own.lateral("own")
    with_owner = select(owner.c.id.label("parent_id"), *places.c).select_from(
        owner.join(places, true())
    )
    return _rows_at(listing, wish, with_owner.subquery("place"))


def ids(listing: Listing, filters: Sequence[tuple[str, Any]]) -> Select[Any]:
    """The ids of the rows of the whole list under these filters."""
    (id,) = listing.id
    return _filtered(listing, ListWish(filters=tuple(filters))).with_only_columns(id)


def counts(listing: Listing, parent: str, ids: Sequence[str], wish: ListWish) -> Select[Any]:
    """How many rows the list of each of these parents has; those without any are left out."""
    column = listing.parents[parent]
    return (
        _filtered(listing, wish)
        .with_only_columns(column.label("parent_id"), func.count().label("rows"))
        .where(column == func.any(texts(ids)))
        .group_by(column)
    )


def words(*columns: ColumnElement[Any]) -> Condition:
    """The condition that the columns together hold every word of a search, in any case."""
    text = func.lower(func.concat_ws(" ", *columns))
    return lambda search: and_(*(text.like(pattern) for pattern in patterns(search)))


def one_of(column: ColumnElement[Any]) -> Condition:
    """The condition that the column is one of some texts.

    A single one is compared plainly: an index then gives its rows in the order of what follows.
    """

    def holds(values: Sequence[str]) -> ColumnElement[bool]:
        return column == (values[0] if len(values) == 1 else func.any(texts(values)))

    return holds


def is_(column: ColumnElement[Any]) -> Condition:
    """The condition that the column has this value."""
    return lambda value: column == value


def between(column: ColumnElement[Any]) -> Condition:
    """The condition that the column lies in a range, ends included; an end may be open."""

    def holds(range_: tuple[Any, Any]) -> ColumnElement[bool]:
        low, high = range_
        ends = [column >= low] if low is not None else []
        return and_(true(), *ends, *([column <= high] if high is not None else []))

    return holds


def _filtered(listing: Listing, wish: ListWish) -> Select[Any]:
    names = {wish.order, *(name for name, _ in wish.filters)}
    places = listing.measured if names & listing.measures else listing.places
    source = listing.rows if places is None else places
    return source.where(*(listing.filters[name](value) for name, value in wish.filters))


def _only(rows: Select[Any], keys: Sequence[ColumnElement[Any]]) -> Select[Any]:
    return rows.with_only_columns(*(key.label(f"key_{n}") for n, key in enumerate(keys)))


def _rows_at(listing: Listing, wish: ListWish, place: Subquery) -> Select[Any]:
    """The rows at these places, in order.

    Sorting and skipping go over keys alone, so that what a row shows is read and computed for the
    rows of the part only. Each is found by its key: OFFSET keeps the planner, which may know little
    of a new tenant, from going through all rows for a part of them.
    """
    count = len(listing.keys(wish.order))
    keys = [place.c[f"key_{n}"] for n in range(count)]
    same = zip(listing.id, keys[count - len(listing.id) :], strict=True)
    row = listing.rows.where(*(id == key for id, key in same)).offset(literal_column("0"))
    shown = row.lateral("shown")
    downward = wish.descending != wish.part.backward
    return (
        select(*shown.c, *place.c)
        .select_from(place.join(shown, true()))
        .order_by(*keyset.ordered(keys, downward=downward))
    )
