"""Every table of the schema, so that the metadata is whole wherever this is imported."""

from models import (
    availability_records,
    catalog,
    channels,
    documents,
    feed,
    holds,
    idempotency,
    imports,
    keys,
    locations,
    lots,
    stock,
    tenants,
    transfers,
)
from models.base import metadata

__all__ = [
    "availability_records",
    "catalog",
    "channels",
    "documents",
    "feed",
    "holds",
    "idempotency",
    "imports",
    "keys",
    "locations",
    "lots",
    "metadata",
    "stock",
    "tenants",
    "transfers",
]
