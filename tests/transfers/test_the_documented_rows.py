"""The REST rows of transfers, on the wire."""

from typing import Any

from clients import client_of
from world import World

PATH = "/api/inventory/transfers"


async def stocked(world: World, quantity: int = 20) -> tuple[Any, Any, Any]:
    product, source, dest = await world.product(), await world.location(), await world.location()
    await world.stock(product, source, quantity)
    return product, source, dest


async def test_a_transfer_goes_its_way_over_rest(world: World) -> None:
    product, source, dest = await stocked(world)
    body = {
        "originLocationId": source.id,
        "destinationLocationId": dest.id,
        "items": [{"productMasterId": product.id, "quantity": 10}],
        "expectedDate": "2031-01-31",
        "submit": True,
    }
    async with client_of(world) as client:
        made = await client.rest("POST", PATH, json=body)
        transfer = made.json()["transfer"]
        path = f"{PATH}/{transfer['id']}"
        line = transfer["lines"][0]["id"]
        answers = [
            await client.rest("POST", path, json=step)
            for step in (
                {"action": "APPROVE"},
                {"action": "PICK"},
                {"action": "SHIP", "items": [{"lineId": line, "quantity": 8}]},
                {
                    "action": "RECEIVE",
                    "items": [{"lineId": line, "quantity": 5, "damagedQuantity": 1}],
                },
                {"action": "CLOSE", "reason": "Lost"},
            )
        ]
        shown = await client.get(path)
        listed = await client.get(PATH, status="CLOSED_SHORT", destLocationId=dest.id)

    assert (made.status_code, made.json()["success"]) == (201, True)
    assert [one.status_code for one in answers] == [200] * 5
    bodies = [one.json() for one in answers]
    statuses = [one["transfer"]["status"] for one in bodies]
    assert statuses == ["APPROVED", "PICKED", "IN_TRANSIT", "PARTIALLY_RECEIVED", "CLOSED_SHORT"]
    moved = [
        [(one["transactionType"], one["deltaQty"]) for one in b["transactions"]] for b in bodies
    ]
    assert moved == [[], [], [("TRANSFER", -8)], [("TRANSFER", 6)], []]
    counted = shown["transfer"]["lines"][0]
    assert {name: number for name, number in counted.items() if name.endswith("Qty")} == {
        "requestedQty": 10,
        "pickedQty": 8,
        "shippedQty": 8,
        "receivedQty": 5,
        "damagedQty": 1,
        "shortQty": 2,
        "returnedQty": 0,
        "inTransitQty": 0,
    }
    actions = [event["action"] for event in shown["transfer"]["events"]]
    assert actions == ["CREATE", "SUBMIT", "APPROVE", "PICK", "SHIP", "RECEIVE", "CLOSE"]
    assert shown["transfer"]["allowedActions"] == []
    assert [one["id"] for one in listed["transfers"]] == [transfer["id"]]
    assert listed["transfers"][0]["totalQuantity"] == 10


async def test_a_draft_is_changed_without_an_action(world: World) -> None:
    product, source, dest = await stocked(world)
    body = {
        "sourceLocationId": source.id,
        "destLocationId": dest.id,
        "items": [{"productMasterId": product.id, "quantity": n} for n in (1, 2)],
    }
    async with client_of(world) as client:
        transfer = (await client.rest("POST", PATH, json=body)).json()["transfer"]
        lines = [line["id"] for line in transfer["lines"]]
        change = {
            "items": [{"lineId": lines[0], "quantity": 0}, {"lineId": lines[1], "quantity": 7}],
            "expectedDate": "2031-02-01",
        }
        changed = await client.rest("POST", f"{PATH}/{transfer['id']}", json=change)

    found = changed.json()["transfer"]
    assert [(line["id"], line["requestedQty"]) for line in found["lines"]] == [(lines[1], 7)]
    assert (found["expectedDate"], found["totalQuantity"], found["status"]) == (
        "2031-02-01",
        7,
        "DRAFT",
    )


async def test_wrong_steps_are_refused_with_their_codes(world: World) -> None:
    product, source, dest = await stocked(world, 5)
    body = {
        "sourceLocationId": source.id,
        "destLocationId": dest.id,
        "items": [{"productMasterId": product.id, "quantity": 10}],
    }
    async with client_of(world) as client:
        transfer = (await client.rest("POST", PATH, json=body)).json()["transfer"]
        path, line = f"{PATH}/{transfer['id']}", transfer["lines"][0]["id"]
        wrong: list[tuple[dict[str, Any], int, str, Any]] = [
            ({"action": "SHIP"}, 409, "ILLEGAL_STEP", "action"),
            ({"action": "FLY"}, 400, "INVALID", "action"),
            ({"action": "SUBMIT", "reason": "x"}, 400, "INVALID", "reason"),
            (
                {"items": [{"lineId": line, "quantity": 1, "damagedQuantity": 1}]},
                400,
                "INVALID",
                "items[0].damagedQuantity",
            ),
            ({"items": [{"lineId": "no", "quantity": 1}]}, 404, "NOT_FOUND", None),
            ({"action": "SUBMIT", "expectedVersion": 9}, 409, "STALE_VERSION", "expectedVersion"),
        ]
        for step, status, code, field in wrong:
            refused = await client.rest("POST", path, json=step)
            told = refused.json()
            assert (refused.status_code, told["code"]) == (status, code), step
            assert told.get("details", {}).get("field") == field, step
        await client.rest("POST", path, json={"action": "SUBMIT"})
        short = await client.rest("POST", path, json={"action": "APPROVE"})
        missing = await client.rest("GET", f"{PATH}/xfer_no")

    assert short.json()["code"] == "INSUFFICIENT_STOCK"
    assert short.json()["details"] == {
        "field": "items[0].quantity",
        "line": 0,
        "asked": 10,
        "available": 5,
    }
    assert missing.status_code == 404


async def test_a_step_is_done_once_for_a_key_and_not_at_all_when_it_is_tried(
    world: World,
) -> None:
    product, source, dest = await stocked(world)
    body = {
        "sourceLocationId": source.id,
        "destLocationId": dest.id,
        "items": [{"productMasterId": product.id, "quantity": 10}],
        "submit": True,
    }
    async with client_of(world) as client:
        transfer = (await client.rest("POST", PATH, json=body)).json()["transfer"]
        path, approve = f"{PATH}/{transfer['id']}", {"action": "APPROVE"}
        dry = await client.rest("POST", path, json=approve, headers={"Prefer": "tx=rollback"})
        once = {"Idempotency-Key": "approve-1"}
        first = await client.rest("POST", path, json=approve, headers=once)
        again = await client.rest("POST", path, json=approve, headers=once)

    assert dry.json()["transfer"]["status"] == "APPROVED"
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
