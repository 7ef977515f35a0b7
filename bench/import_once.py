"""Imports a folder into a new tenant, and tells its time and peak memory as JSON."""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from models.session import Database
from services import imports, tenants


async def main(folder: Path, url: str, code: str) -> None:
    database = Database(url)
    tenant_id = await tenants.create(database, code)
    begun = time.perf_counter()
    await imports.run(database, tenant_id, folder)
    seconds = time.perf_counter() - begun
    await database.close()
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "megabytes": kilobytes / 1024}))


asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
