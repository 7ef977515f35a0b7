"""Pages of a list: asked for by cursor or by number, answered with what is around them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")

FIRST_DEFAULT = 20
FIRST_MAX = 200
PAGE_MAX = 1_000_000
NESTED_MAX = FIRST_MAX * FIRST_MAX  # rows of one list under many parents


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWish:
    """Which part of a list is wanted.

    Either by number (`page` from 1) or by place: `after` and `before` are the decoded sort keys of
    a cursor, each ending in the id. `backward` asks for the last `limit` rows before `before`.
    """

    limit: int = FIRST_DEFAULT
    page: int | None = None
    after: tuple[object, ...] | None = None
    before: tuple[object, ...] | None = None
    backward: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWish:
    """Which rows of a list are wanted, in which order, and which part of them.

    `filters` are names and values of the list's conditions, joined by AND.
    """

    filters: tuple[tuple[str, Any], ...] = ()
    order: str = "id"
    descending: bool = False
    part: PageWish = field(default_factory=PageWish)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows of a list, in order, and whether there are more on either side."""

    rows: Sequence[T]
    has_next: bool
    has_previous: bool

    @classmethod
    def cut(cls, found: Sequence[T], wish: PageWish) -> "Page[T]":
        """The page from rows as they were read: one over the limit, a backward part in reverse."""
        more = len(found) > wish.limit
        rows = found[: wish.limit]
        if wish.backward:
            return cls(
                rows=rows[::-1],
                has_next=wish.before is not None,
                has_previous=more or wish.after is not None,
            )
        return cls(
            rows=rows,
            has_next=more or wish.before is not None,
            has_previous=wish.after is not None or (wish.page or 1) > 1,
        )
