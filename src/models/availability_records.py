"""Dated records of what of a bucket was available, computed from its ledger."""

from typing import Any

from sqlalchemy import Index, Select, Text, func, select
from sqlalchemy.dialects.postgresql import JSONB

from models import stock_lines
from models.base import Instant, Key, Quantity, optional, required, tenant_table, this_tenant, to
from models.stock import ledger_entries

# Appended to only: the application's role may neither update nor delete here.
availability_records = tenant_table(
    "availability_records",
    required("id", Key),
    required("inventory_item_id", Key),
    required("product_id", Key),
    required("location_id", Key),
    optional("bin_id", Key),
    optional("lot_id", Key),
    required("on_hand", Quantity),  # the sum of the ledger
    required("available", Quantity),
    required("on_hold", Quantity),
    required("picked", Quantity),
    required("recalled", Quantity),
    required("expired", Quantity),
    required("status", Text),
    required("drift", Quantity),  # the kept balance less the sum of the ledger
    optional("comment", Text),
    required("recorded_by", JSONB),  # {"id": ..., "name": ...}
    required("recorded_at", Instant, "stock_now()"),
    to("inventory_items", "inventory_item_id"),
    Index("ix_availability_records_item", "tenant_id", "inventory_item_id", "recorded_at", "id"),
)


def line_with_ledger(id: str) -> Select[Any]:
    """One bucket, and in the same snapshot the sum of its ledger."""
    entry = ledger_entries.c
    ledger = (
        select(func.coalesce(func.sum(entry.delta, type_=Quantity), 0))
        .where(entry.tenant_id == this_tenant(), entry.inventory_item_id == id)
        .scalar_subquery()
    )
    return stock_lines.lines({"id": id}, 1).add_columns(ledger.label("ledger"))
