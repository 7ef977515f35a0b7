"""The demo company in a database of its own, made once for the tests of this folder."""

import asyncio
from collections.abc import AsyncIterator

import pytest

import demo_company
from copies import Copies
from models.session import Database
from services import demo


@pytest.fixture(scope="session")
async def demo_copy(copies: Copies) -> AsyncIterator[tuple[Database, demo.Made]]:
    (_, app_url), made = await asyncio.to_thread(copies.of, "demo", demo_company.fill)
    database = Database(app_url)
    yield database, made
    await database.close()


@pytest.fixture(scope="session")
async def database(demo_copy: tuple[Database, demo.Made]) -> Database:
    """The door to the database that holds it."""
    return demo_copy[0]


@pytest.fixture(scope="session")
async def made(demo_copy: tuple[Database, demo.Made]) -> demo.Made:
    """What making it has told."""
    return demo_copy[1]
