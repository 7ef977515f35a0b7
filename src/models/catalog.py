"""Categories and products."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    CompoundSelect,
    Computed,
    Delete,
    Index,
    Insert,
    Select,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from models.base import (
    Key,
    Money,
    Quantity,
    at_least_zero,
    created_at,
    metadata,
    optional,
    required,
    tenant_table,
    texts,
    this_tenant,
    to,
    unique,
    updated_at,
    version,
)

categories = tenant_table(
    "categories",
    required("id", Key),
    required("code", Key),
    required("name", Text),
    optional("parent_id", Key),
    required("path", ARRAY(Key)),  # the ids from the root down to this one
    version(),
    created_at(),
    updated_at(),
    to("categories", "parent_id"),
    unique("uq_categories_code", "code"),
    reference=True,
)

products = tenant_table(
    "products",
    required("id", Key),
    required("sku", Key),
    required("name", Text),
    Column("name_key", Key, Computed('lower(name) collate "C"', persisted=True), nullable=False),
    optional("category_id", Key),
    required("unit_of_measure", Text, "'EA'"),
    required("quantity_step", Quantity, "1"),
    optional("barcode", Key),
    optional("unit_cost", Money),
    optional("list_price", Money),
    required("lot_tracked", Boolean, "false"),
    required("expiry_tracked", Boolean, "false"),
    required("serial_tracked", Boolean, "false"),
    required("allow_past_expiry", Boolean, "false"),
    optional("expiry_warning_days", BigInteger),
    required("regulated", Boolean, "false"),
    optional("safety_stock", Quantity),
    optional("reorder_point", Quantity),
    optional("lead_time_days", BigInteger),
    optional("storage_class", Key),  # such as CHILLED; it lies in bins of this class only
    optional("unit_weight_kg", Quantity),
    optional("unit_volume_litres", Quantity),
    required("active", Boolean, "true"),
    required("attributes", JSONB, "'{}'"),
    version(),
    created_at(),
    updated_at(),
    to("categories", "category_id"),
    unique("uq_products_sku", "sku"),
    unique("uq_products_barcode", "barcode", where="barcode is not null"),
    Index("ix_products_name", "tenant_id", "name_key", "id"),
    Index("ix_products_category", "tenant_id", "category_id"),
    CheckConstraint("quantity_step > 0", name="quantity_step_positive"),
    at_least_zero("unit_cost"),
    at_least_zero("list_price"),
    at_least_zero("unit_weight_kg"),
    at_least_zero("unit_volume_litres"),
    reference=True,
    history=True,
)

product_packs = tenant_table(
    "product_packs",
    required("product_id", Key),
    required("code", Key),
    required("quantity", Quantity),
    optional("barcode", Key),
    to("products", "product_id"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    unique("uq_product_packs_barcode", "barcode", where="barcode is not null"),
    key=("product_id", "code"),
    reference=True,
)

# No row security, no right for the application's role: reached through product_search_ids() only.
product_search = Table(
    "product_search",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("product_id", Key, primary_key=True),
    Column("document", Text, nullable=False),
    Index(
        "ix_product_search_document",
        "tenant_id",
        "document",
        postgresql_using="gin",
        postgresql_ops={"document": "gin_trgm_ops"},
    ),
)


def product_ids_by_barcode(barcodes: Sequence[str]) -> CompoundSelect[Any]:
    """Product id and barcode where a unit or a pack carries one of these barcodes."""
    unit, pack = products.c, product_packs.c
    return union_all(
        select(unit.id, unit.barcode).where(
            unit.tenant_id == this_tenant(), unit.barcode == func.any(texts(barcodes))
        ),
        select(pack.product_id, pack.barcode).where(
            pack.tenant_id == this_tenant(), pack.barcode == func.any(texts(barcodes))
        ),
    )


def packs_of(product_ids: Sequence[str]) -> Select[Any]:
    """The packs of these products, the smallest first."""
    pack = product_packs.c
    return (
        select(product_packs)
        .where(pack.tenant_id == this_tenant(), pack.product_id == func.any(texts(product_ids)))
        .order_by(pack.quantity, pack.code)
    )


def remove_packs(product_id: str) -> Delete:
    """Delete all packs of the product."""
    pack = product_packs.c
    return delete(product_packs).where(
        pack.tenant_id == this_tenant(), pack.product_id == product_id
    )


def add_pack(product_id: str, values: Mapping[str, Any]) -> Insert:
    """Add a pack to the product."""
    return insert(product_packs).values(product_id=product_id, **values)


def barcodes_of(product_id: str) -> CompoundSelect[Any]:
    """Every barcode of the product, on the unit and on its packs; doubles are kept."""
    product, pack = products.c, product_packs.c
    return union_all(
        select(product.barcode).where(
            product.tenant_id == this_tenant(),
            product.id == product_id,
            product.barcode.is_not(None),
        ),
        select(pack.barcode).where(
            pack.tenant_id == this_tenant(),
            pack.product_id == product_id,
            pack.barcode.is_not(None),
        ),
    )


def barcode_of_another(product_id: str, barcodes: Sequence[str]) -> Select[Any]:
    """One of these barcodes that a product other than this one carries."""
    product, pack = products.c, product_packs.c
    found = union_all(
        select(product.barcode).where(
            product.tenant_id == this_tenant(),
            product.id != product_id,
            product.barcode.in_(barcodes),
        ),
        select(pack.barcode).where(
            pack.tenant_id == this_tenant(),
            pack.product_id != product_id,
            pack.barcode.in_(barcodes),
        ),
    ).subquery()
    return select(found.c.barcode).limit(1)
