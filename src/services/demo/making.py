"""Makes the company: its tenant, a folder through the import, promises on top."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from domain.actor import SYSTEM
from models.session import Database, Session
from services import imports, tenants
from services.atp.moments import moment
from services.demo import asking, company, counts, folder, moving, promises, warehouse

CODE = "demo"
# The tenant's name until all is there: whoever finds it knows that the making was broken off.
BEING_MADE = "Demo company, being made"

Watcher = Callable[[imports.Progress], None]


class State(StrEnum):
    """Whether there is a tenant `demo`."""

    ABSENT = "ABSENT"
    BROKEN_OFF = "BROKEN_OFF"
    PRESENT = "PRESENT"


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    tenant_id: UUID
    report: imports.Report
    reservations: int


async def state(database: Database) -> State:
    """How far the tenant `demo` is; one that somebody made in another way is PRESENT."""
    tenant_id = await tenants.find(database, CODE)
    if tenant_id is None:
        return State.ABSENT
    async with database.read(tenant_id) as session:
        settings = await tenants.settings(session)
    return State.BROKEN_OFF if settings.name == BEING_MADE else State.PRESENT


async def make(
    database: Database, watch: Watcher = lambda _progress: None, code: str = CODE
) -> Made:
    """Make the tenant and everything in it.

    Its history ends yesterday and lots expire around today, in the company's time zone; every
    quantity comes from the seed. The import posts in transactions of its own, so that a crash
    leaves a tenant that is BROKEN_OFF.

    Raises:
        AlreadyExists: the tenant has products of these ids already.
    """
    values = {"name": BEING_MADE, "time_zone": company.TIME_ZONE, "currency": "USD"}
    tenant_id = await tenants.create(database, code, values)
    with tempfile.TemporaryDirectory(prefix="stockgraph-demo-") as place:
        folder.write(Path(place), await _today(database, tenant_id))
        report = await imports.run(database, tenant_id, Path(place), watch=watch)
    async with database.write(tenant_id) as session:
        count = await _finish(session)
    return Made(tenant_id, report, count)


async def _finish(session: Session) -> int:
    """Make promises and the documents of a working company, and say that it is whole."""
    count = await promises.make(session)
    for part in (counts, moving, warehouse, asking):
        await part.make(session)
    await tenants.change_settings(session, SYSTEM, {"name": company.NAME}, None)
    return count


async def _today(database: Database, tenant_id: UUID) -> date:
    """The company's day, by the database's clock."""
    async with database.read(tenant_id) as session:
        now = (await moment(session)).now
    return now.astimezone(folder.ZONE).date()
