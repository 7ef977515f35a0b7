"""The documented rows of adjustments and recordings, field for field, and what they refuse."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from clients import Client, client_of
from world import World

ADJUST = "/api/inventory/adjust"
ADJUSTMENTS = "/api/inventory/adjustments"
FOUND = "reason_found"
LOT = "/api/inventory/adjustments/lot-correction"
RECORDINGS = "/api/inventory/adjustments/record-stock"
RECORD = "/api/inventory/record-stock"


@dataclass(frozen=True)
class Shop:
    """Who asks, and what there is: 200 units of a product, 50 of them promised."""

    client: Client
    world: World
    product: Any
    location: Any
    item: str

    async def post(self, path: str, status: int = 200, **body: Any) -> Any:
        response = await self.client.rest("POST", path, json=body)
        assert response.status_code == status, response.text
        return response.json()

    async def refused(self, path: str, **body: Any) -> tuple[int, str, str | None]:
        response = await self.client.rest("POST", path, json=body)
        found = response.json()
        return response.status_code, found["code"], found.get("details", {}).get("field")


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Shop]:
    product = await world.product(id="prod_1", sku="SKU-1", name="Gauze")
    location = await world.location(id="loc_1", name="Main")
    item = await world.stock(product, location, 200)
    await world.reserve(item, 50)
    async with client_of(world, "inventory.*") as client:
        yield Shop(client, world, product, location, item)


def without_ids(transaction: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in transaction.items() if name not in ("id", "createdAt")}


async def test_an_adjustment_is_one_statement_before_its_posting_and_the_posting(
    shop: Shop,
) -> None:
    said: list[str] = []
    await shop.post(ADJUSTMENTS, inventoryItemId=shop.item, newQtyOnHand=210, reasonCodeId=FOUND)

    shop.world.database.listener = said.append
    response = await shop.client.rest(
        "POST",
        ADJUSTMENTS,
        json={"inventoryItemId": shop.item, "newQtyOnHand": 250, "reasonCodeId": FOUND},
        headers={"Idempotency-Key": "k-1"},
    )
    shop.world.database.listener = None

    assert response.status_code == 200
    claim, opening, posting, keeping = said
    assert claim.startswith("stock_claim(")
    assert "stock_open(" in opening
    assert "stock_post_shown(" in posting
    assert keeping.startswith("SELECT stock_keep_outcome(")


async def test_creates_an_adjustment_as_documented(shop: Shop) -> None:
    body = await shop.post(
        ADJUSTMENTS,
        inventoryItemId=shop.item,
        newQtyOnHand=250,
        reasonCodeId="reason_found",
        comment="Behind the shelf",
    )

    transaction = body.pop("transaction")
    assert transaction.keys() == {
        "id",
        "inventoryItemId",
        "transactionType",
        "deltaQty",
        "reasonCodeId",
        "createdAt",
    }
    assert without_ids(transaction) == {
        "inventoryItemId": shop.item,
        "transactionType": "ADJUSTMENT",
        "deltaQty": 50,
        "reasonCodeId": "reason_found",
    }
    assert body == {
        "success": True,
        "inventoryItem": {
            "id": shop.item,
            "productMasterId": "prod_1",
            "locationId": "loc_1",
            "qtyOnHand": 250,
            "qtyAvailable": 200,
            "qtyReserved": 50,
        },
        "message": "Adjusted +50 units",
    }


async def test_adjusts_by_parts_and_code(shop: Shop) -> None:
    body = await shop.post(
        ADJUST, productId="prod_1", locationId="loc_1", adjustment=-20, reasonCode="SHRINK"
    )

    assert body["transaction"]["deltaQty"] == -20
    assert body["inventoryItem"]["qtyOnHand"] == 180
    assert body["message"] == "Adjusted -20 units"


async def test_compares_before_it_sets(shop: Shop) -> None:
    wish = {"inventoryItemId": shop.item, "newQtyOnHand": 1, "reasonCodeId": "reason_correction"}

    response = await shop.client.rest("POST", ADJUSTMENTS, json={**wish, "expectedQtyOnHand": 199})

    found = response.json()
    assert (response.status_code, found["code"]) == (409, "STALE_QUANTITY")
    assert found["details"]["onHand"] == 200


async def test_lists_adjustments_by_limit_and_offset(shop: Shop) -> None:
    for by in (1, 2, 3):
        await shop.post(ADJUST, inventoryItemId=shop.item, adjustment=by, reasonCode="FOUND")

    body = await shop.client.get(ADJUSTMENTS, productMasterId="prod_1", limit=1, offset=1)

    (entry,) = body.pop("entries")
    assert body == {"total": 3, "limit": 1, "offset": 1}
    del entry["id"], entry["createdAt"], entry["createdBy"]
    assert entry == {
        "inventoryItemId": shop.item,
        "transactionType": "ADJUSTMENT",
        "deltaQty": 2,
        "qtyBefore": 201,
        "qtyAfter": 203,
        "reasonCode": "Found inventory",
        "reasonCodeId": "reason_found",
        "comment": None,
        "rootCause": None,
        "productMasterId": "prod_1",
        "productName": "Gauze",
        "globalSku": "SKU-1",
        "locationId": "loc_1",
        "locationName": "Main",
        "lotId": None,
        "binId": None,
    }


async def test_tells_how_many_there_are_whatever_they_are_asked_by(shop: Shop) -> None:
    lot = await shop.world.lot(shop.product, number="L1", expiry=date(2999, 1, 1))
    other = await shop.world.stock(shop.product, shop.location, 10, lot=lot)
    await shop.post(LOT, inventoryItemId=other, lotNumber="L2", expiryDate="2999-06-30")
    await shop.post(ADJUST, inventoryItemId=shop.item, adjustment=1, reasonCode="FOUND")
    await shop.post(ADJUST, inventoryItemId=shop.item, adjustment=-1, reasonCode="SHRINK")
    counted = {"productMasterId": "prod_1", "newQty": 190}
    await shop.post(RECORD, 201, locationId="loc_1", lines=[counted])
    wishes: list[dict[str, Any]] = [
        {},
        {"locationId": "loc_1"},
        {"productMasterId": "prod_1"},
        {"inventoryItemId": shop.item},
        {"inventoryItemId": [shop.item, other]},
        {"inventoryItemId": shop.item, "locationId": "loc_2"},
        {"inventoryItemId": shop.item, "reasonCodeId": FOUND},
        {"inventoryItemId": shop.item, "endDate": "2020-01-01T00:00:00Z"},
    ]

    found = [await shop.client.get(ADJUSTMENTS, **wish) for wish in wishes]

    assert [body["total"] for body in found] == [5, 5, 5, 3, 4, 0, 1, 0]
    assert [len(body["entries"]) for body in found] == [5, 5, 5, 3, 4, 0, 1, 0]


async def test_corrects_a_lot_with_two_entries_that_sum_to_zero(shop: Shop) -> None:
    lot = await shop.world.lot(shop.product, number="L1", expiry=date(2999, 1, 1))
    item = await shop.world.stock(shop.product, shop.location, 10, lot=lot)

    body = await shop.post(LOT, inventoryItemId=item, lotNumber="L2", expiryDate="2999-06-30")

    assert [one["deltaQty"] for one in body["transactions"]] == [-10, 10]
    assert {one["transactionType"] for one in body["transactions"]} == {"LOT_CORRECTION"}
    assert (body["fromItem"]["id"], body["fromItem"]["qtyOnHand"]) == (item, 0)
    assert body["toItem"]["qtyOnHand"] == 10
    assert body["message"] == "Corrected the lot of 10 units"


async def test_records_what_is_there_and_lists_it(shop: Shop) -> None:
    lot = await shop.world.lot(shop.product, number="L1")
    other = await shop.world.stock(shop.product, shop.location, 10, lot=lot)

    body = await shop.post(
        RECORDINGS,
        201,
        locationId="loc_1",
        complete=True,
        lines=[{"productMasterId": "prod_1", "newQty": 202}],
    )

    recording = body["recording"]
    lines = [(line["inventoryItemId"], line["newQty"]) for line in recording.pop("lines")]
    assert lines == [(shop.item, 202), (other, 0)]
    assert (recording["mode"], recording["lineCount"], recording["deltaQty"]) == ("ABSOLUTE", 2, -8)
    assert {one["reasonCodeId"] for one in body["transactions"]} == {"reason_count"}
    assert (await shop.client.get(RECORDINGS, productMasterId="prod_1"))["recordings"] == [
        recording
    ]


async def test_records_what_was_received(shop: Shop) -> None:
    lines = [{"productMasterId": "prod_1", "quantity": 3}]

    body = await shop.post(RECORD, 201, locationId="loc_1", lines=lines)

    assert body["recording"]["mode"] == "RECEIVED"
    assert body["transactions"][0]["reasonCodeId"] == "reason_receipt"
    assert body["recording"]["lines"][0]["newQty"] == 203


async def test_lists_the_reason_codes_of_the_industry(shop: Shop) -> None:
    body = await shop.client.get(f"{ADJUSTMENTS}/reason-codes", direction="DECREASE")

    assert [one["code"] for one in body["reasonCodes"]] == [
        "DAMAGE",
        "DESTRUCTION",
        "EXPIRED",
        "SHRINK",
        "THEFT",
    ]
    assert body["reasonCodes"][0] == {
        "id": "reason_damage",
        "code": "DAMAGE",
        "name": "Damage",
        "direction": "DECREASE",
        "category": "DAMAGE",
        "requiresComment": False,
        "active": True,
    }


async def test_refuses_what_cannot_be_with_code_and_field(shop: Shop) -> None:
    item = {"inventoryItemId": shop.item}
    found = {"reasonCode": "FOUND"}
    elsewhere = await shop.world.bin(await shop.world.location())
    foreign = await shop.world.lot(await shop.world.product())
    parts = {"productMasterId": "prod_1", "locationId": "loc_1", "adjustment": 1, **found}

    assert [
        (await shop.refused(ADJUST, **wish))[:2]
        for wish in (
            {**item, **found, "adjustment": 0},
            {**item, **found, "adjustment": 0.5},
            {**item, **found, "adjustment": 1e30},
            {**item, **found, "adjustment": 0.0000001},
            {**item, **found, "adjustment": -1},
            {**item, "adjustment": 1},
            {**item, "adjustment": 1, "reasonCode": "NONE"},
            {**item, "adjustment": -1, "reasonCode": "THEFT"},
            {**item, "adjustment": -201, "reasonCode": "SHRINK"},
            {**parts, "binId": elsewhere.id},
            {**parts, "lotId": foreign.id},
            {**parts, "productMasterId": "prod_none"},
            {"inventoryItemId": "item_none", "adjustment": 1, **found},
        )
    ] == [
        (400, "QUANTITY_REFUSED"),
        (400, "QUANTITY_REFUSED"),
        (400, "QUANTITY_REFUSED"),
        (400, "QUANTITY_REFUSED"),
        (400, "UNKNOWN_REASON"),
        (400, "INVALID"),
        (400, "UNKNOWN_REASON"),
        (400, "COMMENT_REQUIRED"),
        (409, "INSUFFICIENT_STOCK"),
        (400, "BIN_REFUSED"),
        (400, "LOT_REFUSED"),
        (404, "NOT_FOUND"),
        (404, "NOT_FOUND"),
    ]


async def test_refuses_to_set_a_bucket_twice(shop: Shop) -> None:
    line = {"productMasterId": "prod_1", "newQty": 1}

    found = await shop.refused(RECORDINGS, locationId="loc_1", lines=[line, line])

    assert found[:2] == (400, "DUPLICATE_LINE")


async def test_refuses_to_take_what_is_on_hold(shop: Shop) -> None:
    bin = await shop.world.bin(shop.location, type="HOLD")
    item = await shop.world.stock(shop.product, shop.location, 5, bin=bin)

    found = await shop.refused(ADJUST, inventoryItemId=item, adjustment=-1, reasonCode="SHRINK")

    assert found[:2] == (409, "STOCK_HELD")
