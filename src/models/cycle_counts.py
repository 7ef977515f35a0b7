"""Cycle counts: what is to be counted, what was counted, and what became of it."""

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

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
    to,
    unique,
    updated_at,
    version,
)

cycle_counts = tenant_table(
    "cycle_counts",
    required("id", Key),
    required("number", Key),
    required("status", Text, "'DRAFT'"),
    required("location_id", Key),
    required("type", Text),
    required("blind", Boolean, "false"),
    required("auto_adjust", Boolean, "false"),
    required("count_date", Date),
    optional("assigned_to", JSONB),  # {"id": ..., "name": ...}
    optional("notes", Text),
    optional("abc_run_id", Key),  # the kept classification that its lines' classes come from
    required("line_count", Integer, "0"),
    required("created_by", JSONB),
    optional("started_at", Instant),
    optional("completed_at", Instant),
    optional("posted_at", Instant),
    version(),
    created_at(),
    updated_at(),
    to("locations", "location_id"),
    to("abc_runs", "abc_run_id"),
    CheckConstraint("type in ('FULL', 'PARTIAL', 'SPOT_CHECK')", name="type_known"),
    unique("uq_cycle_counts_number", "number"),
    Index("ix_cycle_counts_created", "tenant_id", "created_at", "id"),
    Index("ix_cycle_counts_status", "tenant_id", "status", "created_at"),
    Index("ix_cycle_counts_location", "tenant_id", "location_id", "created_at"),
)

# One bucket that is to be counted; its item is absent while the book knows of none there. What a
# line expects is never kept before it is resolved: the view count_lines_now computes it.
count_lines = tenant_table(
    "count_lines",
    required("id", Key),
    required("count_id", Key),
    required("ordinal", Integer),  # in walking order; found stock comes last
    optional("inventory_item_id", Key),
    required("product_id", Key),
    required("location_id", Key),
    optional("bin_id", Key),
    optional("lot_id", Key),
    optional("abc_class", Text),
    required("status", Text, "'PENDING'"),
    optional("counted_qty", Quantity),
    optional("counted_at", Instant),
    optional("counted_by", JSONB),  # who counted last
    required("count_times", Integer, "0"),
    optional("notes", Text),
    optional("expected_qty", Quantity),  # the book as of counted_at, once it is resolved
    optional("resolved_qty", Quantity),  # what the book was made to hold then; absent: kept
    optional("unit_cost", Money),
    optional("within_tolerance", Boolean),
    optional("resolution", Text),
    optional("resolved_by", JSONB),
    optional("resolved_at", Instant),
    optional("reason_code_id", Key),
    optional("comment", Text),
    optional("posting_id", Key),
    optional("approved_by", JSONB),
    optional("approved_at", Instant),
    to("cycle_counts", "count_id"),
    to("products", "product_id"),
    to("locations", "location_id"),
    to("bins", "location_id", "bin_id", target=("location_id", "id")),
    to("lots", "product_id", "lot_id", target=("product_id", "id")),
    to("inventory_items", "inventory_item_id"),
    to("reason_codes", "reason_code_id"),
    to("postings", "posting_id"),
    CheckConstraint(
        "status in ('PENDING', 'COUNTED', 'WITHIN_TOLERANCE', 'RECOUNT_REQUIRED', 'RESOLVED',"
        " 'SKIPPED')",
        name="status_known",
    ),
    CheckConstraint("resolution in ('ACCEPT', 'ADJUST_TO', 'REJECT')", name="resolution_known"),
    CheckConstraint(
        "(status = 'RESOLVED') = (resolution is not null and expected_qty is not null)",
        name="resolved_whole",
    ),
    at_least_zero("counted_qty"),
    at_least_zero("resolved_qty"),
    unique("uq_count_lines_bucket", "count_id", "product_id", "bin_id", "lot_id", nulls_equal=True),
    Index("ix_count_lines_ordinal", "tenant_id", "count_id", "ordinal"),
    Index(
        "ix_count_lines_item",
        "tenant_id",
        "inventory_item_id",
        "counted_at",
        postgresql_where="inventory_item_id is not null",
    ),
    Index("ix_count_lines_product", "tenant_id", "product_id", "location_id"),
)

# Every number that somebody wrote down, also those that were corrected or counted again.
count_takes = tenant_table(
    "count_takes",
    required("line_id", Key),
    required("ordinal", Integer),
    required("quantity", Quantity),
    required("counted_at", Instant),
    required("counted_by", JSONB),
    optional("notes", Text),
    created_at(),
    to("count_lines", "line_id"),
    at_least_zero("quantity"),
    key=("line_id", "ordinal"),
)
