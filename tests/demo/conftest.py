"""The demo company in a tenant of its own, made once for the tests of this folder."""

from uuid import uuid4

import pytest

from models.session import Database
from services import demo


@pytest.fixture(scope="session")
async def made(database: Database) -> demo.Made:
    return await demo.make(database, code=f"demo-{uuid4().hex[:12]}")
