"""The lists of postings and of their ledger entries."""

from sqlalchemy import Text, and_, bindparam, cast, select

from models.base import Key, this_tenant
from models.bound import Bound
from models.lists.listing import Condition, Listing, between, one_of
from models.stock import inventory_items, ledger_entries, postings

_posting, _entry, _item = postings.c, ledger_entries.c, inventory_items.c
_reversal = postings.alias("reversal")


def _has_entry(condition: Condition) -> Condition:
    """The condition that some entry of the posting, or its bucket, fulfils another."""
    buckets = and_(_item.tenant_id == this_tenant(), _item.id == _entry.inventory_item_id)
    entry = (
        select(1)
        .select_from(ledger_entries.join(inventory_items, buckets))
        .where(_entry.tenant_id == this_tenant(), _entry.posting_id == _posting.id)
        .correlate(postings)
    )
    return lambda values: entry.where(condition(values)).exists()


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
    filters={
        "id_in": one_of(_posting.id),
        "kind_in": one_of(_posting.kind),
        "reason_code_id_in": one_of(_posting.reason_code_id),
        "actor_id_in": one_of(_posting.actor["id"].astext),
        "document_type_in": one_of(_posting.document_type),
        "document_id_in": one_of(_posting.document_id),
        "reference_in": one_of(_posting.reference),
        "is_reversed": lambda wanted: _reversal.c.id.is_not(None) == wanted,
        "occurred_at": between(_posting.occurred_at),
        "recorded_at": between(_posting.recorded_at),
        **{
            f"{name}_in": _has_entry(one_of(_entry[name]))
            for name in ("inventory_item_id", "product_id", "location_id", "channel_id")
        },
        **{f"{name}_in": _has_entry(one_of(_item[name])) for name in ("bin_id", "lot_id")},
    },
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
        ).outerjoin(
            postings,
            and_(_posting.tenant_id == this_tenant(), _posting.id == _entry.posting_id),
        )
    )
    .where(_entry.tenant_id == this_tenant()),
    id=[_entry.posting_id, _entry.ordinal],
    orders={"id": [], "occurred_at": [_entry.occurred_at]},
    filters={
        "posting_id_in": one_of(_entry.posting_id),
        "inventory_item_id_in": one_of(_entry.inventory_item_id),
        "product_id_in": one_of(_entry.product_id),
        "location_id_in": one_of(_entry.location_id),
        "bin_id_in": one_of(_item.bin_id),
        "lot_id_in": one_of(_item.lot_id),
        "reason_code_id_in": one_of(_entry.reason_code_id),
        "reference_in": one_of(_entry.reference),
        "kind_in": one_of(_entry.kind),
        "channel_id_in": one_of(_entry.channel_id),
        "actor_id_in": one_of(_posting.actor["id"].astext),
        "document_type_in": one_of(_posting.document_type),
        "document_id_in": one_of(_posting.document_id),
        "occurred_at": between(_entry.occurred_at),
        "recorded_at": between(_entry.recorded_at),
    },
    parents={
        **{
            name: _entry[name]
            for name in ("posting_id", "inventory_item_id", "product_id", "location_id")
        },
        **{name: _item[name] for name in ("bin_id", "lot_id")},
    },
)


def entries_of(posting_id: str) -> Bound:
    """The entries of one posting, in the order of its lines."""
    return Bound(_ENTRIES_OF, {"posting": posting_id})


_ENTRIES_OF = LEDGER_ENTRIES.rows.where(
    _entry.posting_id == bindparam("posting", type_=Key)
).order_by(_entry.ordinal)
