"""Every root field, called with another tenant's ids, answers as if they did not exist."""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from graphql import GraphQLObjectType, build_schema

from graph import answer, schema
from graph_calls import Call, calls, document
from two_tenants import SECRET, Owner, fill, names_in
from world import World

SERVED = build_schema(schema().as_str())
THEIRS, NOBODYS = ("theirs", "THEIRS"), ("nobody", "NOBODY")


@pytest.fixture
async def owner(urls: tuple[str, str]) -> AsyncIterator[Owner]:
    connection = await asyncpg.connect(urls[0])
    yield Owner(connection)
    await connection.close()


def named(made: list[Call]) -> dict[str, Call]:
    return {call.name: call for call in made}


async def say(world: World, call: Call) -> dict[str, Any]:
    return await answer(world, call.text, **call.variables)


def blurred(found: Any) -> str:
    """An answer without what tells the two ids apart."""
    text = json.dumps(found, default=str, sort_keys=True)
    for theirs, nobodys in zip(THEIRS, NOBODYS, strict=True):
        text = text.replace(nobodys, theirs)
    return text


def outcome(found: dict[str, Any]) -> str:
    """What came of a write: its refusals, or that there were none."""
    return blurred(found.get("errors", "done"))


QUERIES = [call for call in calls(SERVED, *THEIRS) if not call.is_mutation]
MUTATIONS = [call for call in calls(SERVED, *THEIRS) if call.is_mutation]


def test_every_root_field_is_called() -> None:
    fields = {
        f"{root.name}.{name}"
        for root in (SERVED.query_type, SERVED.mutation_type)
        if root is not None
        for name in root.fields
    }

    assert {call.name.partition("(")[0] for call in (*QUERIES, *MUTATIONS)} == fields


async def test_invariant_20_no_read_tells_another_tenants_id_from_none(
    world: World, other_world: World
) -> None:
    await fill(other_world, *THEIRS)
    await fill(world, "ours", "OURS", "Ours")
    nobodys = named(list(calls(SERVED, *NOBODYS)))

    told = []
    for call in QUERIES:
        found, expected = await say(world, call), await say(world, nobodys[call.name])
        if blurred(found) != blurred(expected) or any(SECRET in name for name in names_in(found)):
            told.append(call.name)

    assert told == []


async def test_invariant_20_no_write_tells_another_tenants_id_from_none_or_changes_it(
    world: World, other_world: World, owner: Owner
) -> None:
    await fill(other_world, *THEIRS)
    before = await owner.digest(other_world)
    nobodys = named(list(calls(SERVED, *NOBODYS)))

    told = []
    for call in MUTATIONS:
        found, expected = await say(world, call), await say(world, nobodys[call.name])
        if outcome(found) != outcome(expected) or any(SECRET in name for name in names_in(found)):
            told.append(call.name)

    assert told == []
    assert await owner.digest(other_world) == before


async def test_invariant_20_the_same_ids_lead_each_tenant_to_its_own(
    world: World, other_world: World, owner: Owner, *, is_long: bool
) -> None:
    everything = list(calls(SERVED, *THEIRS, depth=3 if is_long else 2))
    deep = [call for call in everything if is_long or call.name.endswith("(required)")]
    await fill(other_world, *THEIRS)
    await fill(world, *THEIRS, "Ours")
    before = await owner.digest(other_world)

    told, found_ours = [], 0
    seen = {call.name for call in deep}
    others = [call for call in (*QUERIES, *MUTATIONS) if call.name not in seen]
    for call in (*deep, *others):
        names = names_in(await say(world, call))
        found_ours += any("Ours" in name for name in names)
        told += [call.name] * any(SECRET in name for name in names)

    assert told == []
    assert found_ours > len(QUERIES) / 3, "the calls do reach what is there"
    assert await owner.digest(other_world) == before


async def test_invariant_20_a_cursor_of_another_tenant_is_refused(
    world: World, other_world: World
) -> None:
    await fill(other_world, *THEIRS)
    await fill(world, *THEIRS, "Ours")
    assert SERVED.query_type is not None
    lists = [
        name
        for name, field in SERVED.query_type.fields.items()
        if {"first", "after"} <= {*field.args} and name != "changes"  # its cursors are numbers
    ]

    codes = {}
    for name in lists:
        ask = f"{{ {name}(first: 1) {{ pageInfo {{ endCursor }} }} }}"
        cursor = (await answer(other_world, ask))["data"][name]["pageInfo"]["endCursor"]
        again = f"query ($c: Cursor) {{ {name}(first: 1, after: $c) {{ totalCount }} }}"
        found = await answer(world, again, c=cursor)
        codes[name] = [error["code"] for error in found.get("errors", [])]

    assert codes == {name: ["INVALID"] for name in lists}
    assert lists


def test_a_type_without_a_stand_in_fails_by_its_name() -> None:
    strange = build_schema("scalar Strange type Query { a(b: Strange!): Int }")
    assert isinstance(strange.query_type, GraphQLObjectType)

    with pytest.raises(Exception, match="Strange"):
        list(calls(strange, *THEIRS))
    assert document(strange, strange.query_type, "a", {}) == "query { a  }"
