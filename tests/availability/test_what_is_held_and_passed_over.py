"""Holds, recalls, life that must be left, and lots asked for by name, in lines and checks."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from clients import Client, client_of
from domain.actor import Author
from services import holds
from world import World

LINES = "/api/inventory/availability"
CHECK = "/api/inventory/availability/check"


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Client]:
    world.database.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    async with client_of(world, "inventory:read") as client:
        yield client


async def hold(world: World, **wish: Any) -> None:
    wish = {"type": "QUALITY", "reason": "smells"} | wish
    async with world.write() as session:
        await holds.place(session, Author("key_1", "Keeper"), holds.Wish(**wish))


async def checked(client: Client, product: Any, location: Any, **more: Any) -> Any:
    body = {"productMasterId": product.id, "locationId": location.id, "quantityNeeded": 5} | more
    answer = await client.rest("POST", CHECK, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_counts_what_is_recalled_apart_from_what_is_held_otherwise(
    world: World, shop: Client
) -> None:
    product, location = await world.product(), await world.location()
    lot = await world.lot(product)
    await world.stock(product, location, 10, lot=lot)
    item = await world.stock(product, location, 8)
    await hold(world, type="RECALL", lot_id=lot.id)
    await hold(world, inventory_item_id=item, quantity=Decimal(3))

    names = ("totalOnHand", "totalAvailable", "totalOnHold", "totalRecalled")
    found = {}
    for switch in ("includeExpired", "includeOnHold", "includeRecalled"):
        totals = (await shop.get(LINES, locationId=location.id, **{switch: "true"}))["totals"]
        found[switch] = tuple(totals[name] for name in names)

    assert found == {
        "includeExpired": (18, 5, 3, 10),
        "includeOnHold": (18, 8, 3, 10),
        "includeRecalled": (18, 15, 3, 10),
    }
    lines = (await shop.get(LINES, locationId=location.id))["data"]
    assert {line["status"] for line in lines} == {"RECALLED", "ON_HOLD"}


async def test_a_hold_on_a_quantity_bounds_the_check_though_it_names_no_bucket(
    world: World, shop: Client
) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 10)
    await hold(world, product_id=product.id, location_id=location.id, quantity=Decimal(7))

    found = await checked(shop, product, location)

    assert (found["available"], found["totalAvailable"], found["shortfall"]) == (False, 3, 2)
    assert [part["qtyToAllocate"] for part in found["suggestedAllocations"]] == [3]


async def test_leaves_out_what_does_not_stay_good_for_as_long_as_is_asked(
    world: World, shop: Client
) -> None:
    product, location = await world.product(), await world.location()
    soon = await world.lot(product, expiry=date(2026, 6, 30))
    late = await world.lot(product, expiry=date(2026, 7, 1))
    await world.stock(product, location, 5, lot=soon)
    await world.stock(product, location, 5, lot=late)

    found = await checked(shop, product, location, minDaysLeft=30)

    assert [part["lotId"] for part in found["suggestedAllocations"]] == [late.id]
    assert (found["totalAvailable"], found["fefoBreaches"]) == (5, [])


async def test_names_what_is_passed_over_for_a_lot_asked_for_by_name(
    world: World, shop: Client
) -> None:
    product, location = await world.product(), await world.location()
    soon = await world.lot(product, expiry=date(2026, 6, 30))
    late = await world.lot(product, expiry=date(2026, 7, 1))
    passed = await world.stock(product, location, 5, lot=soon)
    taken = await world.stock(product, location, 5, lot=late)

    found = await checked(shop, product, location, lotId=late.id)

    assert found["fefoBreaches"] == [{"inventoryItemId": taken, "passedOverItemId": passed}]


async def test_takes_what_was_received_first_when_the_date_is_not_to_count(
    world: World, shop: Client
) -> None:
    product, location = await world.product(), await world.location()
    late = await world.lot(product, expiry=date(2027, 7, 1))
    first = await world.stock(product, location, 5, lot=late)
    world.database.now = datetime(2026, 6, 2, 12, tzinfo=UTC)
    soon = await world.lot(product, expiry=date(2026, 6, 30))
    second = await world.stock(product, location, 5, lot=soon)

    found = await checked(shop, product, location, respectFEFO=False)

    assert [part["inventoryItemId"] for part in found["suggestedAllocations"]] == [first]
    assert found["fefoBreaches"] == [{"inventoryItemId": first, "passedOverItemId": second}]


async def test_a_dashboard_asks_for_the_same_in_graphql(world: World, shop: Client) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 5)

    answer = await shop.graphql(
        "query Q($line: AvailabilityDemandInput!) { checkAvailability(input: {lines: [$line]}) {"
        " available line { index shortfall allocations { quantity item { id } } }"
        " second: line(index: 1) { index } } }",
        line={"locationId": location.id, "productId": product.id, "quantity": 6},
    )

    assert answer["data"]["checkAvailability"] == {
        "available": False,
        "line": {
            "index": 0,
            "shortfall": 1,
            "allocations": [{"quantity": 5, "item": {"id": item}}],
        },
        "second": None,
    }
