"""API keys: what is stored of them, and the directory that finds a key's tenant."""

from sqlalchemy import Column, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from models.base import Instant, Key, created_at, metadata, optional, required, tenant_table, unique

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
    optional("expires_at", Instant),
    optional("revoked_at", Instant),
    created_at(),
    optional("created_by", Text),
    unique("uq_api_keys_name", "name", where="revoked_at is null"),
)

api_key_directory = Table(
    "api_key_directory",
    metadata,
    Column("key_hash", LargeBinary, primary_key=True),
    Column("tenant_id", Uuid, nullable=False),
    Column("key_id", Key, nullable=False),
)
