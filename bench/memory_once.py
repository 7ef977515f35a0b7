"""Serves pages of so many tenants in this process, and tells its memory as JSON."""

import asyncio
import gc
import json
import resource
import sys
from pathlib import Path

from bench.asgi import key_of, request
from gateway import logs
from gateway.app import create_app
from gateway.settings import load_settings
from models.session import Database
from services import tenants

SHOWN = 200
PATH = "/api/inventory/channel-location?locationId=loc"
# A list is kept once it was asked for some times.
PAGES = ("limit=1", "limit=1", "limit=1", f"limit={SHOWN}", f"limit={SHOWN}&page=2")


def resident() -> float:
    """Megabytes of this process's memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


async def main(url: str, count: int, megabytes: int) -> None:
    settings = load_settings(database_url=url, explorer=False, log_level="error")
    logs.configure(settings)
    database = Database(url, pool_size=2, reference_bytes=megabytes * 2**20)
    app = create_app(settings, database)
    for number in range(count):
        tenant_id = await tenants.get(database, f"bench-{number}")
        key = await key_of(database, tenant_id)
        for page in PAGES:
            answer = json.loads(await request(app, "GET", f"{PATH}&{page}", key)())
        assert len(answer["products"]) == SHOWN, "each tenant has 1,000 products there"
    gc.collect()
    kept = database._references  # noqa: SLF001 - what is measured
    assert kept is not None, "it keeps some"
    told = {"megabytes": resident(), "kept": kept.bytes / 2**20}
    print(json.dumps(told))
    await database.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
