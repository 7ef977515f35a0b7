"""The one reader: every statement that reads quantities for a promise.

Numbers come from the views of `sql/availability.sql`; no other module sums quantities.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    Text,
    TextClause,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
    table,
    text,
    true,
    union_all,
)

from models import ahead, matrix
from models.base import Instant, Key, Quantity, texts_named, this_tenant
from models.bound import Bound
from models.catalog import categories, products
from models.channels import channel_policies, channel_quotas, channels, counts_at
from models.lists.stock import item_quantities
from models.lots import lots
from models.tenants import tenant_settings

levels_now = table(
    "stock_levels_now",
    column("tenant_id", Uuid),
    *(column(name, Key) for name in ("location_id", "product_id")),
    *(column(name, Quantity) for name in ("on_hand", "expired", "held", "reserved")),
    column("next_expiry", Instant),
)
open_promises = table(
    "open_promises",
    column("tenant_id", Uuid),
    *(column(name, Key) for name in ("channel_id", "location_id", "product_id")),
    *(column(name, Quantity) for name in ("quantity", "from_quota")),
)

_KEYS = ("location_id", "product_id")


def terms(location_ids: Sequence[str] | None, at: datetime | None = None) -> Bound:
    """Every active channel with each policy that could match at these locations; None: at all.

    One row for a channel without any. Policies about one product are left out: they come with
    its numbers. Policies count at the moment, or now.
    """
    statement = _terms(is_narrow=location_ids is not None, is_now=at is None)
    return Bound(statement, {"locations": list(location_ids or ()), "moment": at})


@cache
def _terms(*, is_narrow: bool, is_now: bool) -> Select[Any]:
    policy, channel = channel_policies.c, channels.c
    about = [
        policy.tenant_id == channel.tenant_id,
        policy.channel_id == channel.id,
        policy.product_id.is_(None),
        counts_at(policy, None if is_now else bindparam("moment", type_=Instant)),
    ]
    if is_narrow:
        here = policy.location_id == func.any(texts_named("locations"))
        about.append(or_(policy.location_id.is_(None), here))
    return (
        select(
            channel.id.label("channel_id"),
            *(channel[name].label(f"channel__{name}") for name in channel.keys()),  # noqa: SIM118 - a collection of columns
            tenant_settings.c.low_atp_threshold.label("default_threshold"),
            policy.id.label("policy_id"),
            *(c for c in policy if c.name not in _NOT_TERMS),
            policy.created_at.label("policy_created_at"),
        )
        .select_from(
            channels.join(
                tenant_settings, tenant_settings.c.tenant_id == channel.tenant_id
            ).outerjoin(channel_policies, and_(*about))
        )
        .where(channel.tenant_id == this_tenant(), channel.active)
        .order_by(channel.position, channel.id)
    )


_NOT_TERMS = {
    "tenant_id",
    "id",
    "channel_id",
    "name",
    "description",
    "version",
    "created_at",
    "updated_at",
    "valid_from",
}


def numbers(pairs: Sequence[tuple[str, str]]) -> Bound:
    """The kept sums of these (location, product) pairs, with what channels have there.

    One row a pair: zeros where nothing was ever stocked. `path` and `quantity_step` are the
    product's; `quotas` is [[channel, allocated, consumed], …], `promises` [[channel, quantity,
    from quota], …], `policies` the rows of those about the product; `lots` [[days left, free
    units], …], where asked for, and `promised_ahead` and `supply_ahead` are [[days, units], …].
    """
    values = {"locations": [pair[0] for pair in pairs], "products": [pair[1] for pair in pairs]}
    return Bound(_numbers(), values)


@cache
def _numbers() -> Select[Any]:
    wanted = (
        func.unnest(texts_named("locations"), texts_named("products"))
        .table_valued(*_KEYS, name="wanted")
        .render_derived()
    )
    location, product = wanted.c.location_id, wanted.c.product_id
    level = _level_of(location, product)
    return select(
        location,
        product,
        categories.c.path,
        products.c.quantity_step,
        *(func.coalesce(level.c[name], 0).label(name) for name in _SUMS),
        _quotas(location, product).label("quotas"),
        _promises(location, product).label("promises"),
        _policies(location, product).label("policies"),
        _lots(location, product).label("lots"),
        ahead.promised_at(location, product).label("promised_ahead"),
        ahead.supply_at(location, product).label("supply_ahead"),
    ).select_from(
        wanted.join(products, and_(products.c.tenant_id == this_tenant(), products.c.id == product))
        .outerjoin(
            categories,
            and_(
                categories.c.tenant_id == this_tenant(), categories.c.id == products.c.category_id
            ),
        )
        .outerjoin(level, true())
    )


def _level_of(location: ColumnElement[Any], product: ColumnElement[Any]) -> Any:
    # OFFSET 0 keeps the view's two branches inside the nested loop: one index probe a pair.
    return (
        select(*(levels_now.c[name] for name in _SUMS))
        .where(
            levels_now.c.tenant_id == this_tenant(),
            levels_now.c.location_id == location,
            levels_now.c.product_id == product,
        )
        .offset(literal_column("0"))
        .lateral("level")
    )


# What tells products of equal numbers apart where policies look at it.
Apart = Literal["expires", "is reserved", "is expected"]
_SUMS = ("on_hand", "expired", "held", "reserved")
_TEXTS: Any = ARRAY(Text)


def _quotas(location: ColumnElement[Any], product: ColumnElement[Any]) -> ColumnElement[Any]:
    quota = channel_quotas.c
    return (
        select(
            func.jsonb_agg(
                func.jsonb_build_array(quota.channel_id, quota.allocated, quota.consumed)
            )
        )
        .where(
            quota.tenant_id == this_tenant(),
            quota.product_id == product,
            quota.location_id == location,
        )
        .scalar_subquery()
    )


def _promises(location: ColumnElement[Any], product: ColumnElement[Any]) -> ColumnElement[Any]:
    promise = open_promises.c
    return (
        select(
            func.jsonb_agg(
                func.jsonb_build_array(promise.channel_id, promise.quantity, promise.from_quota)
            )
        )
        .where(
            promise.tenant_id == this_tenant(),
            promise.location_id == location,
            promise.product_id == product,
        )
        .scalar_subquery()
    )


def _policies(location: ColumnElement[Any], product: ColumnElement[Any]) -> ColumnElement[Any]:
    policy = channel_policies.c
    return (
        select(func.jsonb_agg(func.to_jsonb(channel_policies.table_valued())))
        .where(
            policy.tenant_id == this_tenant(),
            policy.product_id == product,
            or_(policy.location_id.is_(None), policy.location_id == location),
            counts_at(policy),
        )
        .scalar_subquery()
    )


def _lots(location: ColumnElement[Any], product: ColumnElement[Any]) -> ColumnElement[Any]:
    """What is free of each lot that expires, only where some policy asks for a shelf life."""
    item, policy = item_quantities.c, channel_policies.c
    asked = (
        select(policy.id)
        .where(
            policy.tenant_id == this_tenant(),
            policy.minimum_shelf_life_days.is_not(None),
            counts_at(policy),
        )
        .exists()
    )
    today = select(func.stock_today(type_=Date)).scalar_subquery()
    free = item.on_hand - item.expired - item.held - item.reserved
    return (
        select(func.jsonb_agg(func.jsonb_build_array(lots.c.expiry_date - today, free)))
        .select_from(
            item_quantities.join(
                lots, and_(lots.c.tenant_id == this_tenant(), lots.c.id == item.lot_id)
            )
        )
        .where(
            asked,
            item.tenant_id == this_tenant(),
            item.location_id == location,
            item.product_id == product,
            lots.c.expiry_date.is_not(None),
            free > 0,
        )
        .scalar_subquery()
    )


def histogram(
    location_ids: Sequence[str] | None,
    filters: Sequence[ColumnElement[bool]],
    *,
    categories_apart: bool,
    apart: Sequence[Apart] = (),
) -> Select[Any]:
    """Products by what is available of them: how many there are, and their sums.

    A product that has a policy, a quota or an open promise at the location is
    a row of its own with its `product_id`; all others are counted by equal numbers. The
    category's path tells them apart only when a policy is about a category. `apart` names what
    else policies look at.
    """
    level = _every_level(location_ids).subquery("level")
    alone = case((_is_special(level, apart), level.c.product_id))
    path = categories.c.path if categories_apart else cast(null(), _TEXTS)
    source = level.join(
        products, and_(products.c.tenant_id == this_tenant(), products.c.id == level.c.product_id)
    )
    if categories_apart:
        source = source.outerjoin(
            categories,
            and_(
                categories.c.tenant_id == this_tenant(), categories.c.id == products.c.category_id
            ),
        )
    keys: list[Any] = [level.c.location_id, alone.label("product_id"), path.label("path")]
    keys += [products.c.quantity_step, level.c.available]
    return (
        select(
            *keys,
            func.count().label("products"),
            func.sum(level.c.on_hand).label("on_hand"),
            func.sum(level.c.reserved).label("reserved"),
        )
        .select_from(source)
        .where(*filters)
        .group_by(*(literal_column(str(n)) for n in range(1, 6)))
    )


def _every_level(location_ids: Sequence[str] | None) -> CompoundSelect[Any]:
    """Every (location, product) that some matrix lists; zeros where nothing was ever stocked."""
    now = levels_now.c
    kept = select(
        now.location_id,
        now.product_id,
        now.on_hand,
        now.reserved,
        (now.on_hand - now.expired - now.held - now.reserved).label("available"),
    ).where(now.tenant_id == this_tenant())
    if location_ids is not None:
        kept = kept.where(now.location_id.in_(location_ids))
    rows = matrix.unstocked(location_ids).subquery("unstocked")
    zero = cast(0, Quantity)
    return union_all(kept, select(rows.c.location_id, rows.c.product_id, zero, zero, zero))


def _is_special(level: Any, apart: Sequence[Apart]) -> ColumnElement[bool]:
    policy = channel_policies.c
    own = select(policy.product_id).where(
        policy.tenant_id == this_tenant(), policy.product_id.is_not(None)
    )
    return or_(
        level.c.product_id.in_(own),
        matrix.has(channel_quotas, level),
        matrix.has(open_promises, level),
        *(_APART[one](level) for one in apart),
    )


def _has_lots(level: Any) -> ColumnElement[bool]:
    return matrix.has(
        item_quantities.join(
            lots, and_(lots.c.tenant_id == this_tenant(), lots.c.id == item_quantities.c.lot_id)
        ),
        level,
        of=item_quantities,
        where=[lots.c.expiry_date.is_not(None)],
    )


_APART: Mapping[Apart, Any] = {
    "expires": _has_lots,
    "is reserved": lambda level: level.c.reserved != 0,
    "is expected": lambda level: matrix.has(ahead.supply, level),
}


def moment() -> Select[Any]:
    """The session's moment, and which transactions its answers hold."""
    return _moment(
        func.coalesce(
            cast(func.stock_known_in(), Text), cast(func.pg_current_snapshot(), Text)
        ).label("snapshot")
    )


def moment_of_write() -> Bound:
    """The same of a session that writes, and the transaction that it is itself."""
    return Bound(_MOMENT_OF_WRITE, {})


# As columns, for a statement that says something else besides.
MOMENT_OF_WRITE = (
    "stock_now() as now, stock_known_when() as known_when,"
    " (select system_identifier from pg_control_system()) as cluster,"
    " pg_current_snapshot()::text as snapshot, pg_current_xact_id()::text::bigint as own"
)
_MOMENT_OF_WRITE = text("select " + MOMENT_OF_WRITE)


def sees(snapshot: str) -> TextClause:
    """Whether the session's snapshot holds every transaction that this one holds."""
    return text(_SEES).bindparams(bindparam("snapshot", snapshot, type_=Text))


_SEES = """
with s as (select pg_current_snapshot() as mine, cast(:snapshot as text)::pg_snapshot as wanted)
select not exists (
    select from pg_snapshot_xip(s.mine) as x where pg_visible_in_snapshot(x, s.wanted))
  -- What has begun since mine was taken was running then, or it was not seen there either.
  and pg_snapshot_xmax(s.wanted)::text::bigint - pg_snapshot_xmax(s.mine)::text::bigint <= (
    select count(*) from pg_snapshot_xip(s.wanted) as x where x >= pg_snapshot_xmax(s.mine))
from s
"""


def _moment(*more: ColumnElement[Any]) -> Select[Any]:
    cluster = select(column("system_identifier", BigInteger)).select_from(func.pg_control_system())
    return select(
        func.stock_now(type_=Instant).label("now"),
        func.stock_known_when(type_=Instant).label("known_when"),
        cluster.scalar_subquery().label("cluster"),
        *more,
    )
