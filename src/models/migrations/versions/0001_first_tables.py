"""The first tables, their row security, functions and rights."""

from pathlib import Path

from alembic import op
from sqlalchemy import inspect

from models.base import UNSECURED
from models.migrate import APP_ROLE, sql_text
from models.migrations import ALL_ROWS, APPEND_ONLY, NO_DELETE, run_file, run_sql

revision = "0001"
down_revision = None

_APPENDED = {
    "availability_records",
    "document_events",
    "fefo_breaches",
    "former_marks",
    "ledger_entries",
    "postings",
    "abc_runs",
    "abc_run_classes",
    "count_takes",
    "imported_movements",
    "ledger_seals",
    "movement_history",
    "quota_uses",
    "severity_crossings",
    "transit_entries",
}
_KEPT = {
    "document_numbers",
    "inventory_items",
    "ledger_checks",
    "stock_levels",
    "outbox",
    "tenant_settings",
    "tenant_versions",
    "severity_watch",
}
_SQL = (
    "security",
    "availability",
    "posting",
    "posting_one",
    "acting",
    "idempotency",
    "abc",
    "reserving",
    "requests",
    "quotas",
    "counting",
    "transfers",
    "reservations",
    "imports",
    "import_records",
    "import_movements",
    "import_checks",
    "feed",
    "ledger_checks",
    "import_replenishment",
    "ahead",
    "import_transfers",
    "numbers",
    "replenishment_supply",
    "replenishment_numbers",
    "replenishment",
    "severity",
    "analytics",
)
_VIEWS = (
    "item_quantities",
    "stock_levels_now",
    "open_promises",
    "live_levels",
    "replenishment_inbound",
    "count_lines_now",
    "expected_supply",
    "supply_ahead",
    "planned_demand",
    "promised_ahead",
    "import_stock",
    "import_movements",
)
_FUNCTIONS = (
    "tenant_find(text)",
    "tenant_list()",
    "tenant_create(uuid, text)",
    "schema_revision()",
    "api_key_find(bytea)",
    "api_key_put(bytea, text)",
    "api_key_drop(bytea)",
    "product_search_put(text[], text[])",
    "product_search_drop(text[])",
    "product_search_ids(text[])",
    "import_analyze()",
    "import_analyze_made()",
)


def upgrade() -> None:
    run_sql(_ROLE)
    run_sql("create extension if not exists pg_trgm; create extension if not exists btree_gin")
    run_sql(sql_text("clock"))
    run_file(Path(__file__).with_suffix(".sql"))
    for name in _SQL:
        run_sql(sql_text(name))
    _make_past()
    _grant()


def _make_past() -> None:
    """The schema `past`, with the one reader's views a second time over its own."""
    run_sql(sql_text("past"))
    run_sql("set local search_path = past, public")
    run_sql(sql_text("availability"))
    run_sql("set local search_path = public")
    run_sql(sql_text("past_levels"))
    run_sql(f"grant usage on schema past to {APP_ROLE}")
    run_sql(f"grant select on all tables in schema past to {APP_ROLE}")


def _grant() -> None:
    run_sql(f"grant usage on schema public to {APP_ROLE}")
    for table in set(inspect(op.get_bind()).get_table_names()) - UNSECURED.keys():
        rights = ALL_ROWS
        if table in _APPENDED or table.endswith("_history"):
            rights = APPEND_ONLY
        elif table in _KEPT:
            rights = NO_DELETE
        run_sql(f"grant {rights} on {table} to {APP_ROLE}")
    for view in _VIEWS:
        run_sql(f"grant select on {view} to {APP_ROLE}")
    for function in _FUNCTIONS:
        run_sql(
            f"revoke execute on function {function} from public;"
            f"grant execute on function {function} to {APP_ROLE}"
        )


_ROLE = """
do $$ begin
  if not exists (select 1 from pg_roles where rolname = 'stockgraph_app') then
    create role stockgraph_app nologin nosuperuser nobypassrls;
  end if;
exception when duplicate_object or unique_violation then
  null;  -- another database of this server is migrated at the same time
end $$
"""
