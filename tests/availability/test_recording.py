"""Dated records of availability: computed from the ledger, with the drift of what is kept."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest

from clients import Client, client_of
from world import World

PATH = "/api/inventory/availability"


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Client]:
    world.database.now = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    async with client_of(world, "inventory:read", "inventory:write") as client:
        yield client


async def stocked(world: World) -> Any:
    """The item that holds 200 units of a lot in a bin, 50 of them reserved."""
    product, place = await world.product(id="prod_1"), await world.location(id="loc_1")
    lot = await world.lot(product, id="lot_1", number="L-1", expiry=date(2090, 12, 31))
    bin = await world.bin(place, id="bin_1", code="A-1")
    item = await world.stock(product, place, 200, bin=bin, lot=lot)
    await world.reserve(item, 50)
    return item


async def test_keeps_the_line_with_its_date_and_who_asked(world: World, shop: Client) -> None:
    item = await stocked(world)

    answer = await shop.rest("POST", f"{PATH}/{item}", json={"comment": "Month end"})

    body = answer.json()
    author = body["availability"]["recordedBy"]
    assert author["id"].startswith("key_")
    assert body["availability"]["id"].startswith("avail_")
    assert (answer.status_code, body) == (
        201,
        {
            "success": True,
            "availability": {
                "id": body["availability"]["id"],
                "inventoryItemId": item,
                "productMasterId": "prod_1",
                "locationId": "loc_1",
                "lotId": "lot_1",
                "binId": "bin_1",
                "qtyOnHand": 200,
                "qtyAvailable": 150,
                "qtyOnHold": 0,
                "qtyPicked": 50,
                "qtyRecalled": 0,
                "qtyExpired": 0,
                "status": "AVAILABLE",
                "lotNumber": "L-1",
                "expiryDate": "2090-12-31",
                "binCode": "A-1",
                "drift": 0,
                "comment": "Month end",
                "recordedAt": "2024-01-15T10:30:00Z",
                "recordedBy": author,
            },
            "message": "Recorded, without drift",
        },
    )


async def test_needs_no_body(world: World, shop: Client) -> None:
    item = await stocked(world)

    answer = await shop.rest("POST", f"{PATH}/{item}")

    assert (answer.status_code, answer.json()["availability"]["drift"]) == (201, 0)
    assert "comment" not in answer.json()["availability"]


async def test_tells_how_far_the_kept_balance_is_from_the_ledger(
    world: World, shop: Client, urls: tuple[str, str]
) -> None:
    item = await stocked(world)
    owner = await asyncpg.connect(urls[0])
    await owner.execute("update inventory_items set on_hand = 203 where id = $1", item)
    await owner.close()

    answer = await shop.rest("POST", f"{PATH}/{item}")

    found = answer.json()["availability"]
    assert (found["qtyOnHand"], found["qtyAvailable"], found["drift"]) == (200, 150, 3)
    assert answer.json()["message"] == "Recorded, with drift 3"


async def test_an_item_that_is_not_there_is_not_found(other_world: World, shop: Client) -> None:
    theirs = await other_world.stock(await other_world.product(), await other_world.location(), 3)

    answers = [await shop.rest("POST", f"{PATH}/{id}") for id in ("item_none", theirs)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.json()["error"] for answer in answers} == {
        "Inventory item not found or not accessible"
    }


async def test_a_dry_run_keeps_no_record(world: World, shop: Client) -> None:
    item = await stocked(world)

    answer = await shop.rest("POST", f"{PATH}/{item}", headers={"Prefer": "tx=rollback"})

    async with world.read() as session:
        count = await session.call("select count(*) from availability_records")
    assert (answer.status_code, count) == (201, 0)
