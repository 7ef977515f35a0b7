"""Statements that read the ledger's adjustments."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from models.base import texts, this_tenant
from models.lists.ledger import LEDGER_ENTRIES
from models.stock import ledger_entries

KINDS = ("ADJUSTMENT", "COUNT", "LOT_CORRECTION")
_entry = ledger_entries.c


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
    """How many entries are as the values say."""
    return select(func.count()).where(_entry.tenant_id == this_tenant(), *_conditions(values))


def _conditions(values: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_entry.kind.in_(KINDS)]
    found += (
        _entry[name] == func.any(texts(values[name]))
        for name in ("inventory_item_id", "product_id", "location_id", "reason_code_id")
        if values.get(name) is not None
    )
    if values.get("occurred_from") is not None:
        found.append(_entry.occurred_at >= values["occurred_from"])
    if values.get("occurred_to") is not None:
        found.append(_entry.occurred_at <= values["occurred_to"])
    return found
