"""The sample data of a bicycle maker, which lies beside the project where there is any."""

import asyncio
import os
from pathlib import Path
from uuid import UUID

import pytest

from copies import Urls
from folders import told
from models.session import Database
from services import imports
from world import World

SAMPLES = Path(
    os.environ.get(
        "STOCKGRAPH_SAMPLE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"
    )
)
FOLDER = SAMPLES / "adventureworks"
COUNTS = {
    "categories": 41,
    "products": 504,
    "locations": 14,
    "bins": 753,
    "channels": 2,
    "reason_codes": 16,
    "vendors": 104,
    "vendor_products": 460,
    "purchase_orders": 8_845,
    "movements": 202_696,
    "stock": 1_069,
}

needed = pytest.mark.skipif(not FOLDER.is_dir(), reason="the sample data is not there")


def fill(urls: Urls) -> tuple[UUID, str]:
    """Import it into a tenant of its own, and tell which that is."""
    return asyncio.run(_fill(urls))


async def _fill(urls: Urls) -> tuple[UUID, str]:
    database = Database(urls[1])
    try:
        world = await World.make(database)
        report = await imports.run(database, world.tenant_id, FOLDER)
    finally:
        await database.close()
    assert told(report) == {name: (count, 0, 0) for name, count in COUNTS.items()}
    assert report.later_files == ["scrap.csv"]
    return world.tenant_id, world.code
