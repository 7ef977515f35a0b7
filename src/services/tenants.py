"""Tenants: made with their settings, found by code, listed."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from domain.actor import Author
from domain.errors import Invalid, NotFound, StaleVersion
from domain.industry_packs import reason_codes
from models import removal, tenants
from models.constraints import sql_state
from models.reasons import seed
from models.session import NO_TENANT, Database, Session
from services import checks, outbox

INDUSTRY_PACKS = ("HEALTHCARE", "RETAIL", "MANUFACTURING")
DEFAULT_PACK = "RETAIL"
DELETE_SECONDS = 3_600
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_NO_ZONE = "timeZone must be a name such as Europe/Berlin."
_INVALID_PARAMETER = "22023"


async def find(database: Database, code: str) -> UUID | None:
    """The id of the tenant with this code, or None."""
    async with database.read(NO_TENANT) as session:
        id: UUID | None = await session.scalar(tenants.find_id(code))
    return id


async def get(database: Database, code: str) -> UUID:
    """The id of the tenant with this code.

    Raises:
        NotFound: there is none.
    """
    id = await find(database, code)
    if id is None:
        raise NotFound(f"Tenant {code!r}")
    return id


async def listed(database: Database) -> list[tuple[UUID, str, datetime]]:
    """Id, code and time of making of every tenant, by code."""
    async with database.read(NO_TENANT) as session:
        rows = await session.all(tenants.listed())
    return [(row.id, row.code, row.created_at) for row in rows]


async def create(
    database: Database, code: str, values: Mapping[str, Any] | None = None, id: UUID | None = None
) -> UUID:
    """Make a tenant with its settings and its industry's reason codes, and give its id.

    One that is there keeps what it has.

    Raises:
        Invalid: the code or a setting breaks a rule.
    """
    if not _CODE.match(code):
        raise Invalid(
            "code", "A tenant's code is 1 to 63 of a-z 0-9 _ -, not starting with _ or -."
        )
    settings = {"name": code, **(values or {})}
    check(settings)
    async with database.write(NO_TENANT) as session:
        tenant_id: UUID = await session.scalar(tenants.create(id or uuid4(), code))
    async with database.write(tenant_id) as session:
        is_new = await session.run(tenants.first_settings(settings))
        await session.run(tenants.first_version())
        if is_new:
            pack = str(settings.get("industry_pack", DEFAULT_PACK))
            await session.run(seed(reason_codes(pack)))
    return tenant_id


async def delete(owner: Database, code: str) -> int:
    """Remove a tenant with all that it has, history included, and say how many rows that were.

    `owner` is the database as its owner's role; the program's own role may not do this. It is one
    transaction: a tenant is there whole or not at all.

    Raises:
        NotFound: there is no such tenant.
    """
    tenant_id = await get(owner, code)
    async with owner.write(tenant_id, timeout_seconds=DELETE_SECONDS) as session:
        rows = [await session.run(statement) for statement in removal.of_rows()]
        return sum(rows) + await session.run(removal.of_tenant())


async def settings(session: Session) -> Any:
    """The present settings of the session's tenant."""
    return await session.one(tenants.settings())


async def change_settings(
    session: Session, author: Author, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    """Change the tenant's settings, keep the former ones as history, and give the new ones.

    A new time zone moves the moment at which lots expire: the kept sums that it touches are
    computed live from their next expiry on.

    Raises:
        Invalid: a setting breaks a rule.
        StaleVersion: the settings are not at the expected version.
    """
    check(values)
    row = await session.one(tenants.settings_locked())
    if expected_version is not None and row.version != expected_version:
        raise StaleVersion("settings", expected=expected_version, actual=row.version)
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not different:
        return row
    await session.run(tenants.keep_settings())
    changed = await session.one(tenants.change_settings({**different, "updated_by": author.name}))
    await outbox.changed(session, tenants.tenant_settings, row, changed)
    if "time_zone" in different:
        await _check_zone_of_database(session)
        await session.one(tenants.mark_levels_due())
    return changed


def check(values: Mapping[str, Any]) -> None:
    """Refuse settings that break a rule; names that are absent are not looked at.

    Raises:
        Invalid: naming the setting.
    """
    checks.given(values, tenants.tenant_settings)
    checks.texts(values, "name")
    checks.one_of(values, "industry_pack", INDUSTRY_PACKS)
    checks.amounts(values, "low_atp_threshold", "root_cause_quantity")
    checks.wholes(values, "expiry_warning_days", "overdue_supply_days")
    if values.get("time_zone", "UTC") not in _zones():
        raise Invalid("timeZone", _NO_ZONE)
    if not _CURRENCY.match(values.get("currency", "USD")):
        raise Invalid("currency", "currency must be three capital letters, such as EUR.")


async def _check_zone_of_database(session: Session) -> None:
    """Refuse a zone that we know and the database does not: no day could be told any more."""
    try:
        await session.scalar(tenants.today())
    except Exception as error:
        if sql_state(error) != _INVALID_PARAMETER:
            raise
        raise Invalid("timeZone", _NO_ZONE) from error


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
