"""How products are ordered at places: the documented rows, what is shared with levels, refusals."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from clients import Client, client_of
from domain.actor import SYSTEM
from domain.errors import DemandOvershared
from graph import ask
from services import replenishment
from world import World

PATH = "/api/inventory/replenishment/config"
D = Decimal
CONFIG = {
    "productMasterId": "prod_1",
    "locationId": "loc_1",
    "method": "MIN_MAX",
    "minQuantity": 10,
    "reorderPoint": 20,
    "maxQuantity": 60.5,
    "orderQuantity": None,
    "packSize": 12,
    "minimumOrderQuantity": None,
    "leadTimeDays": 4,
    "leadTimeDeviationDays": None,
    "safetyStock": None,
    "serviceLevel": 0.95,
    "reviewPeriodDays": None,
    "coverDays": None,
    "orderCost": None,
    "holdingCost": None,
    "shelfLifeDays": None,
    "demandWindowDays": None,
    "demandShare": None,
    "sourceLocationId": "loc_2",
    "version": 1,
    "createdAt": "2024-01-15T10:30:00Z",
    "updatedAt": "2024-01-15T10:30:00Z",
}


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Client]:
    world.database.now = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    await world.product(id="prod_1", sku="SKU-1", name="Product")
    for n in (1, 2, 3):
        await world.location(id=f"loc_{n}", code=f"L{n}")
    async with client_of(world) as client:
        yield client


async def configure(client: Client, **more: Any) -> tuple[int, Any]:
    body = {"productMasterId": "prod_1", "locationId": "loc_1", "method": "MIN_MAX"} | more
    answer = await client.rest("POST", PATH, json=body)
    return answer.status_code, answer.json()


NUMBERS = {
    "minQuantity": 10,
    "reorderPoint": 20,
    "maxQuantity": 60.5,
    "packSize": 12,
    "leadTimeDays": 4,
    "serviceLevel": 0.95,
    "sourceLocationId": "loc_2",
}


async def test_sets_lists_and_gives_a_configuration(shop: Client) -> None:
    written = await configure(shop, **NUMBERS)
    listed = (await shop.rest("GET", f"{PATH}?productMasterId=prod_1")).json()
    single = (await shop.rest("GET", f"{PATH}?productId=prod_1&locationId=loc_1")).json()
    missing = await shop.rest("GET", f"{PATH}?productMasterId=prod_1&locationId=loc_2")

    message = "Set how it is replenished."
    assert written == (200, {"success": True, "config": CONFIG, "message": message})
    pages = {"page": 1, "pageSize": 20, "total": 1, "totalPages": 1}
    assert listed == {"configs": [CONFIG], "pagination": pages}
    assert single == {"config": CONFIG}
    assert missing.status_code == 404


async def test_what_levels_have_is_kept_once(shop: Client, world: World) -> None:
    await configure(shop, **NUMBERS)
    await shop.rest(
        "POST",
        "/api/inventory-levels",
        json={"productMasterId": "prod_1", "locationId": "loc_1", "reorderQuantity": 30},
    )

    found = await ask(
        world,
        '{ replenishmentConfig(productId: "prod_1", locationId: "loc_1") '
        "{ reorderPoint version level { reorderQuantity minQuantity } } }",
    )

    assert found["replenishmentConfig"] == {
        "reorderPoint": 30,
        "version": 2,
        "level": {"reorderQuantity": 30, "minQuantity": 10},
    }


async def test_ends_when_the_method_is_cleared(shop: Client) -> None:
    await configure(shop, **NUMBERS)
    status, body = await configure(shop, method=None)

    listed = (await shop.rest("GET", PATH)).json()

    assert (status, body["message"]) == (200, "It is not replenished any longer.")
    assert listed["configs"] == []


@pytest.mark.parametrize(
    ("more", "status", "code", "field"),
    [
        ({"minQuantity": 5}, 400, "METHOD_INCOMPLETE", "maxQuantity"),
        ({"method": "FIXED"}, 400, "METHOD_INCOMPLETE", "orderQuantity"),
        ({"method": "EOQ", "orderCost": 3}, 400, "METHOD_INCOMPLETE", "holdingCost"),
        ({"method": "DAYS_OF_COVER"}, 400, "METHOD_INCOMPLETE", "coverDays"),
        ({"minQuantity": 9, "maxQuantity": 8}, 400, "BOUNDS_REFUSED", "minQuantity"),
        ({"minQuantity": 9, "reorderPoint": 8}, 400, "BOUNDS_REFUSED", "minQuantity"),
        ({"reorderPoint": 9, "maxQuantity": 8}, 400, "BOUNDS_REFUSED", "reorderPoint"),
        ({"packSize": 0}, 400, "INVALID", "packSize"),
        ({"serviceLevel": 95}, 400, "INVALID", "serviceLevel"),
        ({"demandShare": 1.5}, 400, "INVALID", "demandShare"),
        ({"demandWindowDays": 0}, 400, "INVALID", "demandWindowDays"),
        ({"sourceLocationId": "loc_1"}, 400, "INVALID", "sourceLocationId"),
        ({"leadTimeDays": -1}, 400, "INVALID", "leadTimeDays"),
    ],
)
async def test_refuses_numbers_and_keeps_nothing(
    shop: Client, more: dict[str, Any], status: int, code: str, field: str
) -> None:
    answered, body = await configure(shop, **more)

    assert (answered, body["code"], body["details"]["field"]) == (status, code, field)
    assert (await shop.rest("GET", PATH)).json()["configs"] == []


async def test_refuses_sources_that_come_back(shop: Client) -> None:
    numbers = {"minQuantity": 1, "maxQuantity": 2}
    await configure(shop, sourceLocationId="loc_2", **numbers)
    await configure(shop, locationId="loc_2", sourceLocationId="loc_3", **numbers)

    status, body = await configure(shop, locationId="loc_3", sourceLocationId="loc_1", **numbers)
    level = {"productMasterId": "prod_1", "locationId": "loc_3"}
    source = {"replenishmentLocationId": "loc_2"}
    other = (await shop.rest("POST", "/api/inventory-levels", json=level | source)).json()

    assert (status, body["code"]) == (409, "REPLENISHMENT_CYCLE")
    assert body["details"] == {
        "field": "sourceLocationId",
        "locationIds": ["loc_3", "loc_1", "loc_2", "loc_3"],
    }
    assert (other["code"], other["details"]["field"]) == (
        "REPLENISHMENT_CYCLE",
        "replenishmentLocationId",
    )


async def test_of_two_who_close_a_circle_at_once_one_is_refused(shop: Client) -> None:
    numbers = {"minQuantity": 1, "maxQuantity": 2}

    answers = await asyncio.gather(
        configure(shop, locationId="loc_1", sourceLocationId="loc_2", **numbers),
        configure(shop, locationId="loc_2", sourceLocationId="loc_1", **numbers),
    )

    assert sorted(status for status, _ in answers) == [200, 409]


@pytest.mark.usefixtures("shop")
async def test_places_share_no_more_than_all_demand(world: World) -> None:
    async def share(location: str, part: str) -> None:
        async with world.write() as session:
            values = {"product_id": "prod_1", "location_id": location, "method": "REORDER_POINT"}
            wish = values | {"demand_share": D(part)}
            await replenishment.configure(session, SYSTEM, wish, None)

    await share("loc_1", "0.6")
    with pytest.raises(DemandOvershared) as refused:
        await share("loc_2", "0.41")
    await share("loc_2", "0.4")

    assert refused.value.details == {"total": D("1.01")}
