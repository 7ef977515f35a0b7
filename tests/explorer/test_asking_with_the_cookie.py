from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from gateway import runtime
from gateway.app import create_app
from gateway.explorer_sessions import ExplorerSessions
from gateway.settings import load_settings
from models.session import Database
from services import keys
from world import World

QUERY = {"query": "{ viewer { name } }"}


@pytest.fixture
async def client(
    database: Database,
    urls: tuple[str, str],
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that has followed the link of a key named `mine`."""
    monkeypatch.setattr(runtime, "explorer_folder", lambda: tmp_path)
    async with database.write(world.tenant_id) as session:
        key = (await keys.create(session, keys.KeyWish(name="mine", scopes=["*"]))).plain
    app = create_app(load_settings(database_url=urls[1]), database)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://localhost:8000"
    ) as client:
        token = ExplorerSessions(tmp_path).issue_link(key)
        await client.get("/graphql", params={"token": token}, headers={"Accept": "text/html"})
        yield client


async def test_the_cookie_asks_as_the_key_of_the_link(client: httpx2.AsyncClient) -> None:
    response = await client.post("/graphql", json=QUERY)

    assert response.json() == {"data": {"viewer": {"name": "mine"}}}
    assert response.headers["x-ratelimit-remaining"] == "99"


async def test_the_cookie_opens_nothing_but_graphql(client: httpx2.AsyncClient) -> None:
    [cookie] = client.cookies.jar
    sent = {"Cookie": f"{cookie.name}={cookie.value}"}

    response = await client.get("/api/inventory/locations", headers=sent)

    assert response.status_code == 401


async def test_the_cookie_is_of_no_use_to_a_page_of_another_port(
    client: httpx2.AsyncClient,
) -> None:
    foreign = {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"}

    response = await client.post("/graphql", json=QUERY, headers=foreign)

    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "CROSS_ORIGIN"


async def test_a_key_of_ones_own_goes_before_the_cookie(client: httpx2.AsyncClient) -> None:
    response = await client.post("/graphql", json=QUERY, headers={"Authorization": "Bearer no"})

    assert response.status_code == 401


async def test_after_signing_out_nobody_is_known(client: httpx2.AsyncClient) -> None:
    [cookie] = client.cookies.jar
    kept = {"Cookie": f"{cookie.name}={cookie.value}"}

    await client.post("/graphql/sign-out", headers={"Sec-Fetch-Site": "same-origin"})

    response = await client.post("/graphql", json=QUERY, headers=kept)
    assert response.status_code == 401
