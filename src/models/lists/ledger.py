"""The lists of postings and of their ledger entries."""

from typing import Any

from sqlalchemy import Text, and_, cast, select

from models.base import this_tenant
from models.lists.listing import Listing
from models.stock import inventory_items, ledger_entries, postings

_posting, _entry, _item = postings.c, ledger_entries.c, inventory_items.c
_reversal = postings.alias("reversal")

POSTINGS = Listing(
    rows=select(
        postings,
        _posting.actor["id"].astext.label("actor_id"),
        _posting.actor["name"].astext.label("actor_name"),
        _reversal.c.id.label("reversed_by_id"),
    )
    .select_from(
        postings.outerjoin(
            _reversal,
            and_(_reversal.c.tenant_id == this_tenant(), _reversal.c.reverses_id == _posting.id),
        )
    )
    .where(_posting.tenant_id == this_tenant()),
    id=[_posting.id],
    orders={"id": []},
)

# An entry's id is its posting's id with its ordinal: ids of postings grow with time.
LEDGER_ENTRIES = Listing(
    rows=select(
        ledger_entries,
        (_entry.posting_id + "-" + cast(_entry.ordinal, Text)).label("id"),
        (_entry.quantity_after - _entry.delta).label("quantity_before"),
        _item.bin_id,
        _item.lot_id,
    )
    .select_from(
        ledger_entries.join(
            inventory_items,
            and_(_item.tenant_id == this_tenant(), _item.id == _entry.inventory_item_id),
        )
    )
    .where(_entry.tenant_id == this_tenant()),
    id=[_entry.posting_id, _entry.ordinal],
    orders={"id": []},
    parents={"posting_id": _entry.posting_id},
)


def entries_of(posting_id: str) -> Any:
    """The entries of one posting, in the order of its lines."""
    return LEDGER_ENTRIES.rows.where(_entry.posting_id == posting_id).order_by(_entry.ordinal)
