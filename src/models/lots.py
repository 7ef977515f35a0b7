"""Lots: what was made together and expires together."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, Index, Select, Text, func, or_, select

from models.base import (
    Instant,
    Key,
    created_at,
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

lots = tenant_table(
    "lots",
    required("id", Key),
    required("product_id", Key),
    required("number", Key),
    optional("expiry_date", Date),
    optional("note", Text),
    optional("marked_expired_at", Instant),  # unusable from then on, whatever its date says
    version(),
    created_at(),
    updated_at(),
    to("products", "product_id"),
    unique("uq_lots_number", "product_id", "number"),
    unique("uq_lots_product", "product_id", "id"),  # what inventory items point at
    Index("ix_lots_expiry", "tenant_id", "expiry_date"),
    reference=True,
    history=True,
)


def named(ids: Sequence[str], products: Sequence[str], numbers: Sequence[str]) -> Select[Any]:
    """The lots with these ids, and those with these numbers of these products, pair by pair."""
    pairs = (
        func.unnest(texts(products), texts(numbers))
        .table_valued("product_id", "number", name="pair")
        .render_derived()
    )
    is_paired = (
        select(1)
        .where(lots.c.product_id == pairs.c.product_id, lots.c.number == pairs.c.number)
        .exists()
    )
    return select(lots).where(
        lots.c.tenant_id == this_tenant(),
        or_(lots.c.id == func.any(texts(ids)), is_paired),
    )
