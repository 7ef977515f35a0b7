"""Put-away: the rules that choose bins, and the tasks that bring goods there."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, Text
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
    unique,
    updated_at,
    version,
)

STRATEGIES = (
    "FIXED",
    "LAST_USED",
    "CONSOLIDATE",
    "EMPTY_NEAREST",
    "STORAGE_CLASS",
    "BULK_OVERFLOW",
)

# What a rule names must be true of the goods; one that names nothing is for everything.
put_away_rules = tenant_table(
    "put_away_rules",
    required("id", Key),
    required("name", Text),
    required("strategy", Text),
    required("priority", BigInteger, "0"),  # the greatest first
    optional("location_id", Key),
    optional("product_id", Key),
    optional("category_id", Key),
    optional("storage_class", Key),
    optional("bin_id", Key),  # of FIXED
    optional("zone", Text),  # only bins of this zone
    required("active", Boolean, "true"),
    version(),
    created_at(),
    updated_at(),
    to("locations", "location_id"),
    to("products", "product_id"),
    to("categories", "category_id"),
    to("bins", "location_id", "bin_id", target=("location_id", "id")),
    CheckConstraint(f"strategy in {STRATEGIES}", name="strategy_known"),
    CheckConstraint("product_id is null or category_id is null", name="one_scope"),
    Index("ix_put_away_rules_location", "tenant_id", "location_id"),
    reference=True,
)

put_away_tasks = tenant_table(
    "put_away_tasks",
    required("id", Key),
    required("number", Key),
    required("status", Text, "'READY'"),
    required("location_id", Key),
    required("line_count", Integer, "0"),
    optional("strategy", Text),  # that was asked for in place of the rules
    optional("reference", Text),
    optional("comment", Text),
    required("created_by", JSONB),  # {"id": ..., "name": ...}
    optional("started_at", Instant),
    optional("completed_at", Instant),
    version(),
    created_at(),
    updated_at(),
    to("locations", "location_id"),
    unique("uq_put_away_tasks_number", "number"),
    Index("ix_put_away_tasks_created", "tenant_id", "created_at", "id"),
    Index(
        "ix_put_away_tasks_open",
        "tenant_id",
        "location_id",
        postgresql_where="status in ('READY', 'IN_PROGRESS')",
    ),
)

# `rejected` are the bins that were looked at before the suggested one: [{"binId", "code", "why"}].
put_away_lines = tenant_table(
    "put_away_lines",
    required("id", Key),
    required("task_id", Key),
    required("ordinal", Integer),
    required("status", Text, "'PENDING'"),
    required("inventory_item_id", Key),
    required("product_id", Key),
    optional("lot_id", Key),
    optional("source_bin_id", Key),
    required("quantity", Quantity),
    required("put_quantity", Quantity, "0"),
    optional("suggested_bin_id", Key),
    optional("bin_id", Key),  # into which it goes, or went
    optional("strategy", Text),
    optional("rule_id", Key),  # as it was then: without a key
    required("rejected", JSONB, "'[]'"),
    to("put_away_tasks", "task_id"),
    to("inventory_items", "inventory_item_id"),
    to("products", "product_id"),
    to("bins", "bin_id"),
    to("bins", "suggested_bin_id"),
    CheckConstraint("status in ('PENDING', 'PICKED', 'DONE', 'SHORT')", name="status_known"),
    CheckConstraint("quantity > 0 and put_quantity between 0 and quantity", name="quantities"),
    unique("uq_put_away_lines_ordinal", "task_id", "ordinal"),
    Index(
        "ix_put_away_lines_item",
        "tenant_id",
        "inventory_item_id",
        postgresql_where="status in ('PENDING', 'PICKED')",
    ),
)
