"""Stocklists: what one location regularly asks of another, up to which level."""

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from models.base import (
    Key,
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

# Only a published one is used. One with a period is due on `next_on`, a day of the tenant.
stocklists = tenant_table(
    "stocklists",
    required("id", Key),
    required("name", Text),
    required("state", Text, "'DRAFT'"),
    required("type", Text),
    required("requesting_location_id", Key),
    required("fulfilling_location_id", Key),
    optional("period_days", BigInteger),
    optional("next_on", Date),
    required("created_by", JSONB),
    version(),
    created_at(),
    updated_at(),
    to("locations", "requesting_location_id"),
    to("locations", "fulfilling_location_id"),
    CheckConstraint("state in ('DRAFT', 'PUBLISHED', 'RETIRED')", name="state_known"),
    CheckConstraint("type in ('PULL', 'PUSH')", name="type_known"),
    CheckConstraint("requesting_location_id <> fulfilling_location_id", name="two_locations"),
    CheckConstraint("period_days > 0", name="period_above_zero"),
    unique("uq_stocklists_name", "name"),
    Index("ix_stocklists_requesting", "tenant_id", "requesting_location_id", "name"),
    Index("ix_stocklists_fulfilling", "tenant_id", "fulfilling_location_id", "name"),
    Index(
        "ix_stocklists_due",
        "tenant_id",
        "next_on",
        postgresql_where=text("state = 'PUBLISHED' and next_on is not null"),
    ),
)

stocklist_lines = tenant_table(
    "stocklist_lines",
    required("stocklist_id", Key),
    required("product_id", Key),
    required("ordinal", Integer),
    required("max_quantity", Quantity),
    required("pack_size", Quantity, "1"),
    to("stocklists", "stocklist_id"),
    to("products", "product_id"),
    CheckConstraint("max_quantity > 0 and pack_size > 0", name="quantities"),
    Index("ix_stocklist_lines_product", "tenant_id", "product_id"),
    key=("stocklist_id", "product_id"),
)
