"""Makes, changes and removes channel policies, and shows what that would do to a matrix.

One transaction at a time changes the policies of a tenant: rules about shares look at all of them.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.errors import Invalid
from domain.names import camel
from domain.pages import Page, PageWish
from domain.promise_errors import BeyondHorizon, PolicyOverlaps, SharesExceeded
from domain.quantities import ZERO, exact, plain
from models import catalog, channels, locations, policy_scopes
from models import records as statements
from models.session import Session
from services import atp, checks, records

SCOPES_MAX = 2_000
PRIORITY_MAX = 1_000
_TABLE = channels.channel_policies
_AMOUNTS = (
    "cap",
    "minimum_stock",
    "safety_stock",
    "reserve_stock",
    "buffer",
    "backorder_limit",
    "low_atp_threshold",
    "minimum_atp",
)
# The least number of seconds of each time.
_SECONDS = {
    "reservation_ttl_seconds": 1,
    "reservation_ttl_max_seconds": 1,
    "late_consume_seconds": 0,
}
_FRACTIONS = ("share", "allocation_weight", "maximum_fraction")
_SECONDS_MAX = 365 * 24 * 60 * 60
_MOMENTS_MAX = 100  # coming ones at which shares are looked at
_SCOPE = ("location_id", "product_id", "category_id")
# Channel id to its share of what is shared, at one scope.
Shares = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewWish:
    """Which part of which matrix is to be shown as it was and as it would be."""

    location_id: str
    matrix: atp.MatrixWish
    part: PageWish


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A part of the matrix of a location, read whole."""

    columns: Sequence[tuple[Any, atp.Terms]]
    page: Page[atp.Row]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A matrix before a change and after it."""

    before: Seen
    after: Seen


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a policy is about; `path` leads to the category of it or of its product."""

    location_id: str | None
    product_id: str | None
    path: tuple[str, ...] | None = field(default=None)


async def create_policy(session: Session, values: Mapping[str, Any]) -> Any:
    """Make a policy for a channel.

    Raises:
        Invalid: a value breaks a rule, or the mode lacks its number.
        SharesExceeded: shares or weights of channels would add up to more than 1, now or later.
        PolicyOverlaps: another policy with a time of its own counts for the same then.
        NotFound: there is no such channel, location, product or category.
        AlreadyExists: the id is taken.
    """
    _check(values)
    await lock(session)
    await records.require(session, channels.channels, "Channel", values["channel_id"], "channelId")
    scope = await _scope_of(session, values)
    former = await _former(session, [scope], values.get("starts_at"))
    row = await records.add(session, _TABLE, "Policy", "policy_", values)
    await _check_overlap(session, row)
    await _check_numbers(session, row, scope)
    await _check_shares(session, former)
    return row


async def update_policy(
    session: Session, id: str, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    """Change a policy, what it is about included, and keep the former one as history.

    Raises:
        Invalid, SharesExceeded, PolicyOverlaps, NotFound: as when it is made.
        StaleVersion: it is not at the expected version.
    """
    _check(values)
    await lock(session)
    row = await records.get_locked(session, _TABLE, "Policy", id, expected_version)
    former = {name: getattr(row, name) for name in _SCOPE}
    _check_target({**former, **values})
    scope = await _scope_of(session, {**former, **values})
    scopes = [await _scope_of(session, former), scope]
    before = await _former(session, scopes, values.get("starts_at"))
    _check_time({name: getattr(row, name) for name in ("starts_at", "ends_at")} | dict(values))
    changed = await records.change(session, _TABLE, row, values)
    await _check_overlap(session, changed)
    await _check_numbers(session, changed, scope)
    await _check_shares(session, before)
    return changed


async def delete_policy(session: Session, id: str, expected_version: int | None) -> None:
    """Delete a policy; what it said falls to the next one that matches.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        SharesExceeded: shares of channels would add up to more than 1 without it.
    """
    await lock(session)
    row = await records.get_locked(session, _TABLE, "Policy", id, expected_version)
    former = {name: getattr(row, name) for name in _SCOPE}
    before = await _former(session, [await _scope_of(session, former)], row.ends_at)
    await records.remove(session, _TABLE, row)
    await _check_shares(session, before)


async def previewed(
    session: Session, wish: PreviewWish, change: Callable[..., Awaitable[Any]], *args: Any
) -> tuple[Any, Preview]:
    """Make a change, and give what it gives with the matrix before it and after it.

    Raises:
        NotFound: there is no such location.
    """
    await records.require(
        session, locations.locations, "Location", wish.location_id, "preview.locationId"
    )
    before = await _seen(session, wish)
    done = await change(session, *args)
    return done, Preview(before=before, after=await _seen(session, wish))


async def _seen(session: Session, wish: PreviewWish) -> Seen:
    place = [wish.location_id]
    book = await atp.book(session, place)
    pages = await atp.pages(session, place, wish.matrix, wish.part, book)
    counts = await atp.counts(session, place, wish.matrix, book)
    return Seen(
        columns=atp.columns(book, wish.location_id, wish.matrix.channel_ids),
        page=pages[wish.location_id],
        total=counts.get(wish.location_id, 0),
    )


def _check(values: Mapping[str, Any]) -> None:
    checks.texts(values, "name")
    checks.notes(values, "description")
    checks.one_of(values, "mode", channels.MODES)
    checks.one_of(values, "tier", channels.TIERS)
    checks.amounts(values, *_AMOUNTS)
    for name in _FRACTIONS:
        if values.get(name) is not None and not 0 <= exact(values[name], camel(name)) <= 1:
            raise Invalid(camel(name), f"{camel(name)} must be from 0 to 1.")
    checks.wholes(values, "minimum_shelf_life_days", "inbound_horizon_days")
    if (values.get("inbound_horizon_days") or 0) > atp.HORIZON_DAYS:
        text = f"inboundHorizonDays must be at most {atp.HORIZON_DAYS}."
        raise BeyondHorizon("inboundHorizonDays", text, max=atp.HORIZON_DAYS)
    for name, least in _SECONDS.items():
        if values.get(name) is not None and not least <= values[name] <= _SECONDS_MAX:
            text = f"{camel(name)} must be from {least} to {_SECONDS_MAX:,}."
            raise Invalid(camel(name), text)
    _check_time(values)
    if values.get("priority") is not None and not 0 <= values["priority"] <= PRIORITY_MAX:
        raise Invalid("priority", f"priority must be from 0 to {PRIORITY_MAX:,}.")
    _check_target(values)


def _check_time(values: Mapping[str, Any]) -> None:
    starts, ends = values.get("starts_at"), values.get("ends_at")
    if starts is not None and ends is not None and starts >= ends:
        raise Invalid("endsAt", "endsAt must be after startsAt.")


async def _check_overlap(session: Session, row: Any) -> None:
    """Refuse two policies with times of their own that would count for the same at once."""
    if row.starts_at is None and row.ends_at is None:
        return
    other = await session.one_or_none(policy_scopes.overlapping(row))
    if other is not None:
        raise PolicyOverlaps(
            f"The policy {other.id} counts for the same channel, scope and priority then.",
            field="startsAt" if row.starts_at is not None else "endsAt",
            details={"policyId": other.id},
        )


def _check_target(values: Mapping[str, Any]) -> None:
    if values.get("product_id") is not None and values.get("category_id") is not None:
        raise Invalid("categoryId", "A policy is about a product or a category, not about both.")


async def _scope_of(session: Session, values: Mapping[str, Any]) -> _Scope:
    """What the values say a policy is about; each thing must be there."""
    location_id, product_id, category_id = (values.get(name) for name in _SCOPE)
    await records.require(session, locations.locations, "Location", location_id, "locationId")
    await records.require(session, catalog.products, "Product", product_id, "productId")
    category = await records.require(
        session, catalog.categories, "Category", category_id, "categoryId"
    )
    path = category.path if category else None
    if product_id is not None:
        path = await session.scalar(policy_scopes.path_of_product(product_id))
    return _Scope(location_id, product_id, tuple(path) if path else None)


async def lock(session: Session) -> None:
    """Wait until no other transaction changes policies, and keep others waiting."""
    await session.one(statements.lock_whole(_TABLE))


async def too_large_shares(session: Session) -> list[Shares]:
    """The shares that add up to more than 1 somewhere; each once, for those who change many."""
    rows = await session.all(policy_scopes.sharing(None, None, None, SCOPES_MAX))
    scopes = [_Scope(row.location_id, row.product_id, _path(row)) for row in rows]
    book = await _Shares.of(session, scopes)
    parts = [shares for _, name, shares in book.all() if name == "share"]
    found = {frozenset(shares.items()): shares for shares in parts if _total(shares) > 1}
    return list(found.values())


async def without_number(session: Session) -> dict[str, Invalid]:
    """What is wrong with each policy whose mode has its number nowhere, by the policy's id."""
    rows = await session.all(policy_scopes.without_number())
    scopes = [_Scope(row.location_id, row.product_id, _path(row)) for row in rows]
    book = await _Shares.at(session, scopes)
    wrong = {row.id: _lack(row, book.terms(scope)) for row, scope in zip(rows, scopes, strict=True)}
    return {id: lack for id, lack in wrong.items() if lack}


async def _check_numbers(session: Session, row: Any, scope: _Scope) -> None:
    """Refuse a mode that has its number neither from this policy nor from one below it."""
    if (row.mode, row.share) != ("SHARE", None) and (row.mode, row.cap) != ("CAP", None):
        return
    book = await _Shares.of(session, [scope])
    if lack := _lack(row, book.terms(scope)):
        raise lack


def _lack(row: Any, all_terms: Sequence[atp.Terms]) -> Invalid | None:
    terms = {one.channel_id: one for one in all_terms}.get(row.channel_id)
    if terms is not None and row.mode == "SHARE" and not terms.share:
        return Invalid("share", "Mode SHARE needs a share, here or in a more general policy.")
    if terms is not None and row.mode == "CAP" and terms.cap is None:
        return Invalid("cap", "Mode CAP needs a cap, here or in a more general policy.")
    return None


def too_large(shares: Shares, word: str = "shares") -> str:
    """The sentence that says that these shares are more than there is."""
    told = ", ".join(f"{id} {plain(share)}" for id, share in shares.items())
    return f"The {word} of {told} add up to {plain(_total(shares))}; together they are at most 1."


def _total(shares: Shares) -> Decimal:
    return sum(shares.values(), ZERO)


def _path(row: Any) -> tuple[str, ...] | None:
    return tuple(row.path) if row.path else None


@dataclass(frozen=True, slots=True)
class _Shares:
    """All policies that count at some scopes, as they are at a moment, or now."""

    scopes: Sequence[_Scope]
    moment: datetime | None
    book: atp.PolicyBook
    own: Mapping[str, list[dict[str, Any]]]  # the policies about one product, by its id

    @classmethod
    async def of(
        cls, session: Session, wider: Sequence[_Scope], moment: datetime | None = None
    ) -> "_Shares":
        """At these scopes, and at each narrower one that some policy makes of them."""
        scopes = dict.fromkeys(wider)
        for scope in wider:
            rows = await session.all(
                policy_scopes.sharing(scope.location_id, scope.product_id, scope.path, SCOPES_MAX)
            )
            scopes |= dict.fromkeys(_met(scope, row) for row in rows)
        return await cls.at(session, list(scopes), moment)

    async def again(self, session: Session) -> "_Shares":
        """The same scopes, as they are now."""
        return await self.at(session, self.scopes, self.moment)

    @classmethod
    async def at(
        cls, session: Session, scopes: Sequence[_Scope], moment: datetime | None = None
    ) -> "_Shares":
        """At these scopes."""
        ids = sorted({scope.product_id for scope in scopes if scope.product_id is not None})
        statement = policy_scopes.about_products(ids, moment)
        rows = await session.all(statement) if ids else []
        book = await atp.book(session, None, moment)
        return cls(scopes, moment, book, {row.product_id: row.policies for row in rows})

    def terms(self, scope: _Scope) -> list[atp.Terms]:
        """What holds for each active channel at a scope."""
        location_id = scope.location_id or atp.EVERYWHERE
        return self.book.terms(location_id, scope.path, self.own.get(scope.product_id or ""))

    def all(self) -> Iterator[tuple[_Scope, str, Shares]]:
        """The share of each channel that shares, and each channel's weight, at every scope."""
        for scope in self.scopes:
            terms = self.terms(scope)
            sharing = [one for one in terms if one.mode is atp.Mode.SHARE]
            yield scope, "share", {one.channel_id: one.share for one in sharing}
            yield scope, "allocationWeight", {t.channel_id: t.weight for t in terms if t.weight}


def _met(scope: _Scope, row: Any) -> _Scope:
    """What a policy of `scope` and that of `row` are both about."""
    path = tuple(row.path) if row.path else ()
    own = scope.path or ()
    return _Scope(
        scope.location_id or row.location_id,
        scope.product_id or row.product_id,
        max(own, path, key=len) or None,
    )


async def _former(
    session: Session, scopes: Sequence[_Scope], moment: datetime | None
) -> list[_Shares]:
    """What counts at these scopes now, at this moment, and whenever other policies begin to."""
    coming = {row.starts_at for row in await session.all(policy_scopes.starts(_MOMENTS_MAX))}
    coming |= {moment} - {None}
    now = await session.scalar(policy_scopes.now())
    moments = [None, *sorted(one for one in coming if one > now)]
    return [await _Shares.of(session, scopes, one) for one in moments]


async def _check_shares(session: Session, former: Sequence[_Shares]) -> None:
    """Refuse shares or weights over 1 that this transaction has made, or made larger."""
    for before in former:
        now = await before.again(session)
        for (scope, name, shares), (_, _, old) in zip(now.all(), before.all(), strict=True):
            if 1 < _total(shares) > _total(old):
                raise SharesExceeded(
                    name,
                    too_large(shares, "shares" if name == "share" else "weights"),
                    shares={id: plain(share) for id, share in shares.items()},
                    locationId=scope.location_id,
                    productId=scope.product_id,
                    categoryId=scope.path[-1] if scope.path and not scope.product_id else None,
                )
