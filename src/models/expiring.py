"""Statements of marks, which make stock unusable whatever its dates say."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from models.base import texts, this_tenant
from models.stock import inventory_items

MARK_ITEMS = "select stock_mark_items($1, $2)"


def marks(ids: Sequence[str]) -> Select[Any]:
    """Whether each of these buckets carries a mark of its own."""
    item = inventory_items.c
    return select(item.id, item.marked_expired_at.is_not(None).label("is_marked")).where(
        item.tenant_id == this_tenant(), item.id == func.any(texts(ids))
    )
