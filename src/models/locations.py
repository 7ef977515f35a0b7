"""Locations and their bins."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Delete, Index, Text, delete
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from models.base import (
    Key,
    Quantity,
    at_least_zero,
    created_at,
    optional,
    required,
    tenant_table,
    this_tenant,
    to,
    unique,
    updated_at,
    version,
)

# Stock in a bin of one of these types is physically there and promised to nobody.
HELD_BIN_TYPES = ("HOLD", "QUARANTINE", "DAMAGE")

locations = tenant_table(
    "locations",
    required("id", Key),
    required("code", Key),
    required("name", Text),
    required("type", Text),
    optional("parent_id", Key),
    required("path", ARRAY(Key)),  # the ids from the root down to this one
    required("active", Boolean, "true"),
    optional("request_approval", Boolean),  # of requests to it; absent: as the tenant says
    required("attributes", JSONB, "'{}'"),
    version(),
    created_at(),
    updated_at(),
    to("locations", "parent_id"),
    unique("uq_locations_code", "code"),
    reference=True,
)

bins = tenant_table(
    "bins",
    required("id", Key),
    required("location_id", Key),
    required("code", Key),
    optional("name", Text),
    required("type", Text, "'STANDARD'"),
    optional("zone", Text),
    required("pick_order", BigInteger, "0"),
    optional("storage_class", Key),  # absent: for what needs no class
    required("mixing", Text, "'ANY'"),  # what may lie here together
    optional("capacity_units", Quantity),
    optional("capacity_weight_kg", Quantity),
    optional("capacity_volume_litres", Quantity),
    required("active", Boolean, "true"),
    version(),
    created_at(),
    updated_at(),
    to("locations", "location_id"),
    CheckConstraint(
        "mixing in ('ANY', 'SAME_PRODUCT', 'SAME_LOT', 'EMPTY_ONLY')", name="mixing_known"
    ),
    at_least_zero("capacity_units"),
    at_least_zero("capacity_weight_kg"),
    at_least_zero("capacity_volume_litres"),
    unique("uq_bins_code", "location_id", "code"),
    unique("uq_bins_location", "location_id", "id"),  # what inventory items point at
    Index("ix_bins_type", "tenant_id", "type"),
    reference=True,
    history=True,
)


def remove_bins(location_id: str) -> Delete:
    """Delete all bins of the location."""
    return delete(bins).where(bins.c.tenant_id == this_tenant(), bins.c.location_id == location_id)
