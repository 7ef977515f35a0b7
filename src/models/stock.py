"""Buckets, levels, the ledger, reservations and reason codes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Index,
    Insert,
    Integer,
    LargeBinary,
    Select,
    Text,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from models.base import (
    Instant,
    Key,
    Money,
    Quantity,
    at_least_zero,
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

# The only grain that holds quantities: product x location x bin x lot.
inventory_items = tenant_table(
    "inventory_items",
    required("id", Key),
    required("product_id", Key),
    required("location_id", Key),
    optional("bin_id", Key),
    optional("lot_id", Key),
    required("on_hand", Quantity, "0"),
    required("reserved", Quantity, "0"),  # R: promised to a document that will move it
    required("version", BigInteger, "0"),
    required("entry_count", BigInteger, "0"),  # of its ledger; the last one's sequence
    required("adjustment_count", BigInteger, "0"),  # those of them that are adjustments
    optional("marked_expired_at", Instant),  # unusable from then on, whatever its lot says
    optional("last_counted_at", Instant),
    optional("last_occurred_at", Instant),
    created_at(),
    updated_at(),
    to("products", "product_id"),
    to("locations", "location_id"),
    to("bins", "location_id", "bin_id", target=("location_id", "id")),
    to("lots", "product_id", "lot_id", target=("product_id", "id")),
    at_least_zero("on_hand"),
    at_least_zero("reserved"),
    unique(
        "uq_inventory_items_bucket",
        "location_id",
        "product_id",
        "bin_id",
        "lot_id",
        nulls_equal=True,
    ),
    Index("ix_inventory_items_location", "tenant_id", "location_id", "id"),
    Index("ix_inventory_items_product", "tenant_id", "product_id", "location_id"),
    Index("ix_inventory_items_bin", "tenant_id", "bin_id", postgresql_where="bin_id is not null"),
    Index("ix_inventory_items_lot", "tenant_id", "lot_id", postgresql_where="lot_id is not null"),
    fillfactor=85,
)

# Marks of buckets that were taken back; the one that counts now stands on its bucket.
tenant_table(
    "former_marks",
    required("inventory_item_id", Key),
    required("marked_at", Instant),
    required("ended_at", Instant),
    to("inventory_items", "inventory_item_id"),
    key=("inventory_item_id", "marked_at", "ended_at"),
)

# The kept sums that reads use; written in the same transaction as the bucket, whose own keys hold
# product and location: checking them here again would cost a posting a third of its time.
stock_levels = tenant_table(
    "stock_levels",
    required("location_id", Key),
    required("product_id", Key),
    required("on_hand", Quantity, "0"),
    required("expired", Quantity, "0"),
    required("held", Quantity, "0"),
    required("reserved", Quantity, "0"),  # R + S
    optional("next_expiry", Instant),  # from when on the clock has changed these sums
    Index("ix_stock_levels_product", "tenant_id", "product_id", "location_id"),
    Index(
        "ix_stock_levels_due",
        "tenant_id",
        "next_expiry",
        postgresql_where="next_expiry is not null",
    ),
    at_least_zero("on_hand"),
    key=("location_id", "product_id"),
    fillfactor=85,
    rooted=False,
)

METHODS = ("MIN_MAX", "REORDER_POINT", "FIXED", "EOQ", "DAYS_OF_COVER", "DEMAND_DATED")

# The settings of a product at a location; by the documentation's name.
inventory_levels = tenant_table(
    "inventory_levels",
    required("id", Key),
    required("product_id", Key),
    required("location_id", Key),
    optional("min_quantity", Quantity),
    optional("reorder_quantity", Quantity),
    optional("max_quantity", Quantity),
    required("status", Text, "'Supported'"),
    optional("abc_class", Text),
    optional("expected_lead_time_days", BigInteger),
    optional("replenishment_period_days", BigInteger),
    optional("forecast_period_days", BigInteger),
    optional("forecast_quantity", Quantity),
    optional("preferred_bin_id", Key),
    optional("replenishment_location_id", Key),
    optional("comments", Text),
    # How more is ordered; without a method nothing is suggested for it.
    optional("replenishment_method", Text),
    optional("order_quantity", Quantity),
    optional("pack_size", Quantity),
    optional("minimum_order_quantity", Quantity),
    optional("safety_stock", Quantity),
    optional("service_level", Quantity),  # the part of cycles that no stock-out ends
    optional("lead_time_deviation_days", Quantity),
    optional("cover_days", BigInteger),
    optional("order_cost", Money),  # of placing one order
    optional("holding_cost", Money),  # of keeping a unit for a year
    optional("shelf_life_days", BigInteger),
    optional("demand_window_days", BigInteger),
    optional("demand_share", Quantity),  # of demand that names no location
    version(),
    created_at(),
    updated_at(),
    to("products", "product_id"),
    to("locations", "location_id"),
    to("bins", "location_id", "preferred_bin_id", target=("location_id", "id")),
    to("locations", "replenishment_location_id"),
    CheckConstraint("abc_class in ('A', 'B', 'C')", name="abc_class_known"),
    CheckConstraint(f"replenishment_method in {METHODS}", name="replenishment_method_known"),
    CheckConstraint("service_level between 0.5 and 0.999", name="service_level_possible"),
    CheckConstraint("demand_share between 0 and 1", name="demand_share_possible"),
    CheckConstraint("order_quantity > 0 and pack_size > 0", name="order_quantities_positive"),
    CheckConstraint(
        "coalesce(min_quantity, 0) <= coalesce(reorder_quantity, max_quantity, min_quantity, 0)"
        " and coalesce(reorder_quantity, min_quantity, 0)"
        " <= coalesce(max_quantity, reorder_quantity, min_quantity, 0)",
        name="min_reorder_max",
    ),
    unique("uq_inventory_levels_scope", "location_id", "product_id"),
    Index("ix_inventory_levels_product", "tenant_id", "product_id"),
    reference=True,
)

reason_codes = tenant_table(
    "reason_codes",
    required("id", Key),
    required("code", Key),
    required("name", Text),
    required("direction", Text, "'BOTH'"),
    optional("category", Text),
    required("requires_comment", Boolean, "false"),
    optional("contexts", ARRAY(Text)),  # absent: usable everywhere
    required("active", Boolean, "true"),
    version(),
    created_at(),
    updated_at(),
    CheckConstraint("direction in ('INCREASE', 'DECREASE', 'BOTH')", name="direction_known"),
    unique("uq_reason_codes_code", "code"),
    reference=True,
)

# One document for each business act that changed stock.
postings = tenant_table(
    "postings",
    required("id", Key),
    required("kind", Text),
    optional("reason_code_id", Key),
    optional("root_cause", Text),
    optional("reference", Text),
    optional("comment", Text),
    optional("document_type", Key),  # of the document that caused it, where there is one
    optional("document_id", Key),
    required("actor", JSONB),  # {"id": ..., "name": ...}
    required("occurred_at", Instant),
    required("recorded_at", Instant),
    required("xid", BigInteger),  # of the transaction: the position is made from it
    required("entry_count", Integer),
    optional("reverses_id", Key),
    optional("import_id", Key),
    to("reason_codes", "reason_code_id"),
    to("postings", "reverses_id"),
    unique("uq_postings_reverses", "reverses_id", where="reverses_id is not null"),
    Index("ix_postings_recorded", "tenant_id", "recorded_at", "id"),
    Index(
        "ix_postings_document",
        "tenant_id",
        "document_type",
        "document_id",
        "id",
        postgresql_where="document_type is not null",
    ),
)

# Appended to only: the application's role may neither update nor delete here.
ledger_entries = tenant_table(
    "ledger_entries",
    required("posting_id", Key),
    required("ordinal", Integer),
    required("inventory_item_id", Key),
    required("sequence", BigInteger),  # 1, 2, 3 … within its bucket, in the order of recording
    required("product_id", Key),
    required("location_id", Key),
    required("kind", Text),
    required("delta", Quantity),
    required("quantity_after", Quantity),  # on the recorded axis
    optional("reason_code_id", Key),
    optional("unit_cost", Money),
    optional("unit_price", Money),
    optional("channel_id", Key),
    optional("reference", Text),
    required("occurred_at", Instant),
    required("recorded_at", Instant),
    required("is_backdated", Boolean, "false"),  # occurred before an entry recorded earlier
    to("inventory_items", "inventory_item_id"),
    Index("ix_ledger_entries_item", "tenant_id", "inventory_item_id", "occurred_at", "sequence"),
    Index(
        "ix_ledger_entries_backdated",
        "tenant_id",
        "inventory_item_id",
        "sequence",
        postgresql_where="is_backdated",
    ),
    Index("ix_ledger_entries_product", "tenant_id", "product_id", "location_id", "occurred_at"),
    key=("posting_id", "ordinal"),
)

# Where an issue passed over a bucket that expires earlier, and why it may have. Appended to only.
fefo_breaches = tenant_table(
    "fefo_breaches",
    required("posting_id", Key),
    required("ordinal", Integer),
    required("inventory_item_id", Key),
    required("passed_over_id", Key),
    required("quantity", Quantity),
    optional("expiry_date", Date),  # of what was taken; absent for what never expires
    required("passed_over_expiry_date", Date),
    to("postings", "posting_id"),
    to("inventory_items", "inventory_item_id"),
    to("inventory_items", "passed_over_id"),
    key=("posting_id", "ordinal"),
)


_BREACH_DATES = ("expiry_date", "passed_over_expiry_date")


def keep_breaches(posting_id: str, breaches: Sequence[Any]) -> Insert:
    """Write down which buckets an issue passed over."""
    names = ("inventory_item_id", "passed_over_id", "quantity", *_BREACH_DATES)
    rows = [
        {"posting_id": posting_id, "ordinal": n} | {name: getattr(breach, name) for name in names}
        for n, breach in enumerate(breaches, 1)
    ]
    return insert(fefo_breaches).values(rows)


def breaches_of(posting_ids: Sequence[str]) -> Select[Any]:
    """What these postings passed over, in their order."""
    breach = fefo_breaches.c
    return (
        select(fefo_breaches)
        .where(breach.tenant_id == this_tenant(), breach.posting_id == func.any(texts(posting_ids)))
        .order_by(breach.posting_id, breach.ordinal)
    )


# Promises: HARD ones name a bucket and count as R, SOFT ones end by the clock and count as S.
reservations = tenant_table(
    "reservations",
    required("id", Key),
    required("kind", Text),
    required("state", Text, "'ACTIVE'"),
    optional("channel_id", Key),
    required("product_id", Key),
    required("location_id", Key),
    optional("inventory_item_id", Key),
    optional("header_id", Key),  # with line_number: of which line of an order these units are
    optional("line_number", Integer),
    required("quantity", Quantity),
    required("from_quota", Quantity, "0"),  # how much of it uses the channel's quota
    optional("reference", Text),
    optional("expires_at", Instant),
    optional("needed_on", Date),  # the day for which it was promised; absent for at once
    version(),
    created_at(),
    updated_at(),
    to("products", "product_id"),
    to("locations", "location_id"),
    to("channels", "channel_id"),
    to("inventory_items", "inventory_item_id"),
    to("reservation_lines", "header_id", "line_number", target=("header_id", "number")),
    CheckConstraint("kind in ('HARD', 'SOFT')", name="kind_known"),
    CheckConstraint("state in ('ACTIVE', 'CONSUMED', 'RELEASED', 'EXPIRED')", name="state_known"),
    CheckConstraint("(kind = 'HARD') = (inventory_item_id is not null)", name="hard_has_item"),
    CheckConstraint("quantity > 0 and from_quota between 0 and quantity", name="quantities"),
    Index(
        "ix_reservations_active",
        "tenant_id",
        "location_id",
        "product_id",
        postgresql_where="state = 'ACTIVE'",
    ),
    Index(
        "ix_reservations_later",
        "tenant_id",
        postgresql_where="state = 'ACTIVE' and needed_on is not null",
    ),
    Index(
        "ix_reservations_line",
        "tenant_id",
        "header_id",
        "line_number",
        postgresql_where="header_id is not null",
    ),
    history=True,
    history_by=("location_id", "product_id"),
)

# Movements that name no location: the tenant's demand (sales) and supply, never a balance.
movement_history = tenant_table(
    "movement_history",
    required("id", Key),
    required("direction", Text),
    required("type", Text),
    required("product_id", Key),
    optional("channel_id", Key),
    required("occurred_on", Date),  # in the tenant's time zone
    required("occurred_at", Instant),
    required("whole_day", Boolean),  # the file gave a date, and no time
    required("quantity", Quantity),  # signed as in the file
    optional("unit_cost", Money),
    optional("unit_price", Money),
    optional("reference", Text),
    required("identity", LargeBinary),  # hash of its columns and its ordinal among equal rows
    to("products", "product_id"),
    CheckConstraint("direction in ('DEMAND', 'SUPPLY')", name="direction_known"),
    unique("uq_movement_history_identity", "identity"),
    Index("ix_movement_history_product", "tenant_id", "product_id", "occurred_on"),
)
