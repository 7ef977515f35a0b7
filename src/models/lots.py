"""Lots: what was made together and expires together."""

from sqlalchemy import Date, Index, Text

from models.base import (
    Instant,
    Key,
    created_at,
    optional,
    required,
    tenant_table,
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
