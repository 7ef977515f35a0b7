"""Which products the matrix of a location lists, and in what order.

The rows are all products that were ever stocked there, or have a policy or a level of their own
there. Numbers come from `models.availability`.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
    union,
    union_all,
)

from domain.pages import PageWish
from models import keyset
from models.base import Key, texts_named, this_tenant
from models.bound import Bound
from models.catalog import categories, products
from models.channels import channel_policies
from models.search import matching
from models.stock import inventory_levels

ORDERS: dict[str, tuple[Any, ...]] = {
    "sku": (products.c.sku,),  # unique in itself
    "name": (products.c.name_key, products.c.id),
}


def is_listed(location_ids: Sequence[str] | None) -> ColumnElement[bool]:
    """Whether a product has a row in the matrix of one of these locations; None stands for all."""
    return or_(
        *(
            _products_of(source, location_ids).where(source.c.product_id == products.c.id).exists()
            for source in (_stocked, channel_policies, inventory_levels)
        )
    )


def _is_listed_at(
    location_id: ColumnElement[str], product_id: ColumnElement[str]
) -> ColumnElement[bool]:
    """The same for the location and the product of outer rows, by index probes.

    OFFSET 0 keeps the planner from hashing all products of the location before it reads a page.
    """
    return or_(
        *(
            select(source.c.product_id)
            .where(
                source.c.tenant_id == this_tenant(),
                source.c.location_id == location_id,
                source.c.product_id == product_id,
            )
            .offset(literal_column("0"))
            .correlate_except(source)
            .exists()
            for source in (_stocked, channel_policies, inventory_levels)
        )
    )


def _products_of(source: Any, location_ids: Sequence[str] | None) -> Select[Any]:
    statement = select(source.c.product_id).where(
        source.c.tenant_id == this_tenant(), source.c.product_id.is_not(None)
    )
    if location_ids is None:
        return statement.where(source.c.location_id.is_not(None))
    return statement.where(source.c.location_id.in_(location_ids))


_stocked = table(
    "stock_levels",
    column("tenant_id", Uuid),
    *(column(name, Key) for name in ("location_id", "product_id")),
)


def products_page(
    location_ids: Sequence[str],
    filters: Sequence[ColumnElement[bool]],
    order: str,
    wish: PageWish,
    *,
    descending: bool = False,
    is_search: bool = False,
) -> Select[Any]:
    """The products of the same part of each location's matrix, each with its category.

    `listed_at` is the location. One row more than the wish's limit tells that the list goes on.
    """
    place = _wanted(location_ids)
    source: Any = products
    if is_search:
        # OFFSET 0: what was found is sorted first, so that only a page of it is looked up at the
        # location and not all of it.
        downward = descending != wish.backward
        found = select(products).where(products.c.tenant_id == this_tenant(), *filters)
        ordered = keyset.ordered(ORDERS[order], downward=downward)
        source = found.order_by(*ordered).offset(literal_column("0")).subquery("found")
        filters = ()
    page = keyset.part(
        select(source).where(
            source.c.tenant_id == this_tenant(),
            _is_listed_at(place.c.location_id, source.c.id),
            *filters,
        ),
        [source.c[key.name] for key in ORDERS[order]],
        wish,
        descending=descending,
    ).lateral("page")
    return _in_order(place, page, order, downward=descending != wish.backward)


def _in_order(place: Any, page: Any, order: str, *, downward: bool) -> Select[Any]:
    """The rows of the page of each place, with their categories."""
    keys = [page.c[key.name] for key in ORDERS[order]]
    category = and_(categories.c.tenant_id == this_tenant(), categories.c.id == page.c.category_id)
    return (
        select(place.c.location_id.label("listed_at"), *page.c, *_category_columns())
        .select_from(place.join(page, true()).outerjoin(categories, category))
        .order_by(place.c.location_id, *(key.desc() if downward else key for key in keys))
    )


def products_by_ids(product_ids: Sequence[str]) -> Select[Any]:
    """These products, each with its category, in no order."""
    return _with_category().where(
        products.c.tenant_id == this_tenant(), products.c.id.in_(product_ids)
    )


def _with_category() -> Select[Any]:
    return select(products, *_category_columns()).select_from(
        products.outerjoin(
            categories,
            and_(
                categories.c.tenant_id == products.c.tenant_id,
                categories.c.id == products.c.category_id,
            ),
        )
    )


def _category_columns() -> list[ColumnElement[Any]]:
    return [column.label(f"category__{column.name}") for column in categories.c]


def _wanted(location_ids: Sequence[str]) -> Any:
    keys = bindparam(None, list(location_ids), type_=_TEXTS)
    wanted = func.unnest(keys).table_valued(column("location_id", Key), name="wanted")
    return wanted.render_derived()


_TEXTS: Any = ARRAY(Text)


def filters(
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


def count(
    location_ids: Sequence[str] | None, filters: Sequence[ColumnElement[bool]]
) -> Select[Any]:
    """How many different products have a row in some matrix of these locations."""
    return (
        select(func.count())
        .select_from(products)
        .where(products.c.tenant_id == this_tenant(), is_listed(location_ids), *filters)
    )


def sizes(location_ids: Sequence[str]) -> Bound:
    """How many rows the whole matrix of each of these locations has, from its index alone."""
    return Bound(_sizes(), {"locations": list(location_ids)})


@cache
def _sizes() -> Select[Any]:
    locations = texts_named("locations")
    wanted = func.unnest(locations).table_valued(column("location_id", Key), name="wanted")
    wanted = wanted.render_derived()
    stocked = select(func.count()).where(
        _stocked.c.tenant_id == this_tenant(), _stocked.c.location_id == wanted.c.location_id
    )
    pairs = _unstocked(lambda source: source.c.location_id == func.any(locations)).subquery()
    others = select(func.count()).where(pairs.c.location_id == wanted.c.location_id)
    rows = stocked.scalar_subquery() + others.scalar_subquery()
    return select(wanted.c.location_id, rows.label("rows"))


def order_of_all(order: str) -> Select[Any]:
    """The ids of all products of the tenant in an order, with what they are sorted by."""
    keys = ORDERS[order]
    return select(products.c.id, *keys).where(products.c.tenant_id == this_tenant()).order_by(*keys)


def listed(location_id: str) -> CompoundSelect[Any]:
    """The ids of all products that have a row in the matrix of this location."""
    return union(
        *(
            _products_of(source, [location_id])
            for source in (_stocked, channel_policies, inventory_levels)
        )
    )


def counts(
    location_ids: Sequence[str], filters: Sequence[ColumnElement[bool]]
) -> CompoundSelect[Any]:
    """How many rows the matrix of each of these locations has under the filters."""
    return union_all(
        *(
            select(
                literal(id).label("location_id"),
                count([id], filters).scalar_subquery().label("rows"),
            )
            for id in location_ids
        )
    )


def sort_keys(
    location_ids: Sequence[str], filters: Sequence[ColumnElement[bool]]
) -> CompoundSelect[Any]:
    """Location, id and sort keys of every row of these matrices, for what needs all cells."""
    return union_all(
        *(
            select(
                literal(id).label("location_id"), products.c.id, products.c.sku, products.c.name_key
            ).where(products.c.tenant_id == this_tenant(), is_listed([id]), *filters)
            for id in location_ids
        )
    )


def locations_of(product_ids: Sequence[str]) -> CompoundSelect[Any]:
    """The (location, product) pairs of these products that have a row in some matrix."""
    return union(
        *(
            select(source.c.location_id, source.c.product_id).where(
                source.c.tenant_id == this_tenant(),
                source.c.location_id.is_not(None),
                source.c.product_id.in_(product_ids),
            )
            for source in (_stocked, channel_policies, inventory_levels)
        )
    )


def unstocked(location_ids: Sequence[str] | None) -> CompoundSelect[Any]:
    """The pairs that a policy or a level of their own lists and that were never stocked."""
    if location_ids is None:
        return _unstocked(lambda source: source.c.location_id.is_not(None))
    return _unstocked(lambda source: source.c.location_id.in_(location_ids))


def _unstocked(is_wanted: Callable[[Any], ColumnElement[bool]]) -> CompoundSelect[Any]:
    return union(
        *(
            select(source.c.product_id, source.c.location_id).where(
                source.c.tenant_id == this_tenant(),
                source.c.product_id.is_not(None),
                is_wanted(source),
                ~has(_stocked, source),
            )
            for source in (channel_policies, inventory_levels)
        )
    )


def has(
    source: Any, pair: Any, *, of: Any = None, where: Sequence[ColumnElement[bool]] = ()
) -> ColumnElement[bool]:
    """Whether the source has a row for the location and product of this pair.

    `of` is the part of a join that has these columns.
    """
    columns = (source if of is None else of).c
    return (
        select(1)
        .select_from(source)
        .where(
            columns.tenant_id == this_tenant(),
            columns.location_id == pair.c.location_id,
            columns.product_id == pair.c.product_id,
            *where,
        )
        .exists()
    )
