"""Every REST row, called with another tenant's ids, answers as if they did not exist."""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx2
import pytest

from gateway import schema_files
from gateway.app import create_app
from gateway.settings import Settings
from models.session import Database
from resolvers.schema import build_schema
from rest_calls import Call, calls
from rest_compat.routes import BESIDE, ROUTES
from services import keys
from two_tenants import SECRET, Owner, fill
from world import World

DOCUMENT = json.loads(schema_files.openapi(schema_files.served(build_schema())))
THEIRS, NOBODYS = ("theirs", "THEIRS"), ("nobody", "NOBODY")
MOVING = {"requestId", "asOf", "position", "timestamp", "computedAt"}


@pytest.fixture
async def owner(urls: tuple[str, str]) -> AsyncIterator[Owner]:
    connection = await asyncpg.connect(urls[0])
    yield Owner(connection)
    await connection.close()


@pytest.fixture
async def client(database: Database, world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """Asks as a key of the test's tenant that may do everything."""
    async with world.write() as session:
        wish = keys.KeyWish(name="All", scopes=["*"], per_minute=None, per_hour=None)
        made = await keys.create(session, wish)
    app = create_app(Settings.model_validate({"explorer": False}), database)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://test",
        headers={"Authorization": f"Bearer {made.plain}"},
    ) as client:
        yield client


def rows_called() -> set[str]:
    return {call.name.partition(" (")[0] for call in calls(DOCUMENT, *_texts(THEIRS))}


def _texts(names: tuple[str, str]) -> tuple[str, tuple[str, ...]]:
    return names[0], (names[1], SECRET.lower())


async def say(client: httpx2.AsyncClient, call: Call) -> httpx2.Response:
    return await client.request(call.method, call.path, params=call.query, json=call.body)


def told(response: httpx2.Response, *, is_read: bool) -> str:
    """The answer without what tells the ids apart; of a write that was done only that it was."""
    if response.is_success and not is_read:
        return str(response.status_code)
    text = json.dumps(_still(response.json() if response.content else None), sort_keys=True)
    for theirs, nobodys in zip(THEIRS, NOBODYS, strict=True):
        text = text.replace(nobodys, theirs)
    return f"{response.status_code} {text}"


def _still(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _still(value) for name, value in body.items() if name not in MOVING}
    return [_still(value) for value in body] if isinstance(body, list) else body


def test_every_row_is_called() -> None:
    assert rows_called() == {route.name for route in (*ROUTES, *BESIDE)}


async def test_invariant_20_no_row_tells_another_tenants_id_from_none_or_changes_it(
    client: httpx2.AsyncClient, world: World, other_world: World, owner: Owner
) -> None:
    await fill(other_world, *THEIRS)
    await fill(world, "ours", "OURS", "Ours")
    before = await owner.digest(other_world)
    nobodys = list(calls(DOCUMENT, *_texts(NOBODYS)))

    differing = []
    for call, nobody in zip(calls(DOCUMENT, *_texts(THEIRS)), nobodys, strict=True):
        found, expected = await say(client, call), await say(client, nobody)
        is_same = told(found, is_read=call.is_read) == told(expected, is_read=call.is_read)
        if not is_same or SECRET in found.text or found.status_code >= 500:
            differing.append((call.name, found.text[:200], expected.text[:200]))

    assert differing == []
    assert await owner.digest(other_world) == before


async def test_invariant_20_the_same_ids_lead_each_key_to_its_own_tenant(
    client: httpx2.AsyncClient, world: World, other_world: World, owner: Owner
) -> None:
    await fill(other_world, *THEIRS)
    await fill(world, *THEIRS, "Ours")
    before = await owner.digest(other_world)

    found = [await say(client, call) for call in calls(DOCUMENT, *_texts(THEIRS))]

    assert [answer.text for answer in found if SECRET in answer.text] == []
    assert [answer.text for answer in found if answer.status_code >= 500] == []
    assert any("Ours" in answer.text for answer in found)
    assert await owner.digest(other_world) == before
