"""Pages of a list: asked for by cursor or by number, answered with what is around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

FIRST_DEFAULT = 20
FIRST_MAX = 200
PAGE_MAX = 1_000_000


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
class Page(Generic[T]):
    """Some rows of a list, in order, and whether there are more on either side."""

    rows: Sequence[T]
    has_next: bool
    has_previous: bool
