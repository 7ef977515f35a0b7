"""The outbox, and the seals under what has been numbered of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Identity,
    Index,
    Insert,
    LargeBinary,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from models.base import (
    Instant,
    Key,
    created_at,
    optional,
    recordset,
    required,
    tenant_table,
    texts,
    this_tenant,
    unique,
)

# One event for every change of a balance, hold, lot or policy, in the transaction of the change.
# `ordinal` is drawn after the locks of what changed, so that of two events of one bucket the
# later has the greater; `number` is given by the relay, without gaps, once the event is visible.
outbox = tenant_table(
    "outbox",
    required("id", Key),
    Column("ordinal", BigInteger, Identity(always=True), nullable=False),
    required("topic", Text),
    required("aggregate_id", Key),
    required("payload", JSONB),
    created_at(),
    optional("number", BigInteger),
    Index("ix_outbox_unnumbered", "tenant_id", "ordinal", postgresql_where="number is null"),
    unique("uq_outbox_number", "number", where="number is not null"),
)

# One digest over each batch that the relay has numbered, chained to the one before.
ledger_seals = tenant_table(
    "ledger_seals",
    required("number", BigInteger),  # 1, 2, 3 …
    required("first_event", BigInteger),
    required("last_event", BigInteger),
    required("sha256", LargeBinary),
    optional("previous", LargeBinary),  # absent for the first
    required("sealed_at", Instant, "stock_now()"),
    key=("number",),
)


def emit(id: str, topic: str, aggregate_id: str, payload: Mapping[str, Any]) -> Insert:
    """Write one event down."""
    return insert(outbox).values(id=id, topic=topic, aggregate_id=aggregate_id, payload=payload)


def emit_all(events: Sequence[Mapping[str, Any]]) -> Insert:
    """Write these events down in their order; keys are the columns' names."""
    columns = [outbox.c[name] for name in ("id", "topic", "aggregate_id", "payload")]
    told = recordset("told", events, *columns)
    return insert(outbox).from_select([one.name for one in columns], select(*told.c))


RELAY = "select feed_relay($1, $2)"
EMIT_IMPORTED = "select feed_emit_imported($1::text::regclass, $2, $3, $4::jsonb)"
PAGE_BYTES = 4_000_000  # of payload that one page reads, about; a page has one event at least

_event, _seal = outbox.c, ledger_seals.c
_mine = _event.tenant_id == this_tenant()
# A payload names what it is about in its entries, or in the record before or after a change.
_RECORDS = ("before", "after")


def tails() -> Select[Any]:
    """The tenants with events that wait for a number: how many, and how long the first has."""
    found = func.feed_tails().table_valued("tenant_id", "unsealed", "waiting_seconds")
    return select(found.c.tenant_id, found.c.unsealed, found.c.waiting_seconds)


def last_number() -> Select[tuple[int]]:
    """The number of the last event that is told; 0 before the first."""
    return select(func.coalesce(func.max(_seal.last_event), 0)).where(
        _seal.tenant_id == this_tenant()
    )


def told(after: int, through: int, limit: int, filters: Mapping[str, Sequence[str]]) -> Select[Any]:
    """The first events with numbers after one and through another that fit every filter."""
    chosen = (
        select(outbox, func.pg_column_size(_event.payload).label("bytes"))
        .where(_mine, _event.number > after, _event.number <= through)
        .where(*(_FILTERS[name](values) for name, values in filters.items()))
        .order_by(_event.number)
        .limit(limit)
        .subquery()
    )
    before = func.sum(chosen.c.bytes).over(order_by=chosen.c.number) - chosen.c.bytes
    sized = select(chosen, before.label("bytes_before")).subquery()
    return select(sized).where(sized.c.bytes_before < PAGE_BYTES).order_by(sized.c.number)


def _names(key: str) -> Any:
    """The condition that an entry, or the record of a change, has one of these ids."""

    def holds(values: Sequence[str]) -> ColumnElement[bool]:
        wanted = func.any(texts(values))
        entry = func.jsonb_array_elements(_event.payload["entries"]).table_valued("value")
        of_entry = exists().where(cast(entry.c.value, JSONB)[key].astext == wanted)
        return or_(of_entry, *(_event.payload[r][key].astext == wanted for r in _RECORDS))

    return holds


_FILTERS: Mapping[str, Any] = {
    "hidden": lambda values: not_(_event.topic.regexp_match(f"^({'|'.join(values)})[.]")),
    "topics": lambda values: _event.topic == func.any(texts(values)),
    "aggregate_ids": lambda values: _event.aggregate_id == func.any(texts(values)),
    "product_ids": _names("productId"),
    "location_ids": _names("locationId"),
    "inventory_item_ids": _names("inventoryItemId"),
}


def tail() -> Select[Any]:
    """How many events wait for their number, and since when the first of them does."""
    waiting: ColumnElement[Any] = func.count()
    return select(
        waiting.label("unsealed"), func.min(_event.created_at).label("oldest_unsealed_at")
    ).where(_mine, _event.number.is_(None))


def last_seal() -> Select[Any]:
    """The last seal."""
    return (
        select(_seal.number, _seal.last_event, _seal.sha256, _seal.sealed_at)
        .where(_seal.tenant_id == this_tenant())
        .order_by(_seal.number.desc())
        .limit(1)
    )


def seals(after: int, limit: int) -> Select[Any]:
    """Some seals after the one with this number, in order."""
    return (
        select(_seal.number, _seal.first_event, _seal.last_event, _seal.sha256, _seal.previous)
        .where(_seal.tenant_id == this_tenant(), _seal.number > after)
        .order_by(_seal.number)
        .limit(limit)
    )


def lines(first: int, last: int) -> Select[tuple[int, str]]:
    """The lines of these events as they were sealed, in order."""
    line = cast(func.feed_line(outbox.table_valued()), Text)
    return (
        select(_event.number, line.label("line"))
        .where(and_(_mine, _event.number >= first, _event.number <= last))
        .order_by(_event.number)
    )
