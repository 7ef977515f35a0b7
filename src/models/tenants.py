"""Tenants, their settings and the version of their reference data."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Select,
    Table,
    Text,
    Update,
    Uuid,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, insert

from models.base import (
    Instant,
    Quantity,
    at_least_zero,
    metadata,
    optional,
    required,
    tenant_table,
    this_tenant,
    version,
)

tenants = Table(
    "tenants",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", Text(collation="C"), nullable=False, unique=True),
    required("created_at", Instant, "stock_now()"),
)

tenant_settings = tenant_table(
    "tenant_settings",
    required("name", Text),
    required("time_zone", Text, "'UTC'"),
    required("currency", Text, "'USD'"),
    required("industry_pack", Text, "'RETAIL'"),
    required("lot_tracking", Boolean, "true"),
    required("expiry_tracking", Boolean, "true"),
    required("request_approval", Boolean, "true"),
    required("request_self_approval", Boolean, "false"),
    required("request_reservation", Boolean, "false"),
    required("low_atp_threshold", Quantity, "10"),
    required("expiry_warning_days", BigInteger, "30"),
    required("overdue_supply_days", BigInteger, "30"),  # it counts as coming for so long
    # A decrease of so many units or more needs a root cause in a regulated tenant.
    optional("root_cause_quantity", Quantity),
    optional("closed_through", Instant),  # nothing is posted at or before it any more
    version(),
    optional("updated_by", Text),
    at_least_zero("low_atp_threshold"),
    at_least_zero("expiry_warning_days"),
    at_least_zero("overdue_supply_days"),
    key=(),
    reference=True,
    history=True,
)

# One row a tenant: raised last in the transaction of every write to reference data, so that a
# page made from older reference data can be told from a present one.
tenant_versions = tenant_table(
    "tenant_versions",
    required("reference", BigInteger, "1"),
    key=(),
    fillfactor=50,
)


def find_id(code: str) -> Select[tuple[object]]:
    """The id of the tenant with this code; needs no tenant to be set."""
    return select(func.tenant_find(code))


def listed() -> Select[tuple[object, str, object]]:
    """Every tenant's id, code and time of making, by code; needs no tenant to be set."""
    rows = func.tenant_list().table_valued("id", "code", "created_at")
    return select(rows.c.id, rows.c.code, rows.c.created_at)


def create(id: object, code: str) -> Select[tuple[object]]:
    """Make the tenant's row, or give the id of the one that has this code."""
    return select(func.tenant_create(id, code))


def first_settings(values: Mapping[str, Any]) -> Insert:
    """The first settings of a tenant; one that has settings keeps them."""
    return insert(tenant_settings).values(**values).on_conflict_do_nothing()


def first_version() -> Insert:
    """The first version of a tenant's reference data."""
    return insert(tenant_versions).values(reference=1).on_conflict_do_nothing()


def settings() -> Select[Any]:
    """The present settings of the session's tenant."""
    return select(tenant_settings).where(tenant_settings.c.tenant_id == this_tenant())


def settings_locked() -> Select[Any]:
    """The present settings, locked until the transaction ends."""
    return settings().with_for_update()


def keep_settings() -> Insert:
    """Copy the settings to their history, ended at this moment."""
    history = metadata.tables["tenant_settings_history"]
    names = [column.name for column in tenant_settings.c]
    old = select(*tenant_settings.c, func.stock_now()).where(
        tenant_settings.c.tenant_id == this_tenant()
    )
    return insert(history).from_select([*names, "valid_to"], old)


def change_settings(values: Mapping[str, Any]) -> Update:
    """Set these settings, raise their version, and give them back whole."""
    return (
        update(tenant_settings)
        .where(tenant_settings.c.tenant_id == this_tenant())
        .values(version=tenant_settings.c.version + 1, valid_from=func.stock_now(), **values)
        .returning(*tenant_settings.c)
    )


def today() -> Select[Any]:
    """The tenant's calendar day, by the database's own table of time zones."""
    return select(func.stock_today())


def mark_levels_due() -> Select[tuple[None]]:
    """Make every level with lots be computed live until the sweeper has refreshed it.

    A level without an expiry ahead is among them: what has expired may not have expired yet in
    the new time zone.
    """
    return select(func.stock_mark_levels_due())
