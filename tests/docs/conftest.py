"""The demo company behind the real application, for the examples of the documentation."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

import demo_company
from copies import Copies
from gateway.app import create_app
from gateway.settings import load_settings
from models.session import Database
from services import keys


@pytest.fixture(scope="session")
async def client(copies: Copies) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the demo's own application; the key goes along with every request."""
    (_, app_url), made = await asyncio.to_thread(copies.of, "demo", demo_company.fill)
    database = Database(app_url)
    async with database.write(made.tenant_id) as session:
        wish = keys.KeyWish(name="docs", scopes=["*"], per_minute=None, per_hour=None)
        key = (await keys.create(session, wish)).plain
    app = create_app(load_settings(database_url=app_url, explorer=False), database)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://localhost:8000",
        headers={"Authorization": f"Bearer {key}"},
    ) as client:
        yield client
    await database.close()
