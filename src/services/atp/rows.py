"""Rows of a matrix: which are wanted, and what each is made of."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from models import matrix
from models.reference import Shelf
from services.atp.cells import Place
from services.atp.explaining import NO_EVIDENCE, Evidence
from services.atp.rules import Cell, Severity

_FRAGMENT_BYTES = 300  # of a fragment's key and mark, and their places in dictionaries


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixWish:
    """Which rows and columns of a matrix are wanted.

    `order` is `sku`, `name` or `min_atp`. `channel_ids` None shows all channels. With `severity`
    only rows that have a shown cell of it are listed.
    """

    search: str | None = None
    category_id: str | None = None
    product_ids: tuple[str, ...] | None = None
    channel_ids: tuple[str, ...] | None = None
    severity: Severity | None = None
    order: str = "sku"
    descending: bool = False

    @property
    def needs_cells(self) -> bool:
        """Whether the list itself depends on computed cells."""
        return self.severity is not None or self.order == "min_atp"

    @property
    def is_filtered(self) -> bool:
        """Whether there are conditions on its products."""
        asked = (self.search, self.category_id, self.product_ids)
        return any(one is not None for one in asked)

    @property
    def filters(self) -> list[Any]:
        """The conditions on its products."""
        return matrix.filters(
            search=self.search, category_id=self.category_id, product_ids=self.product_ids
        )

    def shown(self, cells: Sequence[Cell]) -> list[Cell]:
        """The cells of the shown channels."""
        wanted = self.channel_ids
        return [cell for cell in cells if wanted is None or cell.terms.channel_id in wanted]


class Fragments:
    """What was written of rows, each with the numbers it was written from; the last used of them.

    They are kept on a shelf and go with it: what else a row is made of is reference data.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Hashable, Any, int]] = OrderedDict()

    def get(self, key: Hashable, mark: Hashable) -> Any:
        """What was written under this key from these very numbers, or None."""
        known = self._kept.get(key)
        if known is None or known[0] != mark:
            return None
        self._kept.move_to_end(key)
        return known[1]

    def put(self, key: Hashable, mark: Hashable, written: Any, size: int) -> None:
        """Keep what was written, of so many bytes."""
        size += _FRAGMENT_BYTES
        old = self._kept.pop(key, None)
        self._count(size - (old[2] if old else 0))
        self._kept[key] = (mark, written, size)
        while self._bytes > self._shelf.room:
            self._count(-self._kept.popitem(last=False)[1][2])

    def _count(self, more: int) -> None:
        self._bytes += more
        self._shelf.bytes += more


@dataclass(frozen=True, kw_only=True)
class Row:
    """One product of a matrix, with its shown cells.

    `make` gives its place, which holds what the cells share: its numbers count physical units
    once. `key` is the row's place in the order. `product` is there where it was read, with its
    category's columns prefixed `category__`. `fragment` says where what was written of the row is
    kept, under which key, and the numbers that make it good. `evidence` is there where it was read
    with the row.
    """

    product_id: str
    make: Callable[[], Place]
    wish: MatrixWish
    key: tuple[Any, ...]
    product: Any = None
    fragment: tuple[Fragments, Hashable, Hashable] | None = None
    evidence: Evidence | None = None

    def explained(self, evidence: Evidence | None) -> "Row":
        """The row with what is behind its numbers, by which what is written of it is good."""
        found, fragment = evidence or NO_EVIDENCE, self.fragment
        if fragment is not None:
            fragment = (fragment[0], (fragment[1], "explained"), (fragment[2], found))
        return replace(self, evidence=found, fragment=fragment)

    @cached_property
    def place(self) -> Place:
        """All cells of the product at the location, and their numbers."""
        return self.make()

    @cached_property
    def cells(self) -> Sequence[Cell]:
        """The cells of the shown channels."""
        return self.wish.shown(self.place.cells)

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
