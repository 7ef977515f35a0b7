"""The settings of products at locations: the documented bodies, the ladder, what is refused."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from clients import Client, client_of
from services.levels import StockStatus, status_of
from world import World

PATH = "/api/inventory-levels"
D = Decimal


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Client]:
    world.database.now = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    await world.product(id="prod_1", sku="SKU-1", name="Product")
    place = await world.location(id="loc_1", code="A", name="Main Warehouse")
    await world.location(id="loc_2", code="B", name="Second")
    await world.bin(place, id="bin_1")
    async with client_of(world) as client:
        yield client


async def set_level(client: Client, **more: Any) -> tuple[int, Any]:
    body = {"productMasterId": "prod_1", "locationId": "loc_1"} | more
    answer = await client.rest("POST", PATH, json=body)
    return answer.status_code, answer.json()


async def test_makes_settings_and_gives_them_bare(shop: Client) -> None:
    status, body = await set_level(
        shop,
        minQuantity=10,
        reorderQuantity=50.5,
        maxQuantity=200,
        abcClass="A",
        expectedLeadTimeDays=7,
        replenishmentPeriodDays=14,
        forecastPeriodDays=30,
        forecastQuantity=100,
        preferredBinLocationId="bin_1",
        replenishmentLocationId="loc_2",
        comments="Fragile.",
    )

    assert body["id"].startswith("level_")
    assert (status, body) == (
        200,
        {
            "id": body["id"],
            "productMasterId": "prod_1",
            "locationId": "loc_1",
            "minQuantity": 10,
            "reorderQuantity": 50.5,
            "maxQuantity": 200,
            "status": "Supported",
            "abcClass": "A",
            "expectedLeadTimeDays": 7,
            "replenishmentPeriodDays": 14,
            "forecastPeriodDays": 30,
            "forecastQuantity": 100,
            "preferredBinLocationId": "bin_1",
            "replenishmentLocationId": "loc_2",
            "comments": "Fragile.",
            "createdAt": "2024-01-15T10:30:00Z",
            "updatedAt": "2024-01-15T10:30:00Z",
            "product": {"id": "prod_1", "sku": "SKU-1", "name": "Product"},
            "productMaster": {"id": "prod_1", "globalSku": "SKU-1", "name": "Product"},
        },
    )


async def test_changes_what_is_given_of_settings_that_are_there(shop: Client) -> None:
    _, first = await set_level(shop, minQuantity=10, maxQuantity=200, comments="Old.")

    _, second = await set_level(shop, minQuantity=20, comments=None)

    assert second["id"] == first["id"]
    assert (second["minQuantity"], second["maxQuantity"]) == (20, 200)
    assert "comments" not in second


async def test_reads_the_older_name_of_the_product(shop: Client) -> None:
    answer = await shop.rest(
        "POST", PATH, json={"productId": "prod_1", "locationId": "loc_1", "minQuantity": 1}
    )

    assert (answer.status_code, answer.json()["productMasterId"]) == (200, "prod_1")


async def test_of_two_who_make_the_same_settings_both_succeed(shop: Client) -> None:
    answers = await asyncio.gather(*(set_level(shop, minQuantity=n) for n in range(1, 9)))

    assert [status for status, _ in answers] == [200] * 8
    assert len({body["id"] for _, body in answers}) == 1


@pytest.mark.parametrize(
    ("more", "status", "error", "field"),
    [
        (
            {"minQuantity": 60, "reorderQuantity": 50},
            400,
            "minQuantity must not be above reorderQuantity.",
            "minQuantity",
        ),
        (
            {"reorderQuantity": 60, "maxQuantity": 50},
            400,
            "reorderQuantity must not be above maxQuantity.",
            "reorderQuantity",
        ),
        (
            {"minQuantity": 60, "maxQuantity": 50},
            400,
            "minQuantity must not be above maxQuantity.",
            "minQuantity",
        ),
        ({"minQuantity": -1}, 400, "minQuantity must not be negative.", "minQuantity"),
        ({"abcClass": "D"}, 400, "abcClass must be one of A, B, C.", "abcClass"),
        ({"status": None}, 400, "status must not be null.", "status"),
        (
            {"expectedLeadTimeDays": 1.5},
            400,
            "expectedLeadTimeDays must be a whole number.",
            "expectedLeadTimeDays",
        ),
        (
            {"replenishmentLocationId": "loc_1"},
            400,
            "replenishmentLocationId must be another location than locationId.",
            "replenishmentLocationId",
        ),
        ({"productMasterId": "no"}, 404, "Product not found or not accessible", None),
        ({"locationId": "no"}, 404, "Location not found or not accessible", None),
        ({"preferredBinLocationId": "no"}, 404, "Bin not found or not accessible", None),
        ({"expectedVersion": 3}, 404, "Inventory level not found or not accessible", None),
    ],
)
async def test_refuses_settings_and_names_the_field(
    shop: Client, more: dict[str, Any], status: int, error: str, field: str | None
) -> None:
    code, body = await set_level(shop, **more)

    assert (code, body["error"], body.get("details", {}).get("field")) == (status, error, field)


async def test_refuses_a_bin_of_another_location_by_the_name_that_the_body_has(
    world: World, shop: Client
) -> None:
    bin = await world.bin(await world.location())

    code, body = await set_level(shop, preferredBinLocationId=bin.id)

    assert (code, body["error"]) == (400, "This bin is at another location.")
    assert body["details"]["field"] == "preferredBinLocationId"


async def test_a_dry_run_keeps_nothing(shop: Client) -> None:
    body = {"productMasterId": "prod_1", "locationId": "loc_1", "minQuantity": 1}

    answer = await shop.rest("POST", PATH, json=body, headers={"Prefer": "tx=rollback"})

    assert answer.status_code == 200
    assert (await shop.get("/api/products/prod_1/inventory-levels"))["levels"] == []


async def test_lists_the_levels_of_a_product_with_the_stock_there(
    world: World, shop: Client
) -> None:
    _, made = await set_level(shop, minQuantity=10, reorderQuantity=50, maxQuantity=200)
    place, second = SimpleNamespace(id="loc_1"), SimpleNamespace(id="loc_2")
    product = SimpleNamespace(id="prod_1")
    item = await world.stock(product, place, 40)
    await world.reserve(item, 15)
    await world.stock(product, second, 3)

    body = await shop.get("/api/products/prod_1/inventory-levels")
    only = await shop.get("/api/products/prod_1/inventory-levels", locationId="loc_2")

    here = {
        "locationId": "loc_1",
        "locationName": "Main Warehouse",
        "id": made["id"],
        "minQuantity": 10,
        "reorderQuantity": 50,
        "maxQuantity": 200,
        "status": "Supported",
        "createdAt": "2024-01-15T10:30:00Z",
        "updatedAt": "2024-01-15T10:30:00Z",
        "quantityOnHand": 40,
        "quantityReserved": 15,
        "quantityAvailable": 25,
        "onOrder": 0,
        "stockStatus": "BELOW_REORDER",
    }
    there = {
        "locationId": "loc_2",
        "locationName": "Second",
        "quantityOnHand": 3,
        "quantityReserved": 0,
        "quantityAvailable": 3,
        "onOrder": 0,
        "stockStatus": "IN_RANGE",
    }
    product_body = {"id": "prod_1", "sku": "SKU-1", "name": "Product"}
    assert body == {"levels": [here, there], "product": product_body}
    assert only == {"levels": [there], "product": product_body}


async def test_the_levels_of_no_product_are_not_found(shop: Client) -> None:
    answer = await shop.rest("GET", "/api/products/no/inventory-levels")

    assert (answer.status_code, answer.json()["error"]) == (
        404,
        "Product not found or not accessible",
    )


@pytest.mark.parametrize(
    ("on_hand", "status"),
    [
        (None, StockStatus.NOT_STOCKED),
        (D(0), StockStatus.STOCKED_OUT),
        (D("9.9"), StockStatus.BELOW_MIN),
        (D(10), StockStatus.BELOW_REORDER),
        (D(50), StockStatus.BELOW_REORDER),
        (D("50.1"), StockStatus.IN_RANGE),
        (D(200), StockStatus.IN_RANGE),
        (D("200.1"), StockStatus.ABOVE_MAX),
    ],
)
def test_climbs_the_ladder_of_stock(on_hand: Decimal | None, status: StockStatus) -> None:
    settings = SimpleNamespace(min_quantity=D(10), reorder_quantity=D(50), max_quantity=D(200))

    assert status_of(settings, on_hand) is status
