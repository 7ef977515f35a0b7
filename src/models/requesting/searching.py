"""The search of products that can be asked for, the closest to what is searched first."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, true

from models.base import Quantity, texts, this_tenant
from models.catalog import categories, product_packs, products
from models.lists.stock import stock_levels_now
from models.locations import locations
from models.search import escaped, matching

_product, _pack, _level, _category = (
    products.c,
    product_packs.c,
    stock_levels_now.c,
    categories.c,
)
_free = _level.on_hand - _level.expired - _level.held - _level.reserved


def found(
    search: str, requesting_id: str | None, fulfilling_id: str | None, limit: int, offset: int
) -> Select[Any]:
    """Products that are traded and match, with what is there of them, and how many match in all.

    Without a location that fulfils, what is available is that of all locations but the requesting
    one; without a requesting one, what it has is null. `places_known` says whether both are there.
    """
    page = _page(search, limit, offset)
    here = _sum_of(page.c.id, _free, _source(requesting_id, fulfilling_id))
    there = _sum_of(page.c.id, _level.on_hand, _level.location_id == requesting_id)
    return (
        select(
            page,
            _category.name.label("category_name"),
            func.coalesce(here, 0, type_=Quantity).label("available_at_source"),
            (
                func.coalesce(there, 0, type_=Quantity)
                if requesting_id is not None
                else literal(None, Quantity)
            ).label("on_hand_at_destination"),
            _known(requesting_id, fulfilling_id).label("places_known"),
        )
        .select_from(
            page.outerjoin(
                categories,
                and_(_category.tenant_id == this_tenant(), _category.id == page.c.category_id),
            )
        )
        .order_by(page.c.place)
    )


def _page(search: str, limit: int, offset: int) -> Subquery:
    return (
        select(
            _product.id,
            _product.sku,
            _product.name,
            _product.unit_of_measure,
            _product.category_id,
            func.row_number().over(order_by=_closeness(search)).label("place"),
            func.count().over().label("total"),
        )
        .where(_product.tenant_id == this_tenant(), _product.active, matching(search))
        .order_by(*_closeness(search))
        .limit(limit)
        .offset(offset)
        .subquery("page")
    )


def count(search: str) -> Select[Any]:
    """How many products match; for a page beyond the last, which has no row to tell it."""
    return select(func.count()).where(
        _product.tenant_id == this_tenant(), _product.active, matching(search)
    )


def _closeness(search: str) -> list[ColumnElement[Any]]:
    """The same code or barcode, a beginning of these or the name, a word's beginning, a part.

    Of equals the shorter name is closer.
    """
    said = " ".join(search.lower().split())
    part = escaped(said)
    sku = func.lower(_product.sku)
    barcode = func.coalesce(_product.barcode, "")
    on_pack = (
        select(1)
        .where(
            _pack.tenant_id == this_tenant(),
            _pack.product_id == _product.id,
            func.lower(_pack.barcode) == said,
        )
        .exists()
    )
    rank = case(
        (or_(sku == said, func.lower(barcode) == said, on_pack), 0),
        (_product.name_key == said, 1),
        (or_(sku.like(f"{part}%"), func.lower(barcode).like(f"{part}%")), 2),
        (_product.name_key.like(f"{part}%"), 3),
        (_product.name_key.like(f"% {part}%"), 4),
        (or_(sku.like(f"%{part}%"), _product.name_key.like(f"%{part}%")), 5),
        else_=6,
    )
    return [rank, func.length(_product.name_key), _product.name_key, _product.id]


def _source(requesting_id: str | None, fulfilling_id: str | None) -> ColumnElement[bool]:
    if fulfilling_id is not None:
        return _level.location_id == fulfilling_id
    return true() if requesting_id is None else _level.location_id != requesting_id


def _known(*ids: str | None) -> ColumnElement[Any]:
    given = list({id for id in ids if id is not None})
    return (
        select(func.count() == len(given))
        .where(locations.c.tenant_id == this_tenant(), locations.c.id == func.any(texts(given)))
        .scalar_subquery()
    )


def _sum_of(id: Any, units: ColumnElement[Any], where: ColumnElement[bool]) -> Any:
    return (
        select(func.sum(units))
        .where(_level.tenant_id == this_tenant(), _level.product_id == id, where)
        .scalar_subquery()
    )
