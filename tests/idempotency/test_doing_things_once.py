"""An idempotency key: one effect and one answer, however often it is asked for."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from clients import Client, application, client_of, key_of
from domain.errors import AlreadyExists, Conflict
from graph import actor_of, answer, ask, refusal
from models.session import Session
from resolvers.context import Context
from services import idempotency
from services.idempotency import Once
from world import World

CREATE = """
mutation Make($code: String!, $key: String, $dry: Boolean! = false) {
  createCategory(input: {code: $code, name: "Fruit"}, idempotencyKey: $key, dryRun: $dry) {
    category { id code name version createdAt }
    position
  }
}
"""


async def categories(world: World) -> list[str]:
    async with world.read() as session:
        rows = await session.all(text("select code from categories order by code"))
    return [row.code for row in rows]


async def kept_keys(world: World) -> int:
    async with world.read() as session:
        return int(await session.scalar(text("select count(*) from idempotency_keys")))


async def post(client: Client, key: str | None, **variables: Any) -> tuple[bytes, str | None]:
    headers = {"Authorization": f"Bearer {client.key}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    body = {"query": CREATE, "variables": {"code": "F", **variables}}
    response = await client.http.post("/graphql", json=body, headers=headers)
    return response.content, response.headers.get("idempotency-replayed")


async def test_invariant_10_the_same_request_has_one_effect_and_one_answer(world: World) -> None:
    async with client_of(world) as client:
        first, replayed = await post(client, "k-1")
        async with world.write() as session:
            await session.call("update categories set name = 'Other', version = 7")
        again, replayed_again = await post(client, "k-1")

    assert (replayed, replayed_again) == (None, "true")
    assert again == first
    assert json.loads(first)["data"]["createCategory"]["category"]["name"] == "Fruit"
    assert await categories(world) == ["F"]


async def test_invariant_10_by_the_argument_as_by_the_header(world: World) -> None:
    first = await ask(world, CREATE, code="F", key="k-1")
    again = await ask(world, CREATE, code="F", key="k-1")

    assert again == first
    assert await categories(world) == ["F"]


async def test_invariant_10_concurrent_duplicates_have_one_effect(world: World) -> None:
    async with client_of(world) as client:
        found = await asyncio.gather(*(post(client, "k-1") for _ in range(32)))

    assert len({body for body, _ in found}) == 1, found
    assert sorted(str(replayed) for _, replayed in found) == ["None", *["true"] * 31]
    assert await categories(world) == ["F"]


async def test_invariant_10_another_request_with_the_key_is_refused(world: World) -> None:
    async with client_of(world) as client:
        await post(client, "k-1")
        body, replayed = await post(client, "k-1", code="G")

    error = json.loads(body)["errors"][0]["extensions"]
    assert (error["code"], error["field"]) == ("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")
    assert replayed is None
    assert await categories(world) == ["F"]


async def test_invariant_10_another_api_key_cannot_replay(world: World) -> None:
    async with application(world) as http:
        one, two = [Client(http, await key_of(world)) for _ in range(2)]
        await post(one, "k-1")
        body, replayed = await post(two, "k-1")

    assert json.loads(body)["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert replayed is None


async def test_invariant_10_a_refusal_by_the_present_state_is_kept(world: World) -> None:
    await ask(world, CREATE, code="F")
    async with client_of(world) as client:
        first, _ = await post(client, "k-1")
        async with world.write() as session:
            await session.call("delete from categories")
        again, replayed = await post(client, "k-1")

    assert again == first
    assert json.loads(first)["errors"][0]["extensions"]["code"] == AlreadyExists.code
    assert replayed == "true"
    assert await categories(world) == []


async def test_invariant_10_who_loses_the_key_with_a_refusal_is_told_what_another_was(
    world: World,
) -> None:
    """A refusal is kept once its act was taken back; whoever waited may take the key before."""
    acted: list[int] = []

    async def act(_session: Session) -> int:
        acted.append(1)
        if len(acted) == 1:
            raise Conflict("not yet")
        return len(acted)

    async def told(once: Once) -> object:
        async with Context(actor_of(world), world.database) as context:
            try:
                return await context.perform(act, once=once)
            except Conflict as refused:
                return refused.message

    for turn in range(6):
        acted.clear()
        once = Once(f"k-{turn}", "act", b"asked", "req_1")
        found = {await one for one in asyncio.as_completed([told(once) for _ in range(4)])}
        assert len(found) == 1
        assert len(acted) == 1 + (found != {"not yet"})


async def test_a_mistake_leaves_the_key_free(world: World) -> None:
    error = await refusal(world, CREATE, code="", key="k-1")
    assert error["code"] == "INVALID"

    await ask(world, CREATE, code="F", key="k-1")

    assert await categories(world) == ["F"]


async def test_a_dry_run_reads_and_keeps_no_key(world: World) -> None:
    await ask(world, CREATE, code="F", key="k-1", dry=True)
    assert await kept_keys(world) == 0

    await ask(world, CREATE, code="F", key="k-1")
    await ask(world, CREATE, code="G", key="k-1", dry=True)

    assert await categories(world) == ["F"]


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "a\x00b"])
async def test_refuses_what_is_no_key(world: World, key: str) -> None:
    error = await refusal(world, CREATE, code="F", key=key)

    assert (error["code"], error["field"]) == ("INVALID", "idempotencyKey")


async def test_a_new_api_keys_text_is_given_again_and_not_stored(world: World) -> None:
    async with client_of(world) as client:
        body = {"name": "till", "scopes": ["inventory.read"]}
        headers = {"Idempotency-Key": "make-till"}
        first = await client.rest("POST", "/api/admin/api-keys", json=body, headers=headers)
        again = await client.rest("POST", "/api/admin/api-keys", json=body, headers=headers)
        other = await client.rest(
            "POST", "/api/admin/api-keys", json={**body, "name": "tills"}, headers=headers
        )

    assert (first.status_code, first.content) == (201, again.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    async with world.read() as session:
        kept = await session.scalar(text("select outcome::text from idempotency_keys"))
    plain = first.json()["plaintextKey"]
    assert plain not in kept
    assert plain.encode().hex() not in kept


@pytest.fixture
def turned(world: World) -> Iterator[World]:
    yield world
    world.database.now = None


async def test_a_key_lives_for_a_day_and_is_purged(turned: World) -> None:
    begun = datetime(2026, 11, 24, 12, tzinfo=UTC)
    turned.database.now = begun
    await ask(turned, CREATE, code="F", key="k-1")

    turned.database.now = begun + timedelta(hours=24, seconds=1)
    found = await answer(turned, CREATE, code="G", key="k-1")
    assert "errors" not in found
    assert await kept_keys(turned) == 1

    turned.database.now = begun + timedelta(hours=49)
    await idempotency.purge(turned.database)
    assert await kept_keys(turned) == 0
