"""Every table of the schema, so that the metadata is whole wherever this is imported."""

from models import (
    catalog,
    channels,
    feed,
    holds,
    idempotency,
    imports,
    keys,
    locations,
    lots,
    stock,
    tenants,
)
from models.base import metadata

__all__ = [
    "catalog",
    "channels",
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
]
