"""kill -9 of the program or of the database: what was acknowledged is there, and whole."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from gateway import embedded
from ledger_driver import Seen
from models import migrate
from models.session import Database
from server_user import postmaster
from world import World

PATIENCE_SECONDS = 120
WORKER = Path(__file__).parent.parent / "support" / "posting_worker.py"


class Trial:
    """One tenant on a server that is killed again and again, and what it has acknowledged."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)
        self.file = root.parent / "acknowledged"
        self.handle = embedded.start(root)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        database = Database(self.handle.app_url, pool_size=2)
        try:
            yield database
        finally:
            await database.close()

    async def make(self) -> None:
        await asyncio.to_thread(migrate.upgrade, self.handle.owner_url)
        async with self.database() as database:
            world = await World.make(database)
            products = [(await world.product()).id for _ in range(3)]
            locations = [(await world.location()).id for _ in range(2)]
        self.tenant, self.code = world.tenant_id, world.code
        self.pairs = [f"{location}:{product}" for location in locations for product in products]

    def acknowledged(self) -> list[str]:
        return self.file.read_text().splitlines() if self.file.exists() else []

    async def post_for_a_while(self) -> asyncio.subprocess.Process:
        """A process that posts, which has had some acknowledged."""
        seed = str(self.chance.randrange(10**9))
        before = len(self.acknowledged())
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(str(WORKER), self.handle.app_url, str(self.tenant), seed, str(self.file)),
            *self.pairs,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stderr=asyncio.subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.acknowledged()) < before + 20:
            assert time.monotonic() < deadline, "the process does not post"
            assert process.returncode is None, "the process has ended"
            await asyncio.sleep(0.01)
        await asyncio.sleep(self.chance.random() * 0.3)
        return process

    async def check(self) -> None:
        async with self.database() as database:
            await self._wait_for_rollbacks(database)
            world = World(database, self.tenant, self.code)
            seen = await Seen.of(world)
            async with world.read() as session:
                ids = await session.call(
                    "select array(select id from postings union all select id from reservations)"
                )
                orphans = await session.scalar(text(ORPHANS))
        assert set(self.acknowledged()) - set(ids) == set()
        assert (seen.broken, orphans) == ([], 0)
        assert seen.kept == seen.levels
        for row in seen.buckets.values():
            assert (row.on_hand, row.reserved) == (row.posted, row.promised)

    async def _wait_for_rollbacks(self, database: Database) -> None:
        """A killed program's sessions end when the server sees that nobody is there any more."""
        others = "select count(*) from pg_locks where locktype = 'transactionid'"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            async with database.read(self.tenant) as session:
                if await session.call(others) == 0:
                    return
            assert time.monotonic() < deadline, "a killed program's transaction does not end"
            await asyncio.sleep(0.02)


ORPHANS = """
select (select count(*) from ledger_entries e left join postings p
    on p.tenant_id = e.tenant_id and p.id = e.posting_id
    where e.tenant_id = stock_tenant() and p.id is null)
  + (select count(*) from outbox o left join postings p
    on p.tenant_id = o.tenant_id and p.id = o.aggregate_id
    where o.tenant_id = stock_tenant() and p.id is null)
"""


async def test_invariant_19_a_killed_program_leaves_every_posting_whole(
    root: Path, run_seed: int, *, is_long: bool
) -> None:
    trial = Trial(root, run_seed)
    await trial.make()

    for _ in range(20 if is_long else 2):
        process = await trial.post_for_a_while()
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await trial.check()
    trial.handle.close()


async def test_invariant_19_a_killed_database_keeps_what_it_acknowledged(
    root: Path, run_seed: int, *, is_long: bool
) -> None:
    trial = Trial(root, run_seed)
    await trial.make()

    for _ in range(15 if is_long else 1):
        process = await trial.post_for_a_while()
        os.kill(postmaster(root), signal.SIGKILL)
        await process.wait()
        former, trial.handle = trial.handle, embedded.start(root)
        former.close()
        await trial.check()
    trial.handle.close()
