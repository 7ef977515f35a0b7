"""A database for each worker, a tenant for each test: everything commits for real."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from gateway import embedded
from models import migrate
from models.session import Database
from world import World


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also the long races and crash rounds")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="runs with --long"))


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.Handle]:
    """The PostgreSQL of the test runs; the workers share it, the last one stops it."""
    root = os.environ.get("STOCKGRAPH_TEST_DATA_DIR")
    handle = embedded.start(
        Path(root) if root else Path(tempfile.gettempdir()) / "stockgraph-tests"
    )
    yield handle
    handle.close()


@pytest.fixture(scope="session")
def urls(server: embedded.Handle) -> Iterator[tuple[str, str]]:
    """The owner's and the application's URL of this worker's own, migrated database."""
    name = f"test_{os.getpid()}"
    server.create_database(name)
    owner_url, app_url = server.urls(name)
    migrate.upgrade(owner_url)
    yield owner_url, app_url
    server.drop_database(name)


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
