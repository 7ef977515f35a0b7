"""Promised units stay where they are, recordings are compared, receipts may have come earlier."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from clients import client_of
from graph import ask, refusal
from world import World

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def act(name: str, shown: str = "message") -> str:
    type_ = name[0].upper() + name[1:]
    return f"mutation ($input: {type_}Input!) {{ {name}(input: $input) {{ {shown} }} }}"


async def test_promised_units_are_neither_moved_nor_put_under_another_lot(world: World) -> None:
    product, location = await world.product(), await world.location()
    bin = await world.bin(location)
    item = await world.stock(product, location, 10)
    await world.reserve(item, 4)
    to_bin = {"inventoryItemId": item, "toBinId": bin.id}
    to_lot = {"inventoryItemId": item, "lotNumber": "L-1", "reasonCode": "CORRECTION"}

    moved = await refusal(world, act("moveStock"), input={**to_bin, "quantity": 7})
    corrected = await refusal(world, act("correctLot"), input={**to_lot, "quantity": 7})
    await ask(world, act("moveStock"), input={**to_bin, "quantity": 5})
    await ask(world, act("correctLot"), input={**to_lot, "quantity": 1})

    for found, asked in ((moved, 7), (corrected, 7)):
        assert (found["code"], found["field"]) == ("INSUFFICIENT_STOCK", "quantity")
        assert found["details"] == {"onHand": 10, "reserved": 4, "asked": asked}
    text = "query ($id: ID!) { inventoryItem(id: $id) { onHand reserved available } }"
    data = await ask(world, text, id=item)
    assert data["inventoryItem"] == {"onHand": 4, "reserved": 4, "available": 0}


async def test_a_recording_is_compared_with_what_the_book_is_taken_to_say(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    line = {"productId": product.id, "newQuantity": 8}

    def record(expected: int) -> dict[str, Any]:
        lines = [{**line, "expectedOnHand": expected}]
        return {"locationId": location.id, "lines": lines}

    stale = await refusal(world, act("recordStock"), input=record(9))
    await ask(world, act("recordStock"), input=record(10))

    assert (stale["code"], stale["field"]) == ("STALE_QUANTITY", "lines[0].expectedOnHand")
    assert stale["details"] == {"line": 0, "onHand": 10, "expected": 9}
    data = await ask(world, "query ($id: ID!) { inventoryItem(id: $id) { onHand } }", id=item)
    assert data["inventoryItem"] == {"onHand": 8}


async def test_a_receipt_may_have_come_earlier_but_not_before_a_count(world: World) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 10)
    shown = "entries { quantityAfter occurredAt recordedAt isBackdated }"

    def receipt(hours: int) -> dict[str, Any]:
        moment = (NOW - timedelta(hours=hours)).isoformat()
        line = {"productId": product.id, "quantity": 5}
        return {"locationId": location.id, "lines": [line], "occurredAt": moment}

    done = await ask(world, act("receiveStock", shown), input=receipt(2))
    count = {"productId": product.id, "newQuantity": 15}
    await ask(world, act("recordStock"), input={"locationId": location.id, "lines": [count]})
    found = await refusal(world, act("receiveStock"), input=receipt(1))

    assert done["receiveStock"]["entries"] == [
        {
            "quantityAfter": 15,
            "occurredAt": "2026-03-01T10:00:00Z",
            "recordedAt": "2026-03-01T12:00:00Z",
            "isBackdated": True,
        }
    ]
    assert (found["code"], found["field"]) == ("COUNTED_SINCE", "lines[0].occurredAt")


async def test_invariant_10_of_32_equal_requests_by_rest_one_has_an_effect(world: World) -> None:
    item = await world.stock(await world.product(), await world.location(), 100)
    body = {"inventoryItemId": item, "adjustment": -3, "reasonCode": "DAMAGE"}
    async with client_of(world) as client:
        answers = await asyncio.gather(
            *(
                client.rest(
                    "POST", "/api/inventory/adjust", json=body, headers={"Idempotency-Key": "once"}
                )
                for _ in range(32)
            )
        )
        (listed,) = (await client.get("/api/inventory"))["items"]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    replayed = [answer.headers.get("Idempotency-Replayed") for answer in answers]
    assert (replayed.count("true"), replayed.count(None)) == (31, 1)
    assert json.loads(answers[0].content)["transaction"]["deltaQty"] == -3
    assert listed["quantityOnHand"] == 97
