"""Holds: stock that is there and must not be promised."""

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import JSONB

from models.base import (
    Instant,
    Key,
    Quantity,
    created_at,
    optional,
    required,
    tenant_table,
    to,
    updated_at,
    version,
)

# `scope` says what it lies on, `scope_id` is that thing's id: an ITEM, a LOT (everywhere, or at
# the location), a BIN, or a QUANTITY of the product at the location. Without a quantity all of it
# is held. One that has passed `expires_at` holds nothing, whatever its state says: the clock
# decides, and the sweeper only writes it down.
holds = tenant_table(
    "holds",
    required("id", Key),
    required("type", Text),
    required("state", Text, "'ACTIVE'"),
    required("scope", Text),
    required("scope_id", Key),
    optional("product_id", Key),
    optional("location_id", Key),
    optional("lot_id", Key),
    optional("bin_id", Key),
    optional("inventory_item_id", Key),
    optional("quantity", Quantity),
    required("quantity_released", Quantity, "0"),
    required("reason", Text),
    optional("reference", Text),
    optional("expires_at", Instant),
    required("created_by", JSONB),  # {"id": ..., "name": ...}
    optional("released_by", JSONB),
    optional("released_at", Instant),
    optional("release_reason", Text),
    version(),
    created_at(),
    updated_at(),
    to("products", "product_id"),
    to("locations", "location_id"),
    to("lots", "lot_id"),
    to("bins", "bin_id"),
    to("inventory_items", "inventory_item_id"),
    CheckConstraint(
        "type in ('QUALITY', 'RECALL', 'DAMAGE', 'LEGAL', 'COUNT', 'OTHER')", name="type_known"
    ),
    CheckConstraint("state in ('ACTIVE', 'RELEASED', 'EXPIRED')", name="state_known"),
    CheckConstraint("scope in ('ITEM', 'LOT', 'BIN', 'QUANTITY')", name="scope_known"),
    CheckConstraint(
        "quantity_released >= 0 and (quantity is null and quantity_released = 0"
        " or quantity > 0 and quantity_released <= quantity)",
        name="quantities",
    ),
    CheckConstraint(
        "scope <> 'QUANTITY' or quantity is not null and product_id is not null"
        " and location_id is not null",
        name="quantity_has_place",
    ),
    Index("ix_holds_active", "tenant_id", "scope_id", postgresql_where="state = 'ACTIVE'"),
    Index(
        "ix_holds_expiring",
        "tenant_id",
        "expires_at",
        postgresql_where="state = 'ACTIVE' and expires_at is not null",
    ),
    history=True,
    history_by=("scope_id",),
)
