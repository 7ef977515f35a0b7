"""From the policies of a tenant to the terms of each channel for one product at one location."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from domain.quantities import ZERO
from models import availability
from models.session import Session
from services.atp.rules import Mode, Terms

_NUMBERS = (
    "share",
    "cap",
    "minimum_stock",
    "safety_stock",
    "reserve_stock",
    "buffer",
    "backorder_limit",
    "low_atp_threshold",
    "allocation_weight",
    "minimum_atp",
    "maximum_fraction",
)
_SECONDS = ("reservation_ttl_seconds", "reservation_ttl_max_seconds", "late_consume_seconds")
_GIVEN = (*_SECONDS, "include_inbound", "inbound_horizon_days")  # else the default of Terms
_FLAGS = ("spill_over", "can_preempt")
_FIELDS = (
    *("mode", "tier", "priority", "minimum_shelf_life_days"),
    *("include_inbound", "inbound_horizon_days"),
    *_FLAGS,
    *_SECONDS,
    *_NUMBERS,
)
_TIERS = {"HIGH": 0, "MEDIUM": 1, "LOW": 2}
_PRIORITY_DEFAULT = 500
_CHANNEL = "channel__"
_BOOK, _POLICY_BYTES = "book", 2_000
EVERYWHERE = "*"  # no id is so written


@dataclass(slots=True)
class _Policies:
    """A channel's policies that are not about one product."""

    channel: Any
    general: list[Any] = field(default_factory=list)
    by_category: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))


class PolicyBook:
    """The active channels in the order of their columns, with the policies that could match.

    Precedence, most specific first: product and location, product, category and location (the
    nearest ancestor first), category, location, channel; ties by priority, then one with a time of
    its own, then the newest. A field that is empty falls to the next policy, and at last to the
    default.
    """

    def __init__(self, rows: Iterable[Any]) -> None:
        self._of: dict[str, _Policies] = {}
        self._known: dict[tuple[object, ...], list[Terms]] = {}
        self._shared: dict[tuple[object, ...], dict[str, Any]] = {}
        for row in rows:
            policies = self._of.setdefault(row.channel_id, _Policies(row))
            if row.policy_id is None:
                continue
            if row.category_id is not None:
                policies.by_category[row.category_id].append(row)
            else:
                policies.general.append(row)
        self.categories = {id for one in self._of.values() for id in one.by_category}

    @property
    def channels(self) -> list[Any]:
        """The rows of the active channels, in the order of their columns."""
        return [one.channel for one in self._of.values()]

    def says(self, name: str) -> bool:
        """Whether some policy that is not about one product gives this field."""
        return any(
            getattr(row, name)
            for one in self._of.values()
            for rows in (one.general, *one.by_category.values())
            for row in rows
        )

    @cached_property
    def own_channels(self) -> list[SimpleNamespace]:
        """The same channels as rows of their own table."""
        return [channel_of(one) for one in self.channels]

    def terms(
        self,
        location_id: str,
        category_path: Sequence[str] | None = None,
        own: Sequence[dict[str, Any]] | None = None,
    ) -> list[Terms]:
        """The terms of every channel, in the order of the columns.

        `category_path` leads from the root to the product's category; `own` are the policies
        about the product itself, as `availability.numbers` gives them.
        """
        path = tuple(id for id in category_path or () if id in self.categories)
        if own:
            return self._make(location_id, path, [_policy(one) for one in own])
        known = self._known.get((location_id, path))
        if known is None:
            known = self._known[location_id, path] = self._make(location_id, path, [])
        return known

    def _make(self, location_id: str, path: tuple[str, ...], own: list[Any]) -> list[Terms]:
        told = {row.channel_id for row in own}
        chosen = [
            (one.channel, _merge(_matching(one, location_id, path, own)))
            if channel_id in told
            else (one.channel, self._merged(location_id, path, channel_id))
            for channel_id, one in self._of.items()
        ]
        order = sorted(range(len(chosen)), key=lambda i: _precedence(*chosen[i]))
        ranks = {index: rank for rank, index in enumerate(order)}
        levels = sorted({_precedence(*one)[:2] for one in chosen})
        return [
            _terms(channel, merged, ranks[index], levels.index(_precedence(channel, merged)[:2]))
            for index, (channel, merged) in enumerate(chosen)
        ]

    def _merged(self, location_id: str, path: tuple[str, ...], channel_id: str) -> dict[str, Any]:
        """What the policies that are not about one product say of a channel; kept once made."""
        key = (location_id, path, channel_id)
        known = self._shared.get(key)
        if known is None:
            found = _matching(self._of[channel_id], location_id, path, [])
            known = self._shared[key] = _merge(found)
        return known


async def book(
    session: Session, location_ids: Sequence[str] | None, at: datetime | None = None
) -> PolicyBook:
    """The policies that could match at these locations; None stands for all.

    Those that count at the moment, or now.
    """
    return PolicyBook(await session.all(availability.terms(location_ids, at)))


async def books(session: Session, location_ids: Sequence[str]) -> Mapping[str, PolicyBook]:
    """For each of these locations one book of the policies of all; EVERYWHERE is all locations.

    They share it, so that whatever is read for several of them is read at once; where reference
    data is kept, all of them share one.
    """
    shelf = await session.shelf()
    one: PolicyBook | None = None if shelf is None else shelf.thing(_BOOK)
    if one is None:
        is_narrow = shelf is None and EVERYWHERE not in location_ids
        rows = await session.all(availability.terms(location_ids if is_narrow else None))
        one = PolicyBook(rows)
        if shelf is not None:
            shelf.keep(_BOOK, one, len(rows) * _POLICY_BYTES)
    return dict.fromkeys(location_ids, one)


def channel_of(row: Any) -> SimpleNamespace:
    """The channel's own row, from a row of `availability.terms`."""
    fields = row._mapping.items()  # noqa: SLF001 - public in spite of its name
    own = {name.removeprefix(_CHANNEL): v for name, v in fields if name.startswith(_CHANNEL)}
    return SimpleNamespace(**own)


def _policy(values: dict[str, Any]) -> SimpleNamespace:
    """A policy as a row of `availability.terms`, from its JSON."""
    policy = SimpleNamespace(**values)
    policy.policy_id = values["id"]
    policy.policy_created_at = datetime.fromisoformat(values["created_at"])
    for name in _NUMBERS:
        if values[name] is not None:
            setattr(policy, name, Decimal(values[name]))
    return policy


def _matching(
    policies: _Policies, location_id: str, path: tuple[str, ...], own: list[Any]
) -> list[Any]:
    channel_id = policies.channel.channel_id
    found = [(0, row) for row in own if row.channel_id == channel_id]
    found += [
        (distance, row)
        for distance, category_id in enumerate(reversed(path))
        for row in policies.by_category.get(category_id, ())
    ]
    found += [(0, row) for row in policies.general]
    here = [(near, row) for near, row in found if row.location_id in (None, location_id)]
    here.sort(key=lambda pair: pair[1].policy_created_at, reverse=True)
    here.sort(
        key=lambda pair: (
            *(_class(pair[1]), pair[0], -(pair[1].priority or 0)),
            pair[1].starts_at is None and pair[1].ends_at is None,
        )
    )
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


def _precedence(channel: Any, merged: dict[str, Any]) -> tuple[Any, ...]:
    priority = merged["priority"]
    return (
        _TIERS[merged["tier"] or "MEDIUM"],
        -(_PRIORITY_DEFAULT if priority is None else priority),
        channel.channel__position,
        channel.channel_id,
    )


def _terms(channel: Any, merged: dict[str, Any], rank: int, level: int) -> Terms:
    given = {name: merged[name] for name in _GIVEN if merged[name] is not None}
    threshold: Decimal | None = merged["low_atp_threshold"]
    kept = (merged["minimum_stock"], merged["safety_stock"], merged["reserve_stock"])
    return Terms(
        channel_id=channel.channel_id,
        policy_id=merged["policy_id"],
        mode=Mode(merged["mode"] or "SHARED"),
        rank=rank,
        share=merged["share"] or ZERO,
        cap=merged["cap"],
        level=level,
        weight=merged["allocation_weight"],
        maximum_fraction=merged["maximum_fraction"],
        minimum_atp=merged["minimum_atp"],
        minimum_shelf_life_days=merged["minimum_shelf_life_days"] or 0,
        **{name: bool(merged[name]) for name in _FLAGS},
        **given,
        safety_stock=sum((number or ZERO for number in kept), ZERO),
        buffer=merged["buffer"] or ZERO,
        backorder_limit=merged["backorder_limit"] or ZERO,
        threshold=channel.default_threshold if threshold is None else threshold,
    )
