"""The outbox, and the seals under what has been numbered of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Identity, Index, Insert, LargeBinary, Text, insert
from sqlalchemy.dialects.postgresql import JSONB

from models.base import Instant, Key, created_at, optional, required, tenant_table, unique

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
