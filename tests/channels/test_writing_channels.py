"""Channels are made, changed and retired; what was promised through one keeps it."""

from typing import Any

import pytest
from sqlalchemy import text

from graph import answer, ask, refusal
from world import World

SHOWN = "id name type position active version"
CREATE = f"""mutation ($input: CreateChannelInput!, $dryRun: Boolean! = false) {{
  createChannel(input: $input, dryRun: $dryRun) {{ channel {{ {SHOWN} }} }} }}"""
UPDATE = f"""mutation ($id: ID!, $input: UpdateChannelInput!, $version: Int) {{
  updateChannel(id: $id, input: $input, expectedVersion: $version) {{ channel {{ {SHOWN} }} }} }}"""
DELETE = """mutation ($id: ID!, $version: Int) {
  deleteChannel(id: $id, expectedVersion: $version) { id } }"""
DTC = {"id": "DTC", "name": "Online", "type": "3PL"}


async def kept(world: World) -> list[tuple[Any, ...]]:
    async with world.read() as session:
        rows = await session.all(text("select id, name, active, version from channels order by id"))
    return [tuple(row) for row in rows]


async def test_makes_a_channel_whose_code_is_its_id(world: World) -> None:
    data = await ask(world, CREATE, input=DTC | {"position": 3})

    assert data["createChannel"]["channel"] == DTC | {"position": 3, "active": True, "version": 1}
    assert await kept(world) == [("DTC", "Online", True, 1)]


async def test_keeps_nothing_of_a_dry_run(world: World) -> None:
    data = await ask(world, CREATE, input=DTC, dryRun=True)

    assert data["createChannel"]["channel"]["id"] == "DTC"
    assert await kept(world) == []


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"id": ""}, "id", "INVALID"),
        ({"id": "two words"}, "id", "INVALID"),
        ({"id": "prod_1"}, "id", "INVALID"),
        ({"id": "OLD"}, "id", "ALREADY_EXISTS"),
        ({"name": " "}, "name", "INVALID"),
        ({"type": ""}, "type", "INVALID"),
        ({"position": -1}, "position", "INVALID"),
        ({"active": None}, "active", "INVALID"),
    ],
)
async def test_refuses_what_makes_no_channel(
    world: World, more: dict[str, Any], field: str, code: str
) -> None:
    await world.channel("OLD")

    found = await refusal(world, CREATE, input=DTC | more)

    assert (found["code"], found["field"]) == (code, field)
    assert await kept(world) == [("OLD", "Channel OLD", True, 1)]


async def test_a_retired_channel_leaves_the_matrix(world: World) -> None:
    await world.channel("DTC")
    await world.channel("OLD")
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 5)

    data = await ask(world, UPDATE, id="OLD", input={"active": False}, version=1)

    assert data["updateChannel"]["channel"]["active"] is False
    matrix = await ask(
        world,
        "query ($at: ID!) { atpMatrix(locationId: $at) { columns { channel { id } } } }",
        at=location.id,
    )
    assert matrix["atpMatrix"]["columns"] == [{"channel": {"id": "DTC"}}]


async def test_invariant_11_a_stale_version_changes_nothing(world: World) -> None:
    await world.channel()

    found = [
        await refusal(world, UPDATE, id="DTC", input={"name": "New"}, version=2),
        await refusal(world, DELETE, id="DTC", version=2),
    ]

    assert [(one["code"], one["field"]) for one in found] == [
        ("STALE_VERSION", "expectedVersion")
    ] * 2
    assert await kept(world) == [("DTC", "Channel DTC", True, 1)]


async def test_says_what_is_left_of_a_channel_in_use(world: World) -> None:
    channel = await world.channel()
    product, location = await world.product(), await world.location()
    await world.policy(channel)
    await world.quota(channel, product, location, 0)
    await world.reserve(await world.stock(product, location, 5), 2, channel_id="DTC")

    found = await refusal(world, DELETE, id="DTC")

    assert (found["code"], found["field"]) == ("IN_USE", "id")
    assert found["details"] == {"left": {"policies": 1, "quotas": 1, "reservations": 1}}
    assert found["message"] == (
        "The channel is in use: 1 policies, 1 quotas, 1 reservations. "
        "Retire it with active: false instead."
    )
    assert len(await kept(world)) == 1


async def test_deletes_a_channel_that_was_never_used(world: World) -> None:
    await world.channel()

    data = await ask(world, DELETE, id="DTC", version=1)

    assert data == {"deleteChannel": {"id": "DTC"}}
    assert await kept(world) == []


@pytest.mark.parametrize("text", [UPDATE, DELETE])
async def test_another_tenants_channel_is_not_found(
    world: World, other_world: World, text: str
) -> None:
    await other_world.channel("THEIRS")

    found = await refusal(world, text, id="THEIRS", input={"name": "Mine"})

    assert found["code"] == "NOT_FOUND"
    assert await kept(other_world) == [("THEIRS", "Channel THEIRS", True, 1)]


async def test_needs_the_right_to_write_channels(world: World) -> None:
    found = await answer(world, CREATE, permissions=["inventory.*"], input=DTC)

    assert found["errors"][0]["code"] == "FORBIDDEN"
    assert found["errors"][0]["details"] == {"required": ["channels.write"]}
    assert await kept(world) == []
