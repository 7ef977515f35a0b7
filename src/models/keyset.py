"""Parts of an ordered list: by keyset (any depth at the price of the first page) or by number."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, tuple_

from domain.pages import PageWish


def part(
    statement: Select[Any],
    order: Sequence[ColumnElement[Any]],
    wish: PageWish,
    *,
    descending: bool = False,
) -> Select[Any]:
    """The wished part of the statement in this order, which must end in a unique column.

    One row more than `wish.limit` tells that the list goes on. A backward part comes in reverse:
    the caller turns it round. NULLs sort last when ascending, first when descending.
    """
    downward = descending != wish.backward
    if wish.after is not None:
        statement = statement.where(_beyond(order, wish.after, descending=descending))
    if wish.before is not None:
        statement = statement.where(_beyond(order, wish.before, descending=not descending))
    statement = statement.order_by(*ordered(order, downward=downward)).limit(wish.limit + 1)
    if wish.page is not None:
        statement = statement.offset((wish.page - 1) * wish.limit)
    return statement


def ordered(keys: Sequence[ColumnElement[Any]], *, downward: bool) -> list[ColumnElement[Any]]:
    """The keys as ORDER BY takes them, with NULL as the greatest of all."""
    return [key.desc().nulls_first() if downward else key.asc().nulls_last() for key in keys]


def _beyond(
    order: Sequence[ColumnElement[Any]], place: Sequence[object], *, descending: bool
) -> ColumnElement[bool]:
    """The rows that come after `place`: greater in the first key that is not equal.

    Where no key can be NULL this is one comparison of rows, which an index answers from its place
    on; the general form would read the index from its start.
    """
    if not any(getattr(key, "nullable", True) for key in order):
        bounds = (literal(value, key.type) for key, value in zip(order, place, strict=True))
        ours, theirs = tuple_(*order), tuple_(*bounds)
        return ours < theirs if descending else ours > theirs
    cases: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for key, value in zip(order, place, strict=True):
        cases.append(and_(*equal, _after(key, value, descending=descending)))
        equal.append(key.is_(None) if value is None else key == literal(value, key.type))
    return or_(*cases)


def _after(key: ColumnElement[Any], value: object, *, descending: bool) -> ColumnElement[bool]:
    if value is None:  # NULL is the greatest of all
        return key.is_not(None) if descending else false()
    bound = literal(value, key.type)
    return key < bound if descending else or_(key > bound, key.is_(None))
