"""Statements that read the ledger's adjustments."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from models.base import this_tenant
from models.lists.ledger import LEDGER_ENTRIES
from models.lists.listing import one_of
from models.stock import inventory_items, ledger_entries

KINDS = ("ADJUSTMENT", "COUNT", "LOT_CORRECTION")
_entry, _item = ledger_entries.c, inventory_items.c


def part(values: Mapping[str, Any], limit: int, offset: int) -> Select[Any]:
    """Entries that are as the values say, the newest first."""
    newest = (_entry.occurred_at, _entry.posting_id, _entry.ordinal)
    return (
        LEDGER_ENTRIES.rows.where(*_conditions(values))
        .order_by(*(column.desc() for column in newest))
        .limit(limit)
        .offset(offset)
    )


def count(values: Mapping[str, Any]) -> Select[Any]:
    """How many entries are as the values say.

    Buckets keep how many they have: entries are counted only where some of a bucket are wanted.
    """
    if any(values.get(name) is not None for name in _OF_ENTRIES):
        return select(func.count()).where(_entry.tenant_id == this_tenant(), *_conditions(values))
    kept = func.coalesce(func.sum(_item.adjustment_count), 0)
    return select(kept).where(
        _item.tenant_id == this_tenant(),
        *(
            one_of(column)(values[name])
            for name, column in _OF_BUCKETS.items()
            if values.get(name) is not None
        ),
    )


def _conditions(values: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_entry.kind.in_(KINDS)]
    found += (
        one_of(_entry[name])(values[name])
        for name in (*_OF_BUCKETS, "reason_code_id")
        if values.get(name) is not None
    )
    if values.get("occurred_from") is not None:
        found.append(_entry.occurred_at >= values["occurred_from"])
    if values.get("occurred_to") is not None:
        found.append(_entry.occurred_at <= values["occurred_to"])
    return found


_OF_BUCKETS = {
    "inventory_item_id": _item.id,
    "product_id": _item.product_id,
    "location_id": _item.location_id,
}
_OF_ENTRIES = ("reason_code_id", "occurred_from", "occurred_to")
