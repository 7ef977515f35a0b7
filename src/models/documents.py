"""What all kinds of documents share: their numbers, and the events of their lives."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Insert, Integer, Select, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from models.base import (
    Key,
    created_at,
    optional,
    recordset,
    required,
    tenant_table,
    texts,
    this_tenant,
    to,
)

# The last number of each kind; a number that was drawn in a transaction that failed is drawn again.
document_numbers = tenant_table(
    "document_numbers",
    required("document_type", Key),
    required("last", BigInteger),
    key=("document_type",),
)

# Appended to only. Ordinals are 1, 2, 3 … within a document, whose row is locked meanwhile.
document_events = tenant_table(
    "document_events",
    required("document_type", Key),
    required("document_id", Key),
    required("ordinal", Integer),
    required("action", Text),
    optional("from_status", Text),  # absent of the event that made the document
    required("to_status", Text),
    required("actor", JSONB),  # {"id": ..., "name": ...}
    optional("comment", Text),
    optional("reason", Text),
    optional("posting_id", Key),
    created_at(),
    to("postings", "posting_id"),
    key=("document_type", "document_id", "ordinal"),
)

_event, _number = document_events.c, document_numbers.c
_TOLD = (
    "document_id",
    "action",
    "from_status",
    "to_status",
    "actor",
    "comment",
    "reason",
    "posting_id",
)


def draw(document_type: str, count: int, above: int) -> Insert:
    """Draw numbers of a kind that are above one that is known, and give the last of them.

    Others wait for it until the end.
    """
    drawn = insert(document_numbers).values(document_type=document_type, last=above + count)
    return drawn.on_conflict_do_update(
        index_elements=["tenant_id", "document_type"],
        set_={"last": func.greatest(_number.last, above) + count},
        where=_number.tenant_id == this_tenant(),
    ).returning(_number.last)


def append(document_type: str, events: Sequence[Mapping[str, Any]]) -> Insert:
    """Append one event to each of these documents; keys are the columns' names."""
    told = recordset("told", events, *(_event[name] for name in _TOLD))
    last = (
        select(func.coalesce(func.max(_event.ordinal), 0))
        .where(
            _event.tenant_id == this_tenant(),
            _event.document_type == document_type,
            _event.document_id == told.c.document_id,
        )
        .scalar_subquery()
    )
    kind = bindparam("kind", document_type, type_=Key)
    rows = select(kind, last + 1, *told.c)
    names = ["document_type", "ordinal", *(column.name for column in told.c)]
    return insert(document_events).from_select(names, rows)


def events_of(document_type: str, ids: Sequence[str]) -> Select[Any]:
    """The events of these documents, in their order."""
    return (
        select(
            document_events,
            _event.actor["id"].astext.label("actor_id"),
            _event.actor["name"].astext.label("actor_name"),
        )
        .where(
            _event.tenant_id == this_tenant(),
            _event.document_type == document_type,
            _event.document_id == func.any(texts(ids)),
        )
        .order_by(_event.document_id, _event.ordinal)
    )
