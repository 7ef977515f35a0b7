"""From the policies of a tenant to the terms of each channel for one product at one location."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.quantities import ZERO
from services.atp.rules import Mode, Terms

_FIELDS = (
    "mode",
    "tier",
    "priority",
    "share",
    "cap",
    "spill_over",
    "minimum_stock",
    "safety_stock",
    "reserve_stock",
    "buffer",
    "backorder_limit",
    "low_atp_threshold",
)
_TIERS = {"HIGH": 0, "MEDIUM": 1, "LOW": 2}
_PRIORITY_DEFAULT = 500


@dataclass(slots=True)
class _Book:
    """One channel and its policies, by what they are about."""

    channel: Any
    general: list[Any] = field(default_factory=list)
    by_product: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    by_category: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))


class PolicyBook:
    """The active channels in the order of their columns, with the policies that could match.

    Precedence, most specific first: product and location, product, category and location (the
    nearest ancestor first), category, location, channel; ties by priority, then the newest. A
    field that is empty falls to the next policy, and at last to the default.
    """

    def __init__(self, rows: Iterable[Any]) -> None:
        self._books: dict[str, _Book] = {}
        self._known: dict[tuple[object, ...], list[Terms]] = {}
        for row in rows:
            book = self._books.setdefault(row.channel_id, _Book(row))
            if row.policy_id is None:
                continue
            if row.product_id is not None:
                book.by_product[row.product_id].append(row)
            elif row.category_id is not None:
                book.by_category[row.category_id].append(row)
            else:
                book.general.append(row)

    @property
    def channels(self) -> list[Any]:
        """The rows of the active channels, in the order of their columns."""
        return [book.channel for book in self._books.values()]

    @property
    def categories(self) -> set[str]:
        """The categories that some policy is about."""
        return {id for book in self._books.values() for id in book.by_category}

    @property
    def products(self) -> set[str]:
        """The products that some policy is about."""
        return {id for book in self._books.values() for id in book.by_product}

    def terms(
        self, location_id: str, product_id: str | None, category_path: Sequence[str] | None
    ) -> list[Terms]:
        """The terms of every channel, in the order of the columns.

        `product_id` may be None for a product that no policy is about; `category_path` leads
        from the root to the product's category.
        """
        path = tuple(id for id in category_path or () if self._is_about(id))
        own = product_id if product_id is not None and self._has(product_id) else None
        key = (location_id, own, path)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._make(location_id, own, path)
        return known

    def _is_about(self, category_id: str) -> bool:
        return any(category_id in book.by_category for book in self._books.values())

    def _has(self, product_id: str) -> bool:
        return any(product_id in book.by_product for book in self._books.values())

    def _make(self, location_id: str, product_id: str | None, path: tuple[str, ...]) -> list[Terms]:
        chosen = [
            (book.channel, _merge(_matching(book, location_id, product_id, path)))
            for book in self._books.values()
        ]
        order = sorted(range(len(chosen)), key=lambda i: _precedence(*chosen[i]))
        ranks = {index: rank for rank, index in enumerate(order)}
        return [
            _terms(channel, merged, ranks[index]) for index, (channel, merged) in enumerate(chosen)
        ]


def _matching(
    book: _Book, location_id: str, product_id: str | None, path: tuple[str, ...]
) -> list[Any]:
    found = [(0, row) for row in book.by_product.get(product_id or "", ())]
    found += [
        (1 + distance, row)
        for distance, category_id in enumerate(reversed(path))
        for row in book.by_category.get(category_id, ())
    ]
    found += [(1 + len(path), row) for row in book.general]
    here = [(near, row) for near, row in found if row.location_id in (None, location_id)]
    here.sort(key=lambda pair: pair[1].policy_created_at, reverse=True)
    here.sort(key=lambda pair: (_class(pair[1]), pair[0], -(pair[1].priority or 0)))
    return [row for _, row in here]


def _class(row: Any) -> int:
    """0 to 5 in the order of the precedence: what the policy is about, then whether it is local."""
    about = 0 if row.product_id is not None else 2 if row.category_id is not None else 4
    return about + (row.location_id is None)


def _merge(rows: list[Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {"policy_id": rows[0].policy_id if rows else None}
    for name in _FIELDS:
        merged[name] = next((v for row in rows if (v := getattr(row, name)) is not None), None)
    return merged


def _precedence(channel: Any, merged: dict[str, Any]) -> tuple[object, ...]:
    priority = merged["priority"]
    return (
        _TIERS[merged["tier"] or "MEDIUM"],
        -(_PRIORITY_DEFAULT if priority is None else priority),
        channel.position,
        channel.channel_id,
    )


def _terms(channel: Any, merged: dict[str, Any], rank: int) -> Terms:
    threshold: Decimal | None = merged["low_atp_threshold"]
    kept = (merged["minimum_stock"], merged["safety_stock"], merged["reserve_stock"])
    return Terms(
        channel_id=channel.channel_id,
        policy_id=merged["policy_id"],
        mode=Mode(merged["mode"] or "SHARED"),
        rank=rank,
        share=merged["share"] or ZERO,
        cap=merged["cap"],
        spill_over=bool(merged["spill_over"]),
        safety_stock=sum((number or ZERO for number in kept), ZERO),
        buffer=merged["buffer"] or ZERO,
        backorder_limit=merged["backorder_limit"] or ZERO,
        threshold=channel.default_threshold if threshold is None else threshold,
    )
