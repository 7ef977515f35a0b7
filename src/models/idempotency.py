"""Idempotency keys: the outcome of an act, kept for who asks for it again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Delete,
    Index,
    LargeBinary,
    Select,
    Text,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from models.base import Instant, created_at, optional, required, tenant_table, this_tenant
from models.bound import Bound

LIFETIME = timedelta(hours=24)

# `outcome` holds what the act gave, or its refusal, in the order in which it is told; it is absent
# only inside the transaction that makes the row.
idempotency_keys = tenant_table(
    "idempotency_keys",
    required("key", Text),
    required("operation", Text),
    required("fingerprint", LargeBinary),
    optional("outcome", JSON),
    created_at(),
    required("expires_at", Instant),
    CheckConstraint("length(key) between 1 and 255", name="key_length"),
    Index("ix_idempotency_keys_expires", "tenant_id", "expires_at"),
    key=("key",),
)
_column = idempotency_keys.c


def claim(key: str, operation: str, fingerprint: bytes) -> Bound:
    """Take the key, and give it back; nothing when another act has it.

    While another transaction is about to take it this waits for that one's end.
    """
    return Bound(_CLAIM, {"key": key, "operation": operation, "fingerprint": fingerprint})


_new = insert(idempotency_keys).values(
    key=bindparam("key"),
    operation=bindparam("operation"),
    fingerprint=bindparam("fingerprint"),
    expires_at=func.stock_now() + LIFETIME,
)
_CLAIM = _new.on_conflict_do_update(
    index_elements=["tenant_id", "key"],
    set_={
        "operation": _new.excluded.operation,
        "fingerprint": _new.excluded.fingerprint,
        "outcome": None,
        "created_at": func.stock_now(),
        "expires_at": _new.excluded.expires_at,
    },
    where=_column.expires_at <= func.stock_now(),
).returning(_column.key)


def get(key: str) -> Select[Any]:
    """The fingerprint and outcome of the act that has the key."""
    return select(_column.fingerprint, _column.outcome).where(
        _column.tenant_id == this_tenant(), _column.key == key
    )


def keep(key: str, outcome: Mapping[str, Any]) -> Bound:
    """Keep the outcome of the act that has claimed the key."""
    return Bound(_KEEP, {"claimed": key, "outcome": outcome})


_KEEP = (
    update(idempotency_keys)
    .where(_column.tenant_id == this_tenant(), _column.key == bindparam("claimed"))
    .values(outcome=bindparam("outcome"))
)


def purge(limit: int) -> Delete:
    """Delete some keys whose time is over."""
    old = (
        select(_column.key)
        .where(_column.tenant_id == this_tenant(), _column.expires_at <= func.stock_now())
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return delete(idempotency_keys).where(
        _column.tenant_id == this_tenant(), tuple_(_column.key).in_(old)
    )
