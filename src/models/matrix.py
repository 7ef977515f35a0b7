"""Which products the matrix of a location lists, and in what order.

The rows are all products that were ever stocked there, or have a policy or a level of their own
there. Numbers come from `models.availability`.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Uuid,
    and_,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    union,
)

from domain.pages import PageWish
from models import keyset
from models.base import Key, this_tenant
from models.catalog import categories, products
from models.channels import channel_policies
from models.search import matching
from models.stock import inventory_levels

ORDERS: dict[str, tuple[Any, ...]] = {
    "sku": (products.c.sku,),  # unique in itself
    "name": (products.c.name_key, products.c.id),
}


def is_listed(
    location_ids: Sequence[str] | None, *, one_by_one: bool = False
) -> ColumnElement[bool]:
    """Whether a product has a row in the matrix of one of these locations; None stands for all.

    It has when it was ever stocked there, or has a policy or a level of its own there. With
    `one_by_one` the index is probed for each product, which suits a page of an ordered list;
    OFFSET 0 keeps the planner from hashing all the location's products first.
    """
    found = []
    for source in (_stocked, channel_policies, inventory_levels):
        probe = _products_of(source, location_ids).where(source.c.product_id == products.c.id)
        found.append((probe.offset(literal_column("0")) if one_by_one else probe).exists())
    return or_(*found)


def _products_of(source: Any, location_ids: Sequence[str] | None) -> Select[Any]:
    statement = select(source.c.product_id).where(
        source.c.tenant_id == this_tenant(), source.c.product_id.is_not(None)
    )
    if location_ids is None:
        return statement.where(source.c.location_id.is_not(None))
    if len(location_ids) == 1:
        return statement.where(source.c.location_id == location_ids[0])
    return statement.where(source.c.location_id.in_(location_ids))


_stocked = table(
    "stock_levels",
    column("tenant_id", Uuid),
    *(column(name, Key) for name in ("location_id", "product_id")),
)


def products_page(
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
        .where(
            products.c.tenant_id == this_tenant(),
            is_listed([location_id], one_by_one=True),
            *filters,
        )
    )
    return keyset.part(statement, ORDERS[order], wish, descending=descending)


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


def sort_keys(location_id: str, filters: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Id and sort keys of every product of a location's matrix, for what needs all cells."""
    return select(products.c.id, products.c.sku, products.c.name_key).where(
        products.c.tenant_id == this_tenant(), is_listed([location_id]), *filters
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
    parts = []
    for source in (channel_policies, inventory_levels):
        part = _products_of(source, location_ids).add_columns(source.c.location_id)
        parts.append(part.where(~has(_stocked, source)))
    return union(*parts)


def has(source: Any, pair: Any) -> ColumnElement[bool]:
    """Whether the source has a row for the location and product of this pair."""
    return (
        select(1)
        .where(
            source.c.tenant_id == this_tenant(),
            source.c.location_id == pair.c.location_id,
            source.c.product_id == pair.c.product_id,
        )
        .exists()
    )
