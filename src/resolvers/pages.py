"""Connections: the parts of a list, by cursor or by number, and what asks for them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry

from domain.errors import Invalid, LimitExceeded
from domain.pages import FIRST_DEFAULT, FIRST_MAX, PAGE_MAX, Page, PageWish
from resolvers.fields import output, plain
from resolvers.scalars import Cursor

T = TypeVar("T")


@output
class PageInfo:
    """Where a part of a list stands in it."""

    has_next_page: bool
    """Whether there is more after this part."""

    has_previous_page: bool
    """Whether there is more before this part."""

    start_cursor: Cursor | None
    """The cursor of the first row, for `before`; absent when there are no rows."""

    end_cursor: Cursor | None
    """The cursor of the last row, for `after`; absent when there are no rows."""


@output
class Pagination:
    """Where a page stands among the numbered pages of its list."""

    page: int
    """The number of this page, from 1."""

    page_size: int
    """How many rows a page has."""

    total: int
    """How many rows the whole list has."""

    total_pages: int
    """How many pages the whole list has; 0 when it is empty."""


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[T]):
    """One list as a client has asked for it; nothing is read before a field needs it.

    `load` and `count` may be called several times and must keep what they have read.
    """

    part: PageWish
    load: Callable[[], Awaitable[Page[Any]]]
    count: Callable[[], Awaitable[int]]
    node: Callable[[Any], T]
    cursor: Callable[[Any], Cursor]


@output
class Edge(Generic[T]):
    """A row of a list with its place."""

    cursor: Cursor
    """Its place, for `after` and `before`."""

    node: T
    """The row."""


@output
class Connection(Generic[T]):
    """A part of a list. What a client does not select is not read or counted."""

    listed: strawberry.Private[Listed[T]]

    @plain
    async def edges(self) -> list[Edge[T]]:
        """The rows of this part with their cursors."""
        listed = self.listed
        return [
            Edge(cursor=listed.cursor(row), node=listed.node(row))
            for row in (await listed.load()).rows
        ]

    @plain
    async def nodes(self) -> list[T]:
        """The rows of this part."""
        return [self.listed.node(row) for row in (await self.listed.load()).rows]

    @plain
    async def page_info(self) -> PageInfo:
        """Where this part stands in the list."""
        page = await self.listed.load()
        ends = [self.listed.cursor(row) for row in (*page.rows[:1], *page.rows[-1:])]
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=ends[0] if ends else None,
            end_cursor=ends[-1] if ends else None,
        )

    @plain
    async def total_count(self) -> int:
        """How many rows the whole list has under its filter; counted only when selected."""
        return await self.listed.count()

    @plain
    async def pagination(self) -> Pagination | None:
        """Where this page stands among the numbered pages; absent when a cursor was given."""
        part = self.listed.part
        if part.backward or part.after is not None or part.before is not None or not part.limit:
            return None
        total = await self.listed.count()
        return Pagination(
            page=part.page or 1,
            page_size=part.limit,
            total=total,
            total_pages=-(-total // part.limit),
        )


@dataclass(frozen=True, kw_only=True)
class Window:
    """The arguments of a connection that say which part of the list is wanted."""

    first: int | None = None
    after: Cursor | None = None
    last: int | None = None
    before: Cursor | None = None
    page: int | None = None

    def wish(self, open_cursor: Callable[[str, str], tuple[object, ...]]) -> PageWish:
        """The wish behind the arguments; `open_cursor` takes a cursor and its argument's name.

        Raises:
            Invalid: arguments contradict each other, or a cursor is not one of this list.
            LimitExceeded: more is asked for at once than `FIRST_MAX` rows.
        """
        self._check()
        count = self.first if self.last is None else self.last
        return PageWish(
            limit=FIRST_DEFAULT if count is None else count,
            page=self.page,
            after=None if self.after is None else open_cursor(self.after, "after"),
            before=None if self.before is None else open_cursor(self.before, "before"),
            backward=self.last is not None,
        )

    def _check(self) -> None:
        if self.first is not None and self.last is not None:
            raise Invalid("last", "first and last ask for different ends: give one of them.")
        for name, count in (("first", self.first), ("last", self.last)):
            _within(name, count, 0, FIRST_MAX)
        if self.page is None:
            return
        for name in ("after", "last", "before"):
            if getattr(self, name) is not None:
                raise Invalid("page", f"page stands in place of a cursor: leave {name} out.")
        _within("page", self.page, 1, PAGE_MAX)
        _within("first", self.first, 1, FIRST_MAX)


def _within(name: str, value: int | None, least: int, most: int) -> None:
    if value is None:
        return
    if value < least:
        raise Invalid(name, f"{name} must be at least {least}.")
    if value > most:
        raise LimitExceeded(name, f"{name} must be at most {most}.", max=most)


# What the arguments of every connection mean.
WINDOW_TEXTS: Mapping[str, str] = {
    "first": f"How many rows from the start or after a cursor; {FIRST_DEFAULT} unless told, at "
    f"most {FIRST_MAX}.",
    "after": "Only rows after this cursor.",
    "last": f"How many rows from the end or before a cursor, at most {FIRST_MAX}.",
    "before": "Only rows before this cursor.",
    "page": "The number of a page of `first` rows, from 1, in place of a cursor.",
}
