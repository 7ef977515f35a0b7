"""Replenishment: what is to be ordered for a place, from being proposed to being received."""

from sqlalchemy import CheckConstraint, Date, Index, Text
from sqlalchemy.dialects.postgresql import JSONB

from models.base import (
    Key,
    Money,
    Quantity,
    created_at,
    optional,
    required,
    tenant_table,
    to,
    unique,
    updated_at,
    version,
)

# `advice` keeps the numbers of the suggestion that it was made from. One that became a transfer
# keeps the state ORDERED: the transfer's state says how far it is.
replenishment_records = tenant_table(
    "replenishment_records",
    required("id", Key),
    required("number", Key),
    required("status", Text, "'PENDING'"),
    required("product_id", Key),
    required("location_id", Key),
    optional("source_location_id", Key),
    required("quantity", Quantity),
    required("quantity_received", Quantity, "0"),
    optional("method", Text),
    optional("needed_by", Date),
    optional("unit_cost", Money),
    optional("reference", Text),
    optional("comment", Text),
    optional("transfer_id", Key),
    optional("advice", JSONB),
    required("created_by", JSONB),  # {"id": ..., "name": ...}
    version(),
    created_at(),
    updated_at(),
    to("products", "product_id"),
    to("locations", "location_id"),
    to("locations", "source_location_id"),
    to("transfers", "transfer_id"),
    CheckConstraint("quantity > 0 and quantity_received >= 0", name="quantities"),
    unique("uq_replenishment_records_number", "number"),
    Index(
        "ix_replenishment_records_open",
        "tenant_id",
        "product_id",
        "location_id",
        postgresql_where="status in ('PENDING', 'APPROVED', 'ORDERED', 'PARTIALLY_RECEIVED')",
    ),
    Index("ix_replenishment_records_created", "tenant_id", "created_at", "id"),
    Index("ix_replenishment_records_location", "tenant_id", "location_id", "created_at"),
)
