"""Idempotency keys: the outcome of an act, kept for who asks for it again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Delete,
    Index,
    LargeBinary,
    Select,
    Text,
    delete,
    func,
    select,
    tuple_,
)

from domain.json import dumps
from models.base import Instant, created_at, optional, required, tenant_table, this_tenant
from models.literals import octets, word

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


def claim(key: str, operation: str, fingerprint: bytes) -> str:
    """The call that takes the key: whether it was free, or had been for too long."""
    return f"stock_claim({word(key)}, {word(operation)}, {octets(fingerprint)})"


def keep(key: str, outcome: Mapping[str, Any]) -> str:
    """The call that keeps the outcome of the act that has claimed the key."""
    return f"stock_keep_outcome({word(key)}, {word(dumps(outcome).decode())}::json)"


def get(key: str) -> Select[Any]:
    """The fingerprint and outcome of the act that has the key."""
    return select(_column.fingerprint, _column.outcome).where(
        _column.tenant_id == this_tenant(), _column.key == key
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
