"""How much memory a process takes that keeps the reference data of many tenants."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from bench.measure import Result
from gateway import embedded
from models import migrate
from models.session import Database
from services import tenants

TENANTS = 200
CASES = ((1, 128), (20, 128), (TENANTS, 128), (TENANTS, 16))  # tenants, and megabytes
NAME = "bench_memory"
GOAL = 1.5  # of the usual bound; a small one drowns in what lies between objects
FILL = """
insert into products (tenant_id, id, sku, name)
select $1, 'prod_' || g, 'SKU-' || g, 'A product with a name of usual length ' || g
from generate_series(1, 1000) g;
insert into locations (tenant_id, id, code, name, type, path)
values ($1, 'loc', 'LOC', 'Location', 'DC_STORAGE', array['loc']);
insert into channels (tenant_id, id, name, type, position)
select $1, 'CH' || g, 'Channel ' || g, 'E_COMMERCE', g from generate_series(1, 8) g;
insert into stock_levels (tenant_id, location_id, product_id, on_hand, expired, held, reserved)
select $1, 'loc', id, 100, 0, 0, 10 from products where tenant_id = $1
"""


@dataclass(frozen=True)
class Many:
    """Where the tenants are."""

    owner_url: str
    app_url: str


@asynccontextmanager
async def tenants_of(handle: embedded.Handle) -> AsyncIterator[Many]:
    """200 tenants with 1,000 products each; their database goes with them."""
    handle.drop_database(NAME)
    owner_url, app_url = handle.create_database(NAME)
    try:
        await asyncio.to_thread(migrate.upgrade, owner_url)
        await _fill(owner_url, app_url)
        yield Many(owner_url, app_url)
    finally:
        handle.drop_database(NAME)


async def _fill(owner_url: str, app_url: str) -> None:
    database = Database(app_url, pool_size=1)
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute("set session_replication_role = replica")
        for number in range(TENANTS):
            tenant_id = await tenants.create(database, f"bench-{number}")
            await owner.execute(f"set app.tenant_id = '{tenant_id}'")
            await owner.execute(FILL.replace("$1", f"'{tenant_id}'"))
        await owner.execute("vacuum analyze")
    finally:
        await owner.close()
        await database.close()


async def run(place: Many) -> list[Result]:
    """A process that has served pages of so many, against one that keeps next to nothing."""
    bare = (await _served(place, 1, 1))["megabytes"]
    return [await _grown(place, bare, count, bound) for count, bound in CASES]


async def _grown(place: Many, bare: float, count: int, bound: int) -> Result:
    told = await _served(place, count, bound)
    grown = told["megabytes"] - bare
    who = "1 tenant" if count == 1 else f"{count} tenants"
    whole = f"{told['megabytes']:.0f} MB in all, {bare:.0f} MB of them with nothing kept"
    return Result(
        name=f"Growth with {who} : the bound of {bound} MB",
        ratios=[grown / bound],
        goal=GOAL if (count, bound) == CASES[2] else None,
        at_most=True,
        cost="memory",
        notes=[whole, f"{told['kept']:.1f} MB kept by its own count"],
    )


async def _served(place: Many, count: int, bound: int) -> dict[str, float]:
    """In a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.memory_once", place.app_url, str(count), str(bound)]
    done = await asyncio.to_thread(
        subprocess.run, command, check=True, capture_output=True, text=True
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
