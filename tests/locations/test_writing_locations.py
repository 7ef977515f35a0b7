"""Locations and bins: a bin's type counts at once, and nothing with stock can be deleted."""

import asyncio

import pytest
from sqlalchemy import text

from graph import ask, refusal
from world import World

CREATE = """mutation ($input: CreateLocationInput!) { createLocation(input: $input) {
  location { id code name type active parent { id } version } } }"""
UPDATE = """mutation ($id: ID!, $input: UpdateLocationInput!) {
  updateLocation(id: $id, input: $input) { location { name active parent { id } version } } }"""
DELETE = "mutation ($id: ID!) { deleteLocation(id: $id) { id } }"
CREATE_BIN = """mutation ($input: CreateBinInput!) { createBin(input: $input) {
  bin { code type zone pickOrder isHeld location { id } version } } }"""
UPDATE_BIN = """mutation ($id: ID!, $input: UpdateBinInput!) { updateBin(id: $id, input: $input) {
  bin { type isHeld version } } }"""
DELETE_BIN = "mutation ($id: ID!) { deleteBin(id: $id) { id } }"


async def level(world: World) -> tuple[object, ...]:
    async with world.read() as session:
        row = await session.one(
            text("select on_hand, held, reserved from stock_levels where on_hand > 0")
        )
    return tuple(row)


async def test_makes_a_location_and_a_bin(world: World) -> None:
    site = await world.location(id="loc_site")
    made = await ask(
        world,
        CREATE,
        input={"code": "WARD-1", "name": "Ward", "type": "WARD", "parentId": site.id},
    )
    location = made["createLocation"]["location"]
    location_id = location.pop("id")
    found = await ask(
        world,
        CREATE_BIN,
        input={"locationId": location_id, "code": "N/A-0", "type": "HOLD", "pickOrder": 3},
    )

    assert location_id.startswith("loc_")
    assert location == {
        "code": "WARD-1",
        "name": "Ward",
        "type": "WARD",
        "active": True,
        "parent": {"id": "loc_site"},
        "version": 1,
    }
    assert found["createBin"]["bin"] == {
        "code": "N/A-0",
        "type": "HOLD",
        "zone": None,
        "pickOrder": 3,
        "isHeld": True,
        "location": {
            "id": made["createLocation"]["location"].get("id")
            or found["createBin"]["bin"]["location"]["id"]
        },
        "version": 1,
    }


async def test_a_bins_type_counts_at_once(world: World) -> None:
    location, product = await world.location(), await world.product()
    bin = await world.bin(location)
    await world.stock(product, location, 5, bin=bin)
    await world.stock(product, location, 2)

    data = await ask(world, UPDATE_BIN, id=bin.id, input={"type": "QUARANTINE"})
    held = await level(world)
    await ask(world, UPDATE_BIN, id=bin.id, input={"type": "PICKING"})

    assert data["updateBin"]["bin"] == {"type": "QUARANTINE", "isHeld": True, "version": 2}
    assert held == (7, 5, 0)
    assert await level(world) == (7, 0, 0)


async def test_a_bins_type_counts_for_what_arrives_while_it_changes(world: World) -> None:
    location = await world.location()
    bin = await world.bin(location)
    products = [await world.product() for _ in range(6)]

    async def receive() -> None:
        for product in products:
            await world.stock(product, location, 1, bin=bin)

    async def hold() -> None:
        await asyncio.sleep(0.01)
        await ask(world, UPDATE_BIN, id=bin.id, input={"type": "HOLD"})

    await asyncio.gather(receive(), hold())

    async with world.read() as session:
        rows = await session.all(text("select on_hand, held from stock_levels"))
    assert [tuple(row) for row in rows] == [(1, 1)] * 6


async def test_will_not_delete_a_location_or_bin_with_stock(world: World) -> None:
    location, product = await world.location(), await world.product()
    bin = await world.bin(location)
    await world.stock(product, location, 4, bin=bin)

    refusals = [
        await refusal(world, DELETE, id=location.id),
        await refusal(world, DELETE_BIN, id=bin.id),
    ]

    for found in refusals:
        assert found["code"] == "IN_USE"
        assert found["details"]["onHand"] == [
            {"productId": product.id, "locationId": location.id, "onHand": 4}
        ]


async def test_deletes_an_unused_location_with_its_bins(world: World) -> None:
    parent = await world.location()
    location = await world.location(parent_id=parent.id, path=[parent.id, "loc_x"], id="loc_x")
    await world.bin(location)

    blocked = await refusal(world, DELETE, id=parent.id)
    await ask(world, DELETE, id=location.id)
    await ask(world, DELETE, id=parent.id)

    assert blocked["details"] == {"left": {"locations": 1}}
    async with world.read() as session:
        assert await session.scalar(text("select count(*) from bins")) == 0


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"code": "TAKEN"}, "code", "ALREADY_EXISTS"),
        ({"type": ""}, "type", "INVALID"),
        ({"type": "ward"}, "type", "INVALID"),
        ({"parentId": "loc_none"}, "parentId", "NOT_FOUND"),
        ({"attributes": "text"}, "attributes", "INVALID"),
    ],
)
async def test_refuses_what_breaks_a_rule(
    world: World, more: dict[str, object], field: str, code: str
) -> None:
    await world.location(code="TAKEN")

    found = await refusal(world, CREATE, input={"code": "L", "name": "L", "type": "WARD", **more})

    assert (found["code"], found["field"]) == (code, field)
    async with world.read() as session:
        assert await session.scalar(text("select count(*) from locations")) == 1


async def test_null_does_not_clear_what_must_be_there(world: World) -> None:
    location = await world.location()

    found = await refusal(world, UPDATE, id=location.id, input={"active": None})

    assert (found["code"], found["field"]) == ("INVALID", "active")


async def test_a_bins_code_is_unique_within_its_location_only(world: World) -> None:
    here, there = await world.location(), await world.location()
    for location in (here, there):
        await ask(world, CREATE_BIN, input={"locationId": location.id, "code": "A-1"})

    found = await refusal(world, CREATE_BIN, input={"locationId": here.id, "code": "A-1"})

    assert (found["code"], found["field"]) == ("ALREADY_EXISTS", "code")


async def test_a_bins_type_is_a_word_of_capital_letters(world: World) -> None:
    location = await world.location()

    found = await refusal(
        world, CREATE_BIN, input={"locationId": location.id, "code": "A-1", "type": "hold"}
    )

    assert (found["code"], found["field"]) == ("INVALID", "type")
    async with world.read() as session:
        assert await session.scalar(text("select count(*) from bins")) == 0
