"""Statements of where a lot came from and went."""

from typing import Any

from sqlalchemy import Select, func, or_, select

from models.base import Quantity, this_tenant
from models.holds import holds
from models.lists.ledger import LEDGER_ENTRIES
from models.stock import inventory_items, ledger_entries

_entry, _item, _hold = ledger_entries.c, inventory_items.c, holds.c


def moved(lot_id: str) -> Select[Any]:
    """The sum of the lot's entries of each kind."""
    return (
        LEDGER_ENTRIES.rows.where(_item.lot_id == lot_id)
        .with_only_columns(_entry.kind, func.sum(_entry.delta, type_=Quantity).label("quantity"))
        .group_by(_entry.kind)
    )


def issues(lot_id: str, limit: int) -> Select[Any]:
    """Entries by which units of the lot went out, the newest first."""
    return (
        LEDGER_ENTRIES.rows.where(_item.lot_id == lot_id, _entry.kind == "ISSUE")
        .order_by(_entry.occurred_at.desc(), _entry.posting_id.desc(), _entry.ordinal)
        .limit(limit)
    )


def recall_of(lot_id: str, *, besides: str) -> Select[Any]:
    """Another hold that recalls the lot everywhere."""
    return (
        select(_hold.id)
        .where(
            _hold.tenant_id == this_tenant(),
            _hold.state == "ACTIVE",
            _hold.type == "RECALL",
            _hold.scope == "LOT",
            _hold.scope_id == lot_id,
            _hold.location_id.is_(None),
            _hold.id != besides,
            or_(_hold.expires_at.is_(None), _hold.expires_at > func.stock_now()),
        )
        .limit(1)
    )
