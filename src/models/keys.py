"""API keys: what is stored of them, and the directory that finds a key's tenant."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Column,
    Insert,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    Update,
    Uuid,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from models.base import (
    Instant,
    Key,
    created_at,
    metadata,
    optional,
    required,
    tenant_table,
    this_tenant,
    unique,
)

api_keys = tenant_table(
    "api_keys",
    required("id", Key),
    required("name", Text),
    required("key_prefix", Text),
    required("last4", Text),
    required("key_hash", LargeBinary),
    required("scopes", ARRAY(Text)),
    optional("location_ids", ARRAY(Key)),
    optional("per_minute", Integer),
    optional("per_hour", Integer),
    optional("cost_max", Integer),
    optional("expires_at", Instant),
    optional("revoked_at", Instant),
    created_at(),
    optional("created_by_id", Key),
    optional("created_by_name", Text),
    unique("uq_api_keys_name", "name", where="revoked_at is null"),
)

api_key_directory = Table(
    "api_key_directory",
    metadata,
    Column("key_hash", LargeBinary, primary_key=True),
    Column("tenant_id", Uuid, nullable=False),
    Column("key_id", Key, nullable=False),
)

STATUS = case(
    (api_keys.c.revoked_at.is_not(None), "REVOKED"),
    (api_keys.c.expires_at <= func.stock_now(), "EXPIRED"),
    else_="ACTIVE",
).label("status")
_seconds_left = func.extract("epoch", api_keys.c.expires_at - func.stock_now()).label(
    "seconds_left"
)
SHOWN = (*(c for c in api_keys.c if c.name not in ("tenant_id", "key_hash")), STATUS)


def owner(key_hash: bytes) -> Select[Any]:
    """The tenant and the id of the key with this hash; needs no tenant to be set."""
    found = func.api_key_find(key_hash).table_valued("tenant_id", "key_id")
    return select(found.c.tenant_id, found.c.key_id)


def put(key_hash: bytes, id: str) -> Select[Any]:
    """Enter a key of the session's tenant into the directory."""
    return select(func.api_key_put(key_hash, id))


def drop(key_hash: bytes) -> Select[Any]:
    """Take a key of the session's tenant out of the directory."""
    return select(func.api_key_drop(key_hash))


def get(id: str) -> Select[Any]:
    """A key with its `status`, and with the `seconds_left` until it expires."""
    return select(*SHOWN, _seconds_left).where(
        api_keys.c.tenant_id == this_tenant(), api_keys.c.id == id
    )


def get_locked(id: str) -> Select[Any]:
    """A key with its hash, locked until the transaction ends."""
    return (
        select(*SHOWN, api_keys.c.key_hash)
        .where(api_keys.c.tenant_id == this_tenant(), api_keys.c.id == id)
        .with_for_update()
    )


def listed(limit: int, offset: int) -> Select[Any]:
    """The keys, newest first."""
    return (
        select(*SHOWN)
        .where(api_keys.c.tenant_id == this_tenant())
        .order_by(api_keys.c.created_at.desc(), api_keys.c.id)
        .limit(limit)
        .offset(offset)
    )


def moment() -> Select[Any]:
    """Now, by the clock that tests may turn."""
    return select(func.stock_now())


def count() -> Select[Any]:
    """How many keys there are, revoked ones included."""
    return select(func.count()).where(api_keys.c.tenant_id == this_tenant())


def add(values: Mapping[str, Any]) -> Insert:
    """Store a key, and give back what may be shown of it."""
    return insert(api_keys).values(**values).returning(*SHOWN)


def change(id: str, values: Mapping[str, Any]) -> Update:
    """Set these columns, and give back what may be shown of the key."""
    return (
        update(api_keys)
        .where(api_keys.c.tenant_id == this_tenant(), api_keys.c.id == id)
        .values(**values)
        .returning(*SHOWN)
    )


def revoke(id: str) -> Update:
    """Mark a key as revoked now; one that is revoked keeps its time."""
    moment = func.coalesce(api_keys.c.revoked_at, func.stock_now())
    return change(id, {"revoked_at": moment})
