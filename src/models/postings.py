"""Calls of the posting functions, and what their refusals look like."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from models.base import Key, texts_named, this_tenant
from models.bound import Bound
from models.stock import stock_levels

POST = "select stock_post($1::jsonb, $2::posting_line[], true, $3::text[])"
RESERVE = "select stock_reserve($1, $2, $3::numeric, $4, $5::numeric, $6)"
RESERVE_ALL = "select stock_reserve_all($1::text[], $2::text[], $3::numeric[], $4)"
RELEASE_ALL = "select stock_release_all($1::text[], $2::numeric[], $3)"

# For buckets and moments the first counts since, in their order, as one array.
COUNTED_AFTER = (
    "select array_agg(count_after(w.item, w.moment) order by w.place)"
    " from unnest($1::text[], $2::timestamptz[]) with ordinality as w (item, moment, place)"
)

REFUSALS = (asyncpg.PostgresError,)
_NUMERIC_OUT_OF_RANGE = "22003"
NEGATIVE, UNEXPECTED, TOO_LITTLE_FREE = "SG001", "SG002", "SG004"
PERIOD_CLOSED, COUNTED_SINCE, AHEAD = "SG005", "SG006", "SG007"
_OURS = frozenset({NEGATIVE, UNEXPECTED, TOO_LITTLE_FREE, PERIOD_CLOSED, COUNTED_SINCE, AHEAD})


def due_levels(limit: int) -> Select[Any]:
    """Lock some levels whose sums the clock has changed, leaving out those that others hold."""
    level = stock_levels.c
    return (
        select(level.location_id, level.product_id)
        .where(level.tenant_id == this_tenant(), level.next_expiry <= func.stock_now())
        .order_by(level.location_id, level.product_id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )


def lock_level(location_id: str, product_id: str) -> Select[Any]:
    """Lock the level row of a product at a location; where there is none, nothing is stocked."""
    level = stock_levels.c
    return (
        select(level.product_id)
        .where(
            level.tenant_id == this_tenant(),
            level.location_id == location_id,
            level.product_id == product_id,
        )
        .with_for_update(key_share=True)
    )


def lock_stocked(pairs: Sequence[tuple[str, str]]) -> Select[Any]:
    """Lock the level rows of these pairs in the global order; where none is, nothing is stocked."""
    level = stock_levels.c
    wanted = (
        func.unnest(_texts([pair[0] for pair in pairs]), _texts([pair[1] for pair in pairs]))
        .table_valued("location_id", "product_id", name="wanted")
        .render_derived()
    )
    return (
        select(level.location_id, level.product_id)
        .where(
            level.tenant_id == this_tenant(),
            level.location_id == wanted.c.location_id,
            level.product_id == wanted.c.product_id,
        )
        .order_by(level.location_id, level.product_id)
        .with_for_update(key_share=True, of=stock_levels)
    )


_TEXTS: Any = ARRAY(Key)


def is_refusal(error: Exception) -> bool:
    """Whether a posting function refused, with its reasons as JSON."""
    return getattr(error, "sqlstate", None) in _OURS


def refusal_kind(error: Exception) -> str:
    """Which of the refusals it is, by its SQLSTATE."""
    return str(getattr(error, "sqlstate", ""))


def is_too_large(error: Exception) -> bool:
    """Whether a number would have outgrown its column."""
    return getattr(error, "sqlstate", None) == _NUMERIC_OUT_OF_RANGE


def detail(error: Exception) -> str:
    """The JSON that came with the refusal."""
    return str(getattr(error, "detail", "") or "{}")


def lock_parts(keys: Sequence[tuple[str, str, str | None, str | None]]) -> Bound:
    """Share the lots and bins of these buckets (location, product, bin, lot) that are new."""
    columns = {name: [key[n] for key in keys] for n, name in enumerate(_PARTS)}
    return Bound(_LOCK_PARTS, columns)


def lock_buckets(keys: Sequence[tuple[str, str, str | None, str | None]]) -> Bound:
    """What a posting on these buckets locks, in its order: parts of new ones, then level rows."""
    return Bound(_LOCK_BUCKETS, lock_parts(keys).values)


def lock_levels(locations: list[str], products: list[str]) -> Bound:
    """Lock, and make where missing, the level rows of these pairs, in the global order."""
    return Bound(_LOCK_LEVELS, {"locations": locations, "products": products})


def refresh_levels(locations: list[str], products: list[str]) -> Bound:
    """Set the kept sums of these pairs to what their buckets say now; they must be locked."""
    return Bound(_REFRESH_LEVELS, {"locations": locations, "products": products})


_PARTS = ("locations", "products", "bins", "lots")
_PLACES = [texts_named(name) for name in _PARTS]
_LOCK_PARTS = select(func.stock_lock_parts(*_PLACES))
# The functions of a list are called from left to right, each with a snapshot of its own.
_LOCK_BUCKETS = select(
    func.stock_lock_parts(*_PLACES).label("parts"),
    func.stock_lock_levels(*_PLACES[:2]).label("levels"),
)
_LOCK_LEVELS = select(func.stock_lock_levels(*_PLACES[:2]))
_REFRESH_LEVELS = select(func.stock_refresh_levels(*_PLACES[:2]))


def _texts(values: list[str]) -> BindParameter[Any]:
    return bindparam(None, values, type_=_TEXTS)
