"""Makes, changes and removes channel policies, and shows what that would do to a matrix.

One transaction at a time changes the policies of a tenant: rules about shares look at all of them.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.errors import Invalid
from domain.pages import Page, PageWish
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
)
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
        Invalid: a value breaks a rule, the mode lacks its number, or the shares of channels that
            share the same stock would add up to more than 1.
        NotFound: there is no such channel, location, product or category.
        AlreadyExists: the id is taken.
    """
    _check(values)
    await lock(session)
    await records.require(session, channels.channels, "Channel", values["channel_id"], "channelId")
    scope = await _scope_of(session, values)
    book = await _Shares.of(session, [scope])
    row = await records.add(session, _TABLE, "Policy", "policy_", values)
    await _check_numbers(session, row, scope)
    await _check_shares(session, book)
    return row


async def update_policy(
    session: Session, id: str, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    """Change a policy, what it is about included, and keep the former one as history.

    Raises:
        Invalid, NotFound: as when it is made.
        StaleVersion: it is not at the expected version.
    """
    _check(values)
    await lock(session)
    row = await records.get_locked(session, _TABLE, "Policy", id, expected_version)
    former = {name: getattr(row, name) for name in _SCOPE}
    _check_target({**former, **values})
    scope = await _scope_of(session, {**former, **values})
    book = await _Shares.of(session, [await _scope_of(session, former), scope])
    changed = await records.change(session, _TABLE, row, values)
    await _check_numbers(session, changed, scope)
    await _check_shares(session, book)
    return changed


async def delete_policy(session: Session, id: str, expected_version: int | None) -> None:
    """Delete a policy; what it said falls to the next one that matches.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        Invalid: the shares of channels would add up to more than 1 without it.
    """
    await lock(session)
    row = await records.get_locked(session, _TABLE, "Policy", id, expected_version)
    former = {name: getattr(row, name) for name in _SCOPE}
    book = await _Shares.of(session, [await _scope_of(session, former)])
    await records.remove(session, _TABLE, row)
    await _check_shares(session, book)


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
    if values.get("share") is not None and not 0 <= exact(values["share"], "share") <= 1:
        raise Invalid("share", "share must be from 0 to 1.")
    if values.get("priority") is not None and not 0 <= values["priority"] <= PRIORITY_MAX:
        raise Invalid("priority", f"priority must be from 0 to {PRIORITY_MAX:,}.")
    _check_target(values)


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
    found = {frozenset(shares.items()): shares for _, shares in book.all() if _total(shares) > 1}
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


def too_large(shares: Shares) -> str:
    """The sentence that says that these shares are more than there is."""
    told = ", ".join(f"{id} {plain(share)}" for id, share in shares.items())
    return f"The shares of {told} add up to {plain(_total(shares))}; together they are at most 1."


def _total(shares: Shares) -> Decimal:
    return sum(shares.values(), ZERO)


def _path(row: Any) -> tuple[str, ...] | None:
    return tuple(row.path) if row.path else None


@dataclass(frozen=True, slots=True)
class _Shares:
    """All policies that count at some scopes, as they are now."""

    scopes: Sequence[_Scope]
    book: atp.PolicyBook
    own: Mapping[str, list[dict[str, Any]]]  # the policies about one product, by its id

    @classmethod
    async def of(cls, session: Session, wider: Sequence[_Scope]) -> "_Shares":
        """At these scopes, and at each narrower one that some policy makes of them."""
        scopes = dict.fromkeys(wider)
        for scope in wider:
            rows = await session.all(
                policy_scopes.sharing(scope.location_id, scope.product_id, scope.path, SCOPES_MAX)
            )
            scopes |= dict.fromkeys(_met(scope, row) for row in rows)
        return await cls.at(session, list(scopes))

    async def again(self, session: Session) -> "_Shares":
        """The same scopes, as they are now."""
        return await self.at(session, self.scopes)

    @classmethod
    async def at(cls, session: Session, scopes: Sequence[_Scope]) -> "_Shares":
        """At these scopes."""
        ids = sorted({scope.product_id for scope in scopes if scope.product_id is not None})
        rows = await session.all(policy_scopes.about_products(ids)) if ids else []
        book = await atp.book(session, None)
        return cls(scopes, book, {row.product_id: row.policies for row in rows})

    def terms(self, scope: _Scope) -> list[atp.Terms]:
        """What holds for each active channel at a scope."""
        location_id = scope.location_id or atp.EVERYWHERE
        return self.book.terms(location_id, scope.path, self.own.get(scope.product_id or ""))

    def all(self) -> Iterator[tuple[_Scope, Shares]]:
        """The share of each channel that shares, at every scope."""
        for scope in self.scopes:
            terms = self.terms(scope)
            yield scope, {t.channel_id: t.share for t in terms if t.mode is atp.Mode.SHARE}


def _met(scope: _Scope, row: Any) -> _Scope:
    """What a policy of `scope` and that of `row` are both about."""
    path = tuple(row.path) if row.path else ()
    own = scope.path or ()
    return _Scope(
        scope.location_id or row.location_id,
        scope.product_id or row.product_id,
        max(own, path, key=len) or None,
    )


async def _check_shares(session: Session, former: _Shares) -> None:
    """Refuse shares over 1 that this transaction has made, or made larger."""
    now = await former.again(session)
    for (scope, shares), (_, before) in zip(now.all(), former.all(), strict=True):
        if 1 < _total(shares) > _total(before):
            raise Invalid(
                "share",
                too_large(shares),
                shares={id: plain(share) for id, share in shares.items()},
                locationId=scope.location_id,
                productId=scope.product_id,
                categoryId=scope.path[-1] if scope.path and not scope.product_id else None,
            )
