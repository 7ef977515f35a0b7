"""kill -9 in the middle of an import: nothing acknowledged is lost, and the import goes on."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from domain.actor import SYSTEM
from domain.errors import Unavailable
from folders import ImportFolder, told
from gateway import embedded
from models import migrate
from models.session import Database
from server_user import SOURCES, postgres_processes, postmaster
from services import imports, stock
from services.imports import posting
from world import World

WORKER = Path(__file__).parent.parent / "support" / "import_worker.py"
PRODUCTS, BATCH = 60, 25

ROWS = "".join(f"P{n:03d},WH,{n}.5\n" for n in range(PRODUCTS))
MOVES = "".join(f"2025-01-{n % 28 + 1:02d},P{n:03d},SALE,-{n + 1},WH\n" for n in range(PRODUCTS))
FILES = {
    "products": "sku,name\n" + "".join(f"P{n:03d},Product {n}\n" for n in range(PRODUCTS)),
    "locations": "code,name,type\nWH,Warehouse,DC_STORAGE\n",
    "stock": "sku,locationCode,quantity\n" + ROWS,
    "movements": "occurredAt,sku,type,quantity,locationCode\n" + MOVES,
}
# 60 openings and 60 movements in five batches, then 60 counts in three.
PLANNED = [1, 2, 3, 4, 5, 6, 7, 8]


ADVISORY_LOCKS = """select count(*) from pg_locks l join pg_database d on d.oid = l.database
    where d.datname = current_database() and l.locktype = 'advisory'"""


async def killed_at(url: str, folder: ImportFolder, moment: str) -> None:
    """Import in a process of its own, and kill it as soon as it says this."""
    await asyncio.to_thread(_kill_at, url, folder, moment)
    await _noticed(url)


def _kill_at(url: str, folder: ImportFolder, moment: str) -> None:
    process = subprocess.Popen(
        [sys.executable, str(WORKER), url, str(folder.tenant_id), str(folder.path), str(BATCH)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), *sys.path])},
    )
    assert process.stdout
    for line in process.stdout:
        if line.strip() == moment:
            break
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL


async def _noticed(url: str) -> None:
    """Wait until the server has noticed that the process is gone: it holds no lock any longer."""
    connection = await asyncpg.connect(url)
    try:
        for _ in range(300):
            if not await connection.fetchval(ADVISORY_LOCKS):
                return
            await asyncio.sleep(0.1)
    finally:
        await connection.close()


async def state(world: World) -> dict[str, Any]:
    """What an import of FILES leaves behind, read as a whole."""
    async with world.read() as session:
        row = await session.one(
            text(
                "select (select sum(on_hand) from inventory_items) as on_hand,"
                " (select sum(on_hand) from stock_levels) as levels,"
                " (select count(*) from ledger_entries) as entries,"
                " (select sum(delta) from ledger_entries) as deltas,"
                " (select count(*) from imported_movements) as movements,"
                " (select count(*) from outbox) as events,"
                " (select count(*) from import_rows) + (select count(*) from import_lines) as rows,"
                " (select array_agg(state order by created_at) from imports) as imports"
            )
        )
    return dict(row._mapping)


async def whole(world: World, imports: list[str]) -> None:
    """Everything is there once, and nothing else."""
    total = sum(Decimal(n) + Decimal("0.5") for n in range(PRODUCTS))
    assert await state(world) == {
        "on_hand": total,
        "levels": total,
        "entries": 180,
        "deltas": total,
        "movements": 60,
        "events": 8,
        "rows": 0,
        "imports": imports,
    }


@pytest.mark.parametrize("done", [0, 2, 4, 7])
async def test_an_import_killed_while_it_posts_goes_on(
    folder: ImportFolder, world: World, urls: tuple[str, str], done: int
) -> None:
    folder.write(**FILES)

    await killed_at(urls[1], folder, f"posting:{done}")
    report = await folder.take()

    assert report.resumed
    assert told(report)["stock"] == (60, 0, 0)
    await whole(world, ["DONE"])


@pytest.mark.parametrize("moment", ["reading products.csv:0", "checking:1", "checking:4"])
async def test_an_import_killed_before_it_posts_starts_over(
    folder: ImportFolder, world: World, urls: tuple[str, str], moment: str
) -> None:
    folder.write(**FILES)

    await killed_at(urls[1], folder, moment)
    report = await folder.take()

    assert not report.resumed
    async with world.read() as session:
        counts = [
            await session.scalar(text(f"select {what} from ledger_entries"))
            for what in ("count(*)", "count(distinct inventory_item_id)")
        ]
    assert counts == [180, 60]
    assert (await state(world))["imports"] == ["ABANDONED", "DONE"]
    assert (await folder.take()).changes_nothing


async def test_it_can_be_ended_without_its_folder(
    folder: ImportFolder, world: World, urls: tuple[str, str]
) -> None:
    folder.write(**FILES)
    await killed_at(urls[1], folder, "posting:3")
    shutil.rmtree(folder.path)
    async with world.read() as session:
        import_id = await session.scalar(text("select id from imports"))

    report = await imports.resume(world.database, world.tenant_id, import_id)

    assert (report.import_id, report.resumed) == (import_id, True)
    await whole(world, ["DONE"])


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder for a server of this test's own, which every user of the system may pass."""
    place = Path(tempfile.mkdtemp(prefix="sg-import-")).resolve()
    place.chmod(0o755)
    yield place / "root"
    for process in postgres_processes(place / "root"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    shutil.rmtree(place, ignore_errors=True)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Database]:
    database = Database(url, pool_size=4)
    try:
        yield database
    finally:
        await database.close()


async def receive(world: World, product: str, location: str) -> None:
    line = stock.Line(product_id=product, location_id=location, delta=Decimal(1))
    async with world.write() as session:
        await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[line]))


async def test_a_killed_database_loses_nothing_that_was_acknowledged(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "BATCH_SIZE", BATCH)
    handle = embedded.start(root)
    await asyncio.to_thread(migrate.upgrade, handle.owner_url)

    def kill(progress: imports.Progress) -> None:
        if progress.step == "posting" and progress.done == 4:
            os.kill(postmaster(root), signal.SIGKILL)

    async with connected(handle.app_url) as database:
        world = await World.make(database)
        other = (await world.product(), await world.location())
        folder = ImportFolder(tmp_path, database, world.tenant_id).write(**FILES)
        await receive(world, other[0].id, other[1].id)
        with pytest.raises(Unavailable):
            await imports.run(database, world.tenant_id, folder.path, watch=kill)

    second = embedded.start(root)
    async with connected(second.app_url) as database:
        world = World(database, world.tenant_id, world.code)
        await receive(world, other[0].id, other[1].id)
        report = await imports.run(database, world.tenant_id, folder.path)
        after = await state(world)

    total = sum(Decimal(n) + Decimal("0.5") for n in range(PRODUCTS)) + 2
    assert report.resumed
    assert (after["on_hand"], after["levels"], after["deltas"]) == (total, total, total)
    assert (after["entries"], after["movements"], after["imports"]) == (182, 60, ["DONE"])
    handle.close()
    second.close()
