"""Availability by REST: the documented bodies, field for field, and what is refused."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from clients import Client, client_of
from world import World

PATH = "/api/inventory/availability"
CHECK = "/api/inventory/availability/check"


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Client]:
    async with client_of(world, "inventory:read") as client:
        yield client


@pytest.fixture
async def place(world: World) -> Any:
    """A location with 200 units of a lot, 25 of them in a bin on hold, and 25 reserved."""
    place = await world.location(id="loc_1")
    product = await world.product(id="prod_1")
    lot = await world.lot(product, id="lot_1", number="L-1", expiry=date(2090, 12, 31))
    hold = await world.bin(place, id="bin_2", code="Q-1", type="HOLD")
    shelf = await world.bin(place, id="bin_1", code="A-1")
    item = await world.stock(product, place, 175, bin=shelf, lot=lot)
    await world.stock(product, place, 25, bin=hold, lot=lot)
    await world.reserve(item, 25)
    return place


def sums(on_hand: int, available: int, on_hold: int, picked: int, *, word: str = "qty") -> Any:
    return {
        f"{word}OnHand": on_hand,
        f"{word}Available": available,
        f"{word}OnHold": on_hold,
        f"{word}Picked": picked,
        f"{word}Recalled": 0,
        f"{word}Expired": 0,
    }


def line(id: str, bin: str, code: str, status: str, *numbers: int) -> Any:
    return {
        "id": id,
        "productMasterId": "prod_1",
        "locationId": "loc_1",
        "lotId": "lot_1",
        "lotNumber": "L-1",
        "expiryDate": "2090-12-31",
        "binId": bin,
        "binCode": code,
        **sums(*numbers),
        "status": status,
    }


@pytest.mark.usefixtures("place")
async def test_lists_the_lines_of_a_place_with_their_totals(shop: Client) -> None:
    body = await shop.get(PATH, locationId="loc_1", productMasterId="prod_1")

    ids = [one["id"] for one in body["data"]]
    assert body == {
        "type": "stockLines",
        "count": 2,
        "totals": sums(200, 150, 25, 25, word="total"),
        "data": [
            line(ids[0], "bin_1", "A-1", "AVAILABLE", 175, 150, 0, 25),
            line(ids[1], "bin_2", "Q-1", "ON_HOLD", 25, 0, 25, 0),
        ],
    }


@pytest.mark.usefixtures("place")
async def test_sums_them_when_only_a_summary_is_asked_for(shop: Client) -> None:
    body = await shop.get(PATH, locationId="loc_1", productId="prod_1", summary="true")

    assert body == {
        "type": "summary",
        "data": {
            "productMasterId": "prod_1",
            "locationId": "loc_1",
            **sums(200, 150, 25, 25, word="total"),
        },
    }


@pytest.mark.usefixtures("place")
async def test_adds_the_lines_to_a_summary_that_asks_for_them(shop: Client) -> None:
    lines = await shop.get(PATH, locationId="loc_1")

    body = await shop.get(PATH, locationId="loc_1", summary="true", includeStockLines="true")

    assert body["data"]["stockLines"] == lines["data"]


@pytest.mark.usefixtures("place")
async def test_sums_also_what_is_too_much_to_list(
    shop: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.availability.listing.LINES_MAX", 1)

    listed = await shop.rest("GET", PATH)
    body = await shop.get(PATH, summary="true")

    assert (listed.status_code, listed.json()["code"]) == (400, "LIMIT_EXCEEDED")
    assert body["data"] == sums(200, 150, 25, 25, word="total")


@pytest.mark.usefixtures("place")
async def test_counts_what_is_on_hold_as_available_where_that_is_asked(shop: Client) -> None:
    body = await shop.get(PATH, locationId="loc_1", includeOnHold="true")

    assert body["totals"] == sums(200, 175, 25, 25, word="total")
    assert [one["qtyAvailable"] for one in body["data"]] == [150, 25]


async def test_counts_what_has_expired_as_available_where_that_is_asked(
    world: World, shop: Client
) -> None:
    product, location = await world.product(), await world.location()
    lot = await world.lot(product, expiry=date(2020, 1, 1))
    await world.stock(product, location, 7, lot=lot)

    without = await shop.get(PATH, productMasterId=product.id)
    including = await shop.get(PATH, productMasterId=product.id, includeExpired="true")

    assert [(one["qtyAvailable"], one["qtyExpired"], one["status"]) for one in without["data"]] == [
        (0, 7, "EXPIRED")
    ]
    assert including["totals"]["totalAvailable"] == 7


@pytest.mark.usefixtures("place")
async def test_tells_what_a_channel_may_promise_there(world: World, shop: Client) -> None:
    channel = await world.channel("DTC")
    await world.policy(channel, safety_stock=40)

    query = {"locationId": "loc_1", "productMasterId": "prod_1", "channelId": "DTC"}
    body = await shop.get(PATH, summary="true", **query)
    unknown = await shop.rest("GET", PATH, params={"channelId": "NONE"})

    assert (body["data"]["channelId"], body["data"]["channelAtp"]) == ("DTC", 110)
    assert unknown.status_code == 404
    assert unknown.json()["error"] == "Channel not found or not accessible"


@pytest.mark.usefixtures("place")
async def test_gives_one_line_by_the_id_of_its_item(shop: Client) -> None:
    [first, _] = (await shop.get(PATH))["data"]

    assert await shop.get(f"{PATH}/{first['id']}") == {"type": "stockLine", "data": first}


async def test_an_item_of_another_tenant_is_not_found(other_world: World, shop: Client) -> None:
    theirs = await other_world.stock(await other_world.product(), await other_world.location(), 3)

    answers = [await shop.rest("GET", f"{PATH}/{id}") for id in (theirs, "item_none")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert [answer.json()["code"] for answer in answers] == ["NOT_FOUND", "NOT_FOUND"]


async def asked(client: Client, body: Any) -> tuple[int, Any]:
    answer = await client.rest("POST", CHECK, json=body)
    return answer.status_code, answer.json()


@pytest.mark.usefixtures("place")
async def test_checks_one_demand(shop: Client) -> None:
    body = {"locationId": "loc_1", "productMasterId": "prod_1", "quantityNeeded": 160}

    status, found = await asked(shop, body)

    [part] = found["suggestedAllocations"]
    assert (status, found) == (
        200,
        {
            "available": False,
            "totalAvailable": 150,
            "quantityNeeded": 160,
            "shortfall": 10,
            "suggestedAllocations": [
                {
                    "inventoryItemId": part["inventoryItemId"],
                    "lotId": "lot_1",
                    "lotNumber": "L-1",
                    "expiryDate": "2090-12-31",
                    "binId": "bin_1",
                    "binCode": "A-1",
                    "qtyToAllocate": 150,
                    "qtyAvailable": 150,
                }
            ],
            "fefoBreaches": [],
        },
    )


@pytest.mark.usefixtures("place")
async def test_sums_what_several_lines_ask_of_one_product(shop: Client) -> None:
    one = {"locationId": "loc_1", "productMasterId": "prod_1", "quantityNeeded": 100}

    _, found = await asked(shop, {"lines": [one, one]})

    assert found["available"] is False
    assert [
        (one["index"], one["available"], one["totalAvailable"], one["shortfall"])
        for one in found["lines"]
    ] == [(0, True, 100, 0), (1, False, 50, 50)]


@pytest.mark.usefixtures("place")
async def test_gives_a_channel_no_more_than_it_may_promise(world: World, shop: Client) -> None:
    for code in ("DTC", "B2B"):
        await world.policy(await world.channel(code), safety_stock=40)
    one = {"locationId": "loc_1", "productMasterId": "prod_1", "quantityNeeded": 60}

    _, found = await asked(shop, {"lines": [{**one, "channelId": id} for id in ("DTC", "B2B")]})

    assert [(one["totalAvailable"], one["shortfall"]) for one in found["lines"]] == [
        (60, 0),
        (50, 10),
    ]


ONE = {"locationId": "loc_1", "productMasterId": "prod_1", "quantityNeeded": 1}


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("body", "status", "error", "details"),
    [
        ({"locationId": "loc_1"}, 400, "productMasterId is required", "productMasterId"),
        (ONE | {"quantityNeeded": 0}, 400, "quantityNeeded must be above 0.", "quantityNeeded"),
        (ONE | {"quantity": 1}, 400, "The field quantity is not known", "quantity"),
        (ONE | {"productId": "prod_2"}, 400, "productId is given twice, with", "productId"),
        ({"lines": []}, 400, "At least one line is needed.", "lines"),
        (
            {"lines": [ONE, ONE | {"quantityNeeded": -1}]},
            400,
            "lines[1].quantityNeeded must be above 0.",
            "lines[1].quantityNeeded",
        ),
        (ONE | {"locationId": "no"}, 404, "Location not found or not accessible", None),
        (ONE | {"productMasterId": "no"}, 404, "Product not found or not accessible", None),
        (ONE | {"lotId": "no"}, 404, "Lot not found or not accessible", None),
        (ONE | {"channelId": "no"}, 404, "Channel not found or not accessible", None),
    ],
)
async def test_refuses_a_check_and_names_the_field(
    shop: Client, body: Any, status: int, error: str, details: str | None
) -> None:
    code, found = await asked(shop, body)

    assert (code, found["error"].startswith(error)) == (status, True), found
    assert found.get("details", {}).get("field") == details


async def test_refuses_a_lot_of_another_product_and_a_bin_of_another_location(
    world: World, shop: Client, place: Any
) -> None:
    lot = await world.lot(await world.product())
    bin = await world.bin(await world.location())

    of_lot = await asked(shop, ONE | {"lotId": lot.id})
    of_bin = await asked(shop, ONE | {"binId": bin.id})

    assert (of_lot[0], of_lot[1]["error"]) == (400, "This lot is of another product.")
    assert (of_bin[0], of_bin[1]["error"]) == (400, "This bin is at another location.")
    assert of_bin[1]["details"]["field"] == "binId"
    assert place.id == "loc_1"


async def test_asks_as_much_for_one_line_as_for_fifty(world: World, shop: Client) -> None:
    location = await world.location()
    await world.channel("DTC")
    products = [await world.product() for _ in range(50)]
    lines = [
        {
            "locationId": location.id,
            "productMasterId": product.id,
            "quantityNeeded": 1,
            "channelId": "DTC",
        }
        for product in products
    ]
    counts = []
    for some in (lines[:1], lines):
        heard: list[str] = []
        world.database.listener = heard.append
        try:
            status, _ = await asked(shop, {"lines": some})
        finally:
            world.database.listener = None
        assert status == 200
        counts.append(len([one for one in heard if "api_key" not in one]))

    assert counts[0] == counts[1] == 4, counts
