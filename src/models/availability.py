"""The one reader: every statement that reads quantities for a promise.

Numbers come from the views of `sql/availability.sql`; no other module sums quantities.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    table,
    union,
)

from domain.pages import PageWish
from models import keyset
from models.base import Instant, Key, Quantity, this_tenant
from models.catalog import categories, products
from models.channels import channel_policies, channel_quotas, channels
from models.search import matching
from models.stock import inventory_levels
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

ORDERS: dict[str, tuple[Any, ...]] = {
    "sku": (products.c.sku, products.c.id),
    "name": (products.c.name_key, products.c.id),
}
_KEYS = ("location_id", "product_id")


def terms(location_ids: Sequence[str] | None, product_ids: Sequence[str] | None) -> Select[Any]:
    """Every active channel with each policy that could match these places and products.

    One row for a channel without any. None stands for all.
    """
    policy, channel = channel_policies.c, channels.c
    about = [policy.tenant_id == channel.tenant_id, policy.channel_id == channel.id]
    if location_ids is not None:
        about.append(or_(policy.location_id.is_(None), policy.location_id.in_(location_ids)))
    if product_ids is not None:
        about.append(or_(policy.product_id.is_(None), policy.product_id.in_(product_ids)))
    return (
        select(
            channel.id.label("channel_id"),
            channel.name,
            channel.type,
            channel.position,
            tenant_settings.c.low_atp_threshold.label("default_threshold"),
            policy.id.label("policy_id"),
            policy.created_at.label("policy_created_at"),
            *(c for c in policy if c.name not in _NOT_TERMS),
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


def numbers(pairs: Sequence[tuple[str, str]]) -> Select[Any]:
    """The kept sums of these (location, product) pairs, with what channels have there.

    One row a pair: zeros where nothing was ever stocked. `path` and `quantity_step` are the
    product's; `quotas` is [[channel, allocated, consumed], …], `promises` [[channel, quantity,
    from quota], …].
    """
    wanted = (
        func.unnest(
            bindparam("location_keys", [pair[0] for pair in pairs], type_=_TEXTS),
            bindparam("product_keys", [pair[1] for pair in pairs], type_=_TEXTS),
        )
        .table_valued(*_KEYS, name="wanted")
        .render_derived()
    )
    location, product = wanted.c.location_id, wanted.c.product_id
    return select(
        location,
        product,
        categories.c.path,
        products.c.quantity_step,
        *(func.coalesce(levels_now.c[name], 0).label(name) for name in _SUMS),
        _quotas(location, product).label("quotas"),
        _promises(location, product).label("promises"),
    ).select_from(
        wanted.join(products, and_(products.c.tenant_id == this_tenant(), products.c.id == product))
        .outerjoin(
            categories,
            and_(
                categories.c.tenant_id == this_tenant(), categories.c.id == products.c.category_id
            ),
        )
        .outerjoin(
            levels_now,
            and_(
                levels_now.c.tenant_id == this_tenant(),
                levels_now.c.location_id == location,
                levels_now.c.product_id == product,
            ),
        )
    )


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


def is_listed(location_id: str) -> ColumnElement[bool]:
    """Whether a product has a row in the matrix of this location.

    It has when it was ever stocked there, or has a policy or a level of its own there.
    """
    return or_(
        *(
            select(1)
            .where(
                source.c.tenant_id == this_tenant(),
                source.c.location_id == location_id,
                source.c.product_id == products.c.id,
            )
            .exists()
            for source in (stock_levels_rows, channel_policies, inventory_levels)
        )
    )


stock_levels_rows = table("stock_levels", *map(column, ("tenant_id", "location_id", "product_id")))


def matrix_products(
    location_id: str,
    filters: Sequence[ColumnElement[bool]],
    order: str,
    wish: PageWish,
    *,
    descending: bool = False,
) -> Select[Any]:
    """The products of one part of a location's matrix, each with its category.

    One row more than the wish's limit tells that the list goes on.
    """
    statement = (
        select(products, *(c.label(f"category__{c.name}") for c in categories.c))
        .select_from(
            products.outerjoin(
                categories,
                and_(
                    categories.c.tenant_id == products.c.tenant_id,
                    categories.c.id == products.c.category_id,
                ),
            )
        )
        .where(products.c.tenant_id == this_tenant(), is_listed(location_id), *filters)
    )
    return keyset.part(statement, ORDERS[order], wish, descending=descending)


def matrix_count(location_id: str, filters: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """How many products the matrix of a location has."""
    return (
        select(func.count())
        .select_from(products)
        .where(products.c.tenant_id == this_tenant(), is_listed(location_id), *filters)
    )


def matrix_filters(
    *, search: str | None, category_id: str | None, product_ids: Sequence[str] | None
) -> list[ColumnElement[bool]]:
    """Conditions on the products of a matrix; a category stands for its whole subtree."""
    found: list[ColumnElement[bool]] = []
    if search is not None:
        found.append(matching(search))
    if category_id is not None:
        found.append(
            products.c.category_id.in_(
                select(categories.c.id).where(
                    categories.c.tenant_id == this_tenant(),
                    literal(category_id) == func.any(categories.c.path),
                )
            )
        )
    if product_ids is not None:
        found.append(products.c.id.in_(product_ids))
    return found


def _universe(location_ids: Sequence[str] | None) -> CompoundSelect[Any]:
    """Every (location, product) pair that has a row in some matrix."""
    parts = []
    for source in (stock_levels_rows, channel_policies, inventory_levels):
        part = select(source.c.location_id, source.c.product_id).where(
            source.c.tenant_id == this_tenant()
        )
        if source is channel_policies:
            part = part.where(source.c.location_id.is_not(None), source.c.product_id.is_not(None))
        if location_ids is not None:
            part = part.where(source.c.location_id.in_(location_ids))
        parts.append(part)
    return union(*parts)


def histogram(
    location_ids: Sequence[str] | None,
    filters: Sequence[ColumnElement[bool]],
    special: Sequence[str],
    *,
    categories_apart: bool,
) -> Select[Any]:
    """Products by what is available of them: how many there are, and their sums.

    A product that has its own policy (`special`), a quota or an open promise at the location is
    a row of its own with its `product_id`; all others are counted by equal numbers. The
    category's path tells them apart only when a policy is about a category.
    """
    pairs = _universe(location_ids).subquery("pairs")
    here = [
        levels_now.c.tenant_id == this_tenant(),
        levels_now.c.location_id == pairs.c.location_id,
        levels_now.c.product_id == pairs.c.product_id,
    ]
    alone = case((_is_special(pairs, special), pairs.c.product_id))
    path = categories.c.path if categories_apart else cast(null(), _TEXTS)
    keys: list[Any] = [pairs.c.location_id, alone.label("product_id"), path.label("path")]
    keys += [products.c.quantity_step]
    sums = {name: func.coalesce(levels_now.c[name], 0) for name in _SUMS}
    available = sums["on_hand"] - sums["expired"] - sums["held"] - sums["reserved"]
    return (
        select(
            *keys,
            available.label("available"),
            func.count().label("products"),
            *(func.sum(value).label(name) for name, value in sums.items()),
        )
        .select_from(
            pairs.join(
                products,
                and_(products.c.tenant_id == this_tenant(), products.c.id == pairs.c.product_id),
            )
            .outerjoin(
                categories,
                and_(
                    categories.c.tenant_id == this_tenant(),
                    categories.c.id == products.c.category_id,
                ),
            )
            .outerjoin(levels_now, and_(*here))
        )
        .where(*filters)
        .group_by(*(literal_column(str(n)) for n in range(1, 6)))
    )


def _is_special(pairs: Any, special: Sequence[str]) -> ColumnElement[bool]:
    def has(source: Any) -> ColumnElement[bool]:
        return (
            select(1)
            .where(
                source.c.tenant_id == this_tenant(),
                source.c.location_id == pairs.c.location_id,
                source.c.product_id == pairs.c.product_id,
            )
            .exists()
        )

    return or_(pairs.c.product_id.in_(special), has(channel_quotas), has(open_promises))


def count_products(
    location_ids: Sequence[str] | None, filters: Sequence[ColumnElement[bool]]
) -> Select[Any]:
    """How many different products have a row in some matrix of these locations."""
    pairs = _universe(location_ids).subquery("pairs")
    return (
        select(func.count(func.distinct(pairs.c.product_id)))
        .select_from(
            pairs.join(
                products,
                and_(products.c.tenant_id == this_tenant(), products.c.id == pairs.c.product_id),
            )
        )
        .where(*filters)
    )


def listed_products(location_id: str, filters: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Id and sort keys of every product of a location's matrix, for what needs all cells."""
    return select(products.c.id, products.c.sku, products.c.name_key).where(
        products.c.tenant_id == this_tenant(), is_listed(location_id), *filters
    )


def locations_of(product_ids: Sequence[str]) -> CompoundSelect[Any]:
    """The (location, product) pairs of these products that have a row in some matrix."""
    pairs = _universe(None).subquery("pairs")
    return union(
        select(pairs.c.location_id, pairs.c.product_id).where(pairs.c.product_id.in_(product_ids))
    )


def moment() -> Select[Any]:
    """The session's moment, and the transaction below which its answers hold every one."""
    cluster = select(column("system_identifier", BigInteger)).select_from(func.pg_control_system())
    xmin = func.pg_snapshot_xmin(func.pg_current_snapshot())
    return select(
        func.stock_now(type_=Instant).label("now"),
        cluster.scalar_subquery().label("cluster"),
        cast(cast(xmin, Text), BigInteger).label("transaction"),
    )
