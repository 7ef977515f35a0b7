"""The outbox."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Identity, Index, Insert, Text, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from models.base import Key, created_at, optional, recordset, required, tenant_table, unique

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


def emit(id: str, topic: str, aggregate_id: str, payload: Mapping[str, Any]) -> Insert:
    """Write one event down."""
    return insert(outbox).values(id=id, topic=topic, aggregate_id=aggregate_id, payload=payload)


def emit_all(events: Sequence[Mapping[str, Any]]) -> Insert:
    """Write these events down in their order; keys are the columns' names."""
    columns = [outbox.c[name] for name in ("id", "topic", "aggregate_id", "payload")]
    told = recordset("told", events, *columns)
    return insert(outbox).from_select([one.name for one in columns], select(*told.c))
