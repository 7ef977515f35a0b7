"""A process that imports a folder in small batches and says how far it is, until it is killed.

Called with the application's URL, the tenant, the folder and the size of a batch.
"""

import asyncio
import sys
from pathlib import Path
from uuid import UUID

from models.session import Database
from services import imports
from services.imports import posting, reading


def say(progress: imports.Progress) -> None:
    sys.stdout.write(f"{progress.step}:{progress.done}\n")
    sys.stdout.flush()


async def main() -> None:
    url, tenant, folder, size = sys.argv[1:5]
    posting.BATCH_SIZE = reading.BATCH = int(size)
    database = Database(url, pool_size=3)
    await imports.run(database, UUID(tenant), Path(folder), watch=say)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
