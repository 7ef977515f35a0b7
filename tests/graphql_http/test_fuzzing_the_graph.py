from collections.abc import AsyncIterator

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis_graphql import from_schema

from domain import json
from gateway.app import create_app
from gateway.settings import load_settings
from graph_scalars import SCALARS
from models.session import Database
from resolvers.schema import build_schema
from services import keys
from world import World

# The key may not change keys: it would take its own right to ask.
SCOPES = ["inventory.*", "products.*", "locations.*", "channels.*", "admin.channelpolicies.write"]


@pytest.fixture(scope="module")
async def client(database: Database, urls: tuple[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a tenant with a little of everything."""
    world = await World.make(database)
    async with database.write(world.tenant_id) as session:
        wish = keys.KeyWish(name="fuzz", scopes=SCOPES, per_minute=None, per_hour=None)
        key = (await keys.create(session, wish)).plain
    await world.category()
    await world.product()
    settings = load_settings(database_url=urls[1], explorer=False, cost_max=10**9)
    app = create_app(settings, database)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://localhost",
        headers={"Authorization": f"Bearer {key}"},
    ) as client:
        yield client


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=from_schema(build_schema().as_str(), custom_scalars=SCALARS))
async def test_no_operation_that_fits_the_schema_finds_a_fault_of_ours(
    client: httpx2.AsyncClient, query: str
) -> None:
    response = await client.post("/graphql", json={"query": query})

    answer = json.loads(response.content)
    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    assert "INTERNAL" not in codes, answer
    assert response.status_code == 200
