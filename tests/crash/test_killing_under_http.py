"""kill -9 of the server or the database under HTTP load: what was answered is there, once."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from clients import key_of
from gateway import embedded
from ledger_driver import Seen
from models import migrate
from models.session import Database
from server_user import postmaster
from services import feed, ledger_health
from world import World

SERVER = Path(__file__).parent.parent / "support" / "mortal_server.py"
CLIENTS = 4
RECEIVE = """
mutation Receive($location: ID!, $product: ID!, $reference: String!) {
  receiveStock(input: {
    locationId: $location, reference: $reference,
    lines: [{productId: $product, quantity: 2}, {productId: $product, quantity: 3}]
  }) {
    posting { id reference } entries { delta quantityAfter } items { id onHand } message position
  }
}
"""
CHANGES = """
query Changes($after: Cursor) {
  changes(after: $after, first: 200) { edges { cursor node { id } } }
}
"""
EFFECTS = """
select reference, count(*) as times, sum(entry_count) as entries from postings
where reference is not null group by reference
"""
Answer = tuple[int, bytes, bool]  # status, body, whether it was a replay


class Trial:
    """A tenant on a database of its own, and what its clients were answered."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)
        self.handle = embedded.start(root)
        self.answered: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.followed: list[str] = []  # ids of changes, in the order in which they were told
        self.told = asyncio.Event()  # that there was another one

    async def make(self) -> None:
        self.nursery: Any = await asyncio.create_subprocess_exec(
            *(sys.executable, str(SERVER)),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await asyncio.to_thread(migrate.upgrade, self.handle.owner_url)
        async with self.world() as world:
            self.key = await key_of(world)
            self.products = [(await world.product()).id for _ in range(2)]
            self.location = (await world.location()).id

    @asynccontextmanager
    async def world(self) -> AsyncIterator[World]:
        database = Database(self.handle.app_url, pool_size=2)
        try:
            if not hasattr(self, "tenant"):
                made = await World.make(database)
                self.tenant, self.code = made.tenant_id, made.code
            yield World(database, self.tenant, self.code)
        finally:
            await database.close()

    @asynccontextmanager
    async def server(self, *options: str) -> AsyncIterator[tuple[int, httpx2.AsyncClient]]:
        """A server's process id, and a client of it."""
        line = " ".join((self.handle.app_url, *options))
        self.nursery.stdin.write(f"{line}\n".encode())
        told = await asyncio.wait_for(self.nursery.stdout.readline(), 60)
        process, url = told.decode().split()
        headers = {"Authorization": f"Bearer {self.key}"}
        try:
            async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=60) as client:
                yield int(process), client
        finally:
            kill(int(process))

    async def ask(self, client: httpx2.AsyncClient, name: str) -> Answer:
        """Receive stock once for this name, which is its idempotency key and reference."""
        product = self.products[sum(name.encode()) % len(self.products)]
        variables = {"location": self.location, "product": product, "reference": name}
        body = {"query": RECEIVE, "variables": variables}
        response = await client.post("/graphql", json=body, headers={"Idempotency-Key": name})
        is_replay = response.headers.get("idempotency-replayed") == "true"
        return response.status_code, response.content, is_replay

    async def ask_again(self, client: httpx2.AsyncClient) -> dict[str, Answer]:
        """The answers to everything that was asked, as many at once as there are clients."""
        left, found = list(self.asked), dict[str, Answer]()

        async def go_on() -> None:
            while left:
                name = left.pop()
                found[name] = await self.ask(client, name)

        await asyncio.gather(*(go_on() for _ in range(CLIENTS)))
        return found

    async def work(self, client: httpx2.AsyncClient, name: str) -> None:
        """Receive again and again until nobody answers any more."""
        number = 0
        with contextlib.suppress(httpx2.TransportError):
            while True:
                number += 1
                self.asked.append(f"{name}-{number}")
                status, body, _ = await self.ask(client, self.asked[-1])
                if b'"errors"' in body or status != 200:
                    return  # the database has gone
                self.answered[f"{name}-{number}"] = body

    async def follow(self, client: httpx2.AsyncClient) -> None:
        """Read the feed on from where it was left, until nobody answers any more."""
        with contextlib.suppress(httpx2.TransportError):
            while True:
                variables = {"after": str(len(self.followed))}
                body = {"query": CHANGES, "variables": variables}
                response = await client.post("/graphql", json=body)
                if response.status_code != 200 or "errors" in response.json():
                    return  # the database has gone
                edges = response.json()["data"]["changes"]["edges"]
                numbers = [int(edge["cursor"]) for edge in edges]
                assert numbers == [len(self.followed) + n for n in range(1, len(edges) + 1)]
                self.followed += [edge["node"]["id"] for edge in edges]
                if edges:
                    self.told.set()
                await asyncio.sleep(0.01)

    async def kill(self, process: int, *, is_server: bool) -> None:
        """Kill the server, or the database and then the server."""
        if is_server:
            kill(process)
            return
        os.kill(postmaster(self.root), signal.SIGKILL)
        former, self.handle = self.handle, await asyncio.to_thread(embedded.start, self.root)
        former.close()
        kill(process)

    async def close(self) -> None:
        self.nursery.stdin.close()
        await self.nursery.wait()
        self.handle.close()

    async def check(self) -> None:
        """Everything asked again has one effect, and what was answered the same answer."""
        async with self.server() as (_, client):
            again = await self.ask_again(client)
        replays = {name: (200, body, True) for name, body in self.answered.items()}
        assert {name: again[name] for name in replays} == replays
        async with self.world() as world:
            async with world.read() as session:
                rows = await session.all(text(EFFECTS))
            seen = await Seen.of(world)
            await feed.relay(world.database)
            report = await ledger_health.verify(world.database, world.tenant_id)
            async with world.read() as session:
                told = (await feed.changes(session, 0, 100_000, {})).rows
        assert {row.reference: (row.times, row.entries) for row in rows} == dict.fromkeys(
            self.asked, (1, 2)
        )
        assert [check for check in report.checks if check.drift] == []
        assert [row.id for row in told][: len(self.followed)] == self.followed
        assert (seen.broken, seen.kept) == ([], seen.levels)
        assert {b: row.on_hand for b, row in seen.buckets.items()} == {
            b: row.posted for b, row in seen.buckets.items()
        }


def kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


@pytest.fixture
async def trial(root: Path, run_seed: int) -> AsyncIterator[Trial]:
    trial = Trial(root, run_seed)
    await trial.make()
    yield trial
    await trial.close()


async def test_invariants_10_19_and_24_kills_under_load_lose_nothing_answered_or_told(
    trial: Trial, *, is_long: bool
) -> None:
    await die_between_commit_and_answer(trial)
    for number in range(50 if is_long else 3):
        trial.told.clear()
        async with trial.server() as (process, client):
            names = [f"r{number}-c{n}" for n in range(CLIENTS)]
            work = [asyncio.create_task(trial.work(client, name)) for name in names]
            work.append(asyncio.create_task(trial.follow(client)))
            await asyncio.wait_for(trial.told.wait(), 30)
            await asyncio.sleep(trial.chance.random() * 0.3)
            await trial.kill(process, is_server=number % 2 == 0)
            await asyncio.wait_for(asyncio.gather(*work), 30)
        if is_long:
            await trial.check()
    await trial.check()
    assert trial.answered
    assert trial.followed


async def die_between_commit_and_answer(trial: Trial) -> None:
    """Who asks again gets the answer that was never sent; it was done once."""
    trial.asked.append("only")
    async with trial.server("--die") as (_, client):
        with pytest.raises(httpx2.TransportError):
            await trial.ask(client, "only")
    async with trial.server() as (_, client):
        found = [await trial.ask(client, "only") for _ in range(2)]

    assert found[0] == found[1]
    assert (found[0][0], found[0][2]) == (200, True)
    assert b'"errors"' not in found[0][1]
    trial.answered["only"] = found[0][1]
