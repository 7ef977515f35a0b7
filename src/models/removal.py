"""Removing a tenant, which only the role that owns the tables may do."""

from sqlalchemy import Delete, delete

import models.tables  # noqa: F401 - every table registers with the metadata
from models.base import metadata, this_tenant
from models.tenants import tenants


def of_rows() -> list[Delete]:
    """Delete every row of the session's tenant, in an order that no foreign key is against."""
    owned = [table for table in reversed(metadata.sorted_tables) if "tenant_id" in table.c]
    return [delete(table).where(table.c.tenant_id == this_tenant()) for table in owned]


def of_tenant() -> Delete:
    """Delete the tenant's own row; to be run after the others."""
    return delete(tenants).where(tenants.c.id == this_tenant())
