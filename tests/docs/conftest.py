"""The demo company behind the real application, for the examples of the documentation."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx2
import pytest

from gateway.app import create_app
from gateway.settings import load_settings
from models.session import Database
from services import demo, keys


@pytest.fixture(scope="session")
async def client(database: Database, urls: tuple[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the demo's own application; the key goes along with every request."""
    made = await demo.make(database, code=f"docs-{uuid4().hex[:12]}")
    async with database.write(made.tenant_id) as session:
        wish = keys.KeyWish(name="docs", scopes=["*"], per_minute=None, per_hour=None)
        key = (await keys.create(session, wish)).plain
    app = create_app(load_settings(database_url=urls[1], explorer=False), database)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://localhost:8000",
        headers={"Authorization": f"Bearer {key}"},
    ) as client:
        yield client
