"""`./run db verify` and `./run seals …` on a given database."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from commands import Done, run
from gateway import embedded
from models import migrate
from models.session import Database
from services import feed
from world import World


class Given:
    """A database of its own with one tenant that has some stock, all of it sealed."""

    def __init__(self, urls: tuple[str, str], code: str) -> None:
        self.owner_url, self.app_url = urls
        self.code = code

    def run(self, *arguments: str) -> Done:
        return run(*arguments, DATABASE_URL=self.app_url, DATABASE_OWNER_URL=self.owner_url)

    async def execute(self, sql: str) -> None:
        connection = await asyncpg.connect(self.owner_url)
        await connection.execute(sql)
        await connection.close()


@pytest.fixture
async def given(server: embedded.Handle) -> AsyncIterator[Given]:
    name = f"checking_commands_{os.getpid()}"
    server.drop_database(name)
    server.create_database(name)
    owner_url, app_url = server.urls(name)
    await asyncio.to_thread(migrate.upgrade, owner_url)
    database = Database(app_url)
    world = await World.make(database)
    await world.stock(await world.product(), await world.location(), 5)
    await feed.relay(database)
    await database.close()
    yield Given((owner_url, app_url), world.code)
    server.drop_database(name)


async def test_drift_is_told_and_makes_the_exit_code_1(given: Given) -> None:
    healthy = given.run("db", "verify", "--tenant", given.code)
    assert healthy.code == 0, healthy
    assert healthy.stdout.startswith(f"{given.code}: every number is right (12 invariants, ")

    await given.execute("update inventory_items set on_hand = 7.5")
    broken = given.run("db", "verify", "--json")

    assert broken.code == 1
    (report,) = json.loads(broken.stdout)
    checks = {check["name"]: check for check in report["checks"]}
    assert (report["tenant"], report["drift"]) == (given.code, 2)
    (found,) = checks["balances"]["worst"]
    assert (found["kept"], found["derived"]) == ("7.5", "5")
    told = given.run("db", "verify").stdout.splitlines()
    assert told[0].startswith(f"{given.code}: 2 numbers are off (12 invariants, ")
    assert told[1:3] == ["  balances: 1", f"    {found['id']}: 7.5, should be 5"]


async def test_an_export_is_checked_without_a_database(given: Given, tmp_path: Path) -> None:
    file = tmp_path / "acme.jsonl"
    made = given.run("seals", "export", str(file), "--tenant", given.code, "--json")
    assert made.code == 0, made
    chain = json.loads(made.stdout)
    assert (chain["tenant"], chain["seals"], chain["events"]) == (given.code, 1, 1)

    whole = run("seals", "verify", str(file), "--sha256", chain["sha256"])
    other = run("seals", "verify", str(file), "--sha256", "00")
    file.write_text(file.read_text().replace('"delta": 5', '"delta": 6'))
    changed = run("seals", "verify", str(file))

    assert (whole.code, whole.stdout.splitlines()) == (
        0,
        [
            f"1 changes of {given.code} under 1 seals are whole.",
            f"Note the last seal where nobody can change it: {chain['sha256']}",
        ],
    )
    assert (other.code, other.stderr.strip()) == (
        1,
        f"{file} is whole, and its last seal is {chain['sha256']}, not the noted one.",
    )
    assert changed.code == 1
    assert "Seal 1 at line 2 is not the digest of its events" in changed.stderr


def test_a_tenant_that_is_not_there_is_refused(given: Given, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"

    assert given.run("db", "verify", "--tenant", "none").code == 1
    assert given.run("seals", "export", str(file), "--tenant", "none").code == 1
    assert list(tmp_path.iterdir()) == []
