"""Holds, expired stock and lot control by REST: rows 24 to 30, 32 and 33."""

from datetime import UTC, date, datetime
from typing import Any

from clients import client_of
from world import World

AT = "/api/inventory"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def test_holds_are_placed_listed_and_released(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    await world.reserve(item, 6, reference="order 1")
    body = {
        "type": "QUALITY",
        "productMasterId": product.id,
        "locationId": location.id,
        "quantity": 8,
        "reason": "smells",
    }
    async with client_of(world) as client:
        placed = await client.rest("POST", f"{AT}/holds", json=body)
        replay = [
            await client.rest("POST", f"{AT}/holds", json=body | {"quantity": 1}, headers=headers)
            for headers in [{"Idempotency-Key": "hold-1"}] * 2
        ]
        listed = await client.get(f"{AT}/holds", productMasterId=product.id, status="ACTIVE")
        id = placed.json()["hold"]["id"]
        part = {"holdId": id, "quantity": 3}
        released = await client.rest("POST", f"{AT}/holds/release", json=part)
        refused = await client.rest("POST", f"{AT}/holds/release", json=part | {"quantity": 6})
        one = await client.rest("POST", f"{AT}/holds/release", json={"holdIds": [id]})

    assert placed.status_code == 201, placed.text
    hold = placed.json()["hold"]
    assert hold == {
        "id": id,
        "type": "QUALITY",
        "status": "ACTIVE",
        "reason": "smells",
        "productMasterId": product.id,
        "locationId": location.id,
        "lotId": None,
        "binId": None,
        "inventoryItemId": None,
        "quantity": 8,
        "quantityReleased": 0,
        "expiresAt": None,
        "createdBy": hold["createdBy"],
        "createdAt": hold["createdAt"],
        "releasedAt": None,
    }
    assert set(hold["createdBy"]) == {"id", "name"}
    assert placed.json()["success"] is True
    affected = placed.json()["affectedReservations"]
    assert [(one["quantity"], one["inventoryItemId"]) for one in affected] == [(6, item)]
    assert replay[0].content == replay[1].content
    assert replay[1].headers["Idempotency-Replayed"] == "true"
    assert [row["id"] for row in listed["holds"]] == [replay[0].json()["hold"]["id"], id]
    assert listed["pagination"] == {"page": 1, "pageSize": 20, "total": 2, "totalPages": 1}
    assert released.json()["holds"][0]["quantityReleased"] == 3
    assert (refused.status_code, refused.json()["code"]) == (409, "HOLD_ENDED")
    assert one.json()["holds"][0]["status"] == "RELEASED"


async def test_expired_stock_is_listed_marked_consumed_and_destroyed(world: World) -> None:
    world.database.now = NOW
    product, location = await world.product(unit_cost=2), await world.location()
    lot = await world.lot(product, expiry=date(2026, 5, 30))
    item = await world.stock(product, location, 10, lot=lot)
    bare = await world.stock(product, location, 5)
    async with client_of(world) as client:
        listed = await client.get(f"{AT}/expired", locationId=location.id)
        marked = await client.rest(
            "POST", f"{AT}/expired/mark-expired", json={"items": [{"inventoryItemId": bare}]}
        )
        wish = {"items": [{"inventoryItemId": bare, "quantity": 2}], "comment": "tasted"}
        consumed = await client.rest("POST", f"{AT}/expired/mark-consumed", json=wish)
        destroyed = await client.rest(
            "POST",
            f"{AT}/expired/transfer-destruction",
            json={"items": [{"inventoryItemId": item}], "method": "burnt"},
        )
        after = await client.get(f"{AT}/expired")

    (row,) = listed["items"]
    assert row["id"] == item
    assert {name: row[name] for name in ("daysExpired", "expiryStatus", "value", "lotNumber")} == {
        "daysExpired": 2,
        "expiryStatus": "EXPIRED",
        "value": 20,
        "lotNumber": lot.number,
    }
    assert listed["totals"] == {"quantity": 10, "value": 20}
    assert listed["pagination"]["total"] == 1
    assert marked.json()["items"][0]["quantityAvailable"] == 0
    (used,) = consumed.json()["transactions"]
    assert {name: used[name] for name in ("inventoryItemId", "transactionType", "deltaQty")} == {
        "inventoryItemId": bare,
        "transactionType": "CONSUMPTION",
        "deltaQty": -2,
    }
    assert destroyed.json()["transfer"] is None
    assert destroyed.json()["message"] == "Destroyed 10 units."
    assert [(one["id"], one["expiryStatus"]) for one in after["items"]] == [(bare, "MARKED")]
    assert after["totals"] == {"quantity": 3, "value": 6}


async def test_lot_control_is_asked_for_one_line_and_for_several(world: World) -> None:
    world.database.now = NOW
    product = await world.product(expiry_tracked=True, regulated=True)
    at = f"{AT}/lot-control/validate"
    good: dict[str, Any] = {
        "productMasterId": product.id,
        "lotNumber": "L-1",
        "expiryDate": "2027-01-01",
    }
    bad = {"productMasterId": product.id, "lotNumber": "L-2", "expiryDate": "2026-05-01"}
    async with client_of(world, "inventory.read") as client:
        needs = await client.get(at, productMasterId=product.id)
        one = await client.rest("POST", at, json=good)
        lines = [good, bad, {"productMasterId": "prod_none"}]
        several = await client.rest("POST", at, json={"lines": lines})
        missing = await client.rest("GET", at, params={"productMasterId": "prod_none"})

    assert needs == {
        "productMasterId": product.id,
        "lotRequired": True,
        "expiryRequired": True,
        "serialRequired": False,
        "isRegulated": True,
        "allowPastExpiry": False,
        "expiryWarningDays": 30,
        "industryPack": "RETAIL",
        "message": "Stock of this product comes in with a lot number and an expiry date.",
    }
    assert one.json() == {"valid": True, "errors": [], "warnings": []}
    answer = several.json()
    assert (answer["valid"], answer["summary"]) == (False, {"totalErrors": 2, "totalWarnings": 0})
    codes = [[e["code"] for e in line["result"]["errors"]] for line in answer["lineResults"]]
    assert codes == [[], ["EXPIRED_NOT_ALLOWED"], ["PRODUCT_NOT_FOUND"]]
    assert missing.status_code == 404
