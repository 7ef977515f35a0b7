"""The lists of products and categories."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from models.base import texts, this_tenant
from models.catalog import categories, product_packs, products
from models.lists.listing import Listing, between, is_, one_of, words
from models.search import matching
from models.stock import inventory_items

_product, _category = products.c, categories.c


def _in_categories(ids: Sequence[str]) -> ColumnElement[bool]:
    """In one of these categories or in one below it."""
    return _product.category_id.in_(
        select(_category.id).where(
            _category.tenant_id == this_tenant(), _category.path.overlap(texts(ids))
        )
    )


def _at_locations(ids: Sequence[str]) -> ColumnElement[bool]:
    """Ever stocked at one of these locations."""
    item = inventory_items.c
    return _product.id.in_(
        select(item.product_id).where(
            item.tenant_id == this_tenant(), item.location_id == func.any(texts(ids))
        )
    )


def _with_barcodes(barcodes: Sequence[str]) -> ColumnElement[bool]:
    """That carry one of these barcodes, on the unit or on a pack."""
    pack = product_packs.c
    on_pack = select(pack.product_id).where(
        pack.tenant_id == this_tenant(), pack.barcode == func.any(texts(barcodes))
    )
    return or_(_product.barcode == func.any(texts(barcodes)), _product.id.in_(on_pack))


_PRODUCT_FILTERS: dict[str, Any] = {
    "search": matching,
    "id_in": one_of(_product.id),
    "sku_in": one_of(_product.sku),
    "barcode_in": _with_barcodes,
    "category_id_in": _in_categories,
    "location_id_in": _at_locations,
    "unit_of_measure_in": one_of(_product.unit_of_measure),
    "active": is_(_product.active),
    "lot_tracked": is_(_product.lot_tracked),
    "expiry_tracked": is_(_product.expiry_tracked),
    "regulated": is_(_product.regulated),
    "created_at": between(_product.created_at),
    "updated_at": between(_product.updated_at),
}

PRODUCTS = Listing(
    reference=True,
    rows=select(products).where(_product.tenant_id == this_tenant()),
    id=[_product.id],
    orders={
        "id": [],
        "sku": [_product.sku],
        "name": [_product.name_key],
        "unit_cost": [_product.unit_cost],
        "created_at": [_product.created_at],
        "updated_at": [_product.updated_at],
    },
    filters=_PRODUCT_FILTERS,
    parents={"category_id": _product.category_id},
)

CATEGORIES = Listing(
    reference=True,
    rows=select(categories).where(_category.tenant_id == this_tenant()),
    id=[_category.id],
    orders={
        "id": [],
        "code": [_category.code],
        "name": [func.lower(_category.name)],
        "created_at": [_category.created_at],
    },
    filters={
        "search": words(_category.code, _category.name),
        "id_in": one_of(_category.id),
        "code_in": one_of(_category.code),
        "parent_id_in": one_of(_category.parent_id),
        "is_root": lambda wanted: _category.parent_id.is_(None) == wanted,
    },
    parents={"parent_id": _category.parent_id},
)
