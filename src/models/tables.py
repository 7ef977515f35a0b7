"""Every table of the schema, so that the metadata is whole wherever this is imported."""

from models import (
    abc,
    availability_records,
    catalog,
    channels,
    count_settings,
    documents,
    feed,
    holds,
    idempotency,
    imports,
    keys,
    ledger_checks,
    locations,
    lots,
    stock,
    tenants,
    transfers,
)
from models.base import metadata

__all__ = [
    "abc",
    "availability_records",
    "catalog",
    "channels",
    "count_settings",
    "documents",
    "feed",
    "holds",
    "idempotency",
    "imports",
    "keys",
    "ledger_checks",
    "locations",
    "lots",
    "metadata",
    "stock",
    "tenants",
    "transfers",
]
