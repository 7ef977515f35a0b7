"""A database for each worker, a tenant for each test: everything commits for real."""

import asyncio
import math
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

import broken
import sample
import statement_guard
from copies import Copies
from gateway import embedded
from models import migrate
from models.session import Database
from world import World


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also the long races and crash rounds")
    parser.addoption(
        "--sample-seconds",
        type=float,
        help="take the tests in an order by the seed and begin none after this time",
    )
    parser.addoption(
        "--break",
        dest="broken",
        choices=broken.BREAKS,
        help="take a guard out of the database, to see a test fail",
    )
    parser.addoption("--seed", type=int, help="where generated tests begin; else a random number")


def pytest_configure(config: pytest.Config) -> None:
    statement_guard.install()
    config.addinivalue_line("markers", "long: runs only with --long")
    if config.option.seed is None:
        # The workers inherit it by their environment.
        seed = os.environ.setdefault("STOCKGRAPH_TEST_SEED", str(random.randrange(10**6)))
        config.option.seed = int(seed)


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed: {config.option.seed} (the same again with --seed {config.option.seed})"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.sample_seconds is not None:
        # By name and seed: every worker must come to the same order.
        items.sort(key=lambda item: sha256(f"{config.option.seed} {item.nodeid}".encode()).digest())
    if config.option.long:
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="takes long: ./run test --long"))


def pytest_sessionstart(session: pytest.Session) -> None:
    seconds = session.config.option.sample_seconds
    session.config.stash[_ENDS] = math.inf if seconds is None else time.monotonic() + seconds


def pytest_runtest_setup(item: pytest.Item) -> None:
    if time.monotonic() > item.config.stash[_ENDS]:
        pytest.skip("the sample's time is over")


_ENDS = pytest.StashKey[float]()


@pytest.fixture(scope="session")
def is_long(pytestconfig: pytest.Config) -> bool:
    """Whether a generated test may take its time."""
    return bool(pytestconfig.option.long)


@pytest.fixture(scope="session")
def run_seed(pytestconfig: pytest.Config) -> int:
    """The number that decides what generated tests do in this run."""
    return int(pytestconfig.option.seed)


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.Handle]:
    """The PostgreSQL of the test runs; the workers share it, the last one stops it."""
    root = os.environ.get("STOCKGRAPH_TEST_DATA_DIR")
    handle = embedded.start(
        Path(root) if root else Path(tempfile.gettempdir()) / "stockgraph-tests"
    )
    asyncio.run(_without_disk(handle.owner_url))
    yield handle
    handle.close()


async def _without_disk(owner_url: str) -> None:
    """Let the server not wait for the disk: what it holds need not survive this machine."""
    connection = await asyncpg.connect(owner_url)
    for setting in ("fsync", "full_page_writes"):
        await connection.execute(f"alter system set {setting} = off")
    await connection.execute("select pg_reload_conf()")
    await connection.close()


@pytest.fixture(scope="session")
def copies(server: embedded.Handle, testrun_uid: str) -> Iterator[Copies]:
    """Makes databases for this worker, and for tests that look at all tenants or a large one."""
    blank = f"blank_{os.getpid()}"
    server.drop_database(blank)  # of a run that was killed
    owner_url, _ = server.create_database(blank)
    migrate.upgrade(owner_url)
    copies = Copies(server, blank, testrun_uid)
    yield copies
    copies.drop()
    server.drop_database(blank)


@pytest.fixture(scope="session")
def urls(copies: Copies, pytestconfig: pytest.Config) -> tuple[str, str]:
    """The owner's and the application's URL of this worker's own, migrated database."""
    owner_url, app_url = copies.blank()
    if pytestconfig.option.broken is not None:
        asyncio.run(broken.apply(owner_url, pytestconfig.option.broken))
    return owner_url, app_url


@pytest.fixture(scope="session")
async def sample_company(copies: Copies) -> AsyncIterator[World]:
    """The sample company, in a database of its own, for tests that leave it as it is."""
    async with _sample_company(copies) as world:
        yield world


@pytest.fixture
async def own_sample_company(copies: Copies) -> AsyncIterator[World]:
    """The sample company, in a database of the test's own."""
    async with _sample_company(copies) as world:
        yield world


@asynccontextmanager
async def _sample_company(copies: Copies) -> AsyncIterator[World]:
    (_, app_url), tenant = await asyncio.to_thread(copies.of, "sample", sample.fill)
    database = Database(app_url)
    yield World(database, *tenant)
    await database.close()


@pytest.fixture(scope="session")
async def database(urls: tuple[str, str]) -> AsyncIterator[Database]:
    """The application's door to the database of this run."""
    database = Database(urls[1], pool_size=8)
    yield database
    await database.close()


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """An empty tenant, and what a test makes in it."""
    yield await World.make(database)
    database.now = None


@pytest.fixture
async def other_world(database: Database) -> World:
    """A second tenant, to hold what the first must never see."""
    return await World.make(database)


@pytest.fixture
def tenant_id(world: World) -> UUID:
    """The id of the test's tenant."""
    return world.tenant_id
