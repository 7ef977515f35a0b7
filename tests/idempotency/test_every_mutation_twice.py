"""Every mutation of the schema, called twice with one key: one effect and one answer."""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from graphql import build_schema

from clients import Client, client_of
from domain.errors import Conflict, GatewayError
from graph import schema
from graph_calls import Call, calls
from two_tenants import Owner, fill
from world import World

SERVED = build_schema(schema().as_str())
CALLS = [
    call
    for call in calls(SERVED, "ours", "OURS")
    if call.is_mutation and call.name.endswith(("(required)", "(everything)"))
]


def codes_of(kind: type[GatewayError]) -> set[str]:
    return {kind.code}.union(*(codes_of(one) for one in kind.__subclasses__()))


CONFLICTS = codes_of(Conflict)
# Of so many mutations an answer is kept, of three in four; of the others, what the calls are made
# with is refused before that.
KEPT_AT_LEAST = 95


@pytest.fixture
async def owner(urls: tuple[str, str]) -> AsyncIterator[Owner]:
    connection = await asyncpg.connect(urls[0])
    yield Owner(connection)
    await connection.close()


async def say(client: Client, call: Call, key: str) -> tuple[bytes, bool]:
    """The answer without the id of its request, and whether it is told to be a replay."""
    response = await client.http.post(
        "/graphql",
        json={"query": call.text, "variables": call.variables},
        headers={"Authorization": f"Bearer {client.key}", "Idempotency-Key": key},
    )
    body = response.content
    for error in response.json().get("errors", ()):
        body = body.replace(error["extensions"].get("requestId", "none").encode(), b"")
    return body, response.headers.get("idempotency-replayed") == "true"


def code_of(body: bytes) -> Any:
    errors = json.loads(body).get("errors")
    return errors[0]["extensions"]["code"] if errors else None


async def test_invariant_10_every_mutation_is_done_once_for_a_key(
    world: World, owner: Owner
) -> None:
    await fill(world, "ours", "OURS", "Ours")
    wrong: list[str] = []
    kept: set[str] = set()

    async with client_of(world) as client:
        for number, call in enumerate(CALLS):
            first, replayed = await say(client, call, f"key {number}")
            before = await owner.digest(world)
            again, replayed_again = await say(client, call, f"key {number}")
            after = await owner.digest(world)
            for digest in (before, after):
                del digest["api_keys"]  # when the key was used last

            is_kept = code_of(first) in {None} | CONFLICTS
            if (again, after) != (first, before) or replayed or replayed_again != is_kept:
                wrong.append(f"{call.name}: {first!r} then {again!r}")
            kept |= {call.name.partition("(")[0]} if is_kept else set()

    assert wrong == []
    assert len(kept) >= KEPT_AT_LEAST, sorted(
        {call.name.partition("(")[0] for call in CALLS} - kept
    )
