"""Put-away tasks: the documented rows, every step, room that is kept, and held goods."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from clients import client_of
from dock import Dock, do, mutation
from domain.actor import SYSTEM
from graph import ask, refusal, statements
from services import holds
from world import World

PATH = "/api/inventory/put-away"
D = Decimal


async def test_the_documented_rows(world: World) -> None:
    world.database.now = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    dock = await Dock.of(world, capacity_units=D(4))
    item = {"inventoryItemId": dock.item, "quantity": 10}
    async with client_of(world) as client:
        answer = await client.rest("POST", PATH, json={"locationId": "loc_1", "items": [item]})
        listed = (await client.rest("GET", f"{PATH}?status=READY&locationId=loc_1")).json()
        other = (await client.rest("GET", f"{PATH}?status=DONE")).json()

    task = answer.json()["task"]
    line = {
        "id": task["lines"][0]["id"],
        "inventoryItemId": dock.item,
        "productMasterId": "prod_1",
        "productName": "Gloves",
        "globalSku": "SKU-1",
        "lotNumber": None,
        "quantity": 10,
        "putQuantity": 0,
        "status": "PENDING",
        "sourceBinId": "bin_gate",
        "sourceBinCode": "GATE",
        "suggestedBinId": "bin_2",
        "suggestedBinCode": "TWO",
        "binId": "bin_2",
        "binCode": "TWO",
        "rule": "STORAGE_CLASS",
        "ruleId": None,
        "rejected": [
            {"binId": "bin_gate", "code": "GATE", "why": "SOURCE"},
            {"binId": "bin_1", "code": "ONE", "why": "UNITS"},
        ],
    }
    assert answer.status_code == 201
    assert answer.json() == {
        "success": True,
        "task": {
            "id": task["id"],
            "number": "PUT-000001",
            "locationId": "loc_1",
            "status": "READY",
            "lineCount": 1,
            "strategy": None,
            "reference": None,
            "comment": None,
            "createdBy": task["createdBy"],
            "createdAt": "2024-01-15T10:30:00Z",
            "startedAt": None,
            "completedAt": None,
            "lines": [line],
        },
        "message": "Created PUT-000001.",
    }
    assert listed["tasks"] == [task]
    assert other["tasks"] == []


async def test_invariant_03_completion_is_equal_and_opposite_entries_of_one_posting(
    world: World,
) -> None:
    dock = await Dock.of(world)
    task = await dock.task()
    await do(world, "start", taskId=task["id"])
    picked = await do(world, "pick", taskId=task["id"])
    before = await dock.where()

    done = await do(world, "complete", taskId=task["id"])

    assert (before, await dock.where()) == ({"bin_gate": 10}, {"bin_1": 10})
    assert done["change"]["posting"] == {"kind": "MOVE"}
    assert [entry["delta"] for entry in done["change"]["entries"]] == [-10, 10]
    assert picked["task"]["lines"][0]["status"] == "PICKED"
    assert [(e["action"], e["toStatus"]) for e in done["task"]["events"]] == [
        ("CREATE", "READY"),
        ("START", "IN_PROGRESS"),
        ("PICK", "IN_PROGRESS"),
        ("COMPLETE", "DONE"),
    ]
    assert done["task"]["allowedActions"] == []


async def test_fewer_units_make_a_line_short_and_the_rest_stays(world: World) -> None:
    dock = await Dock.of(world)
    task = await dock.task()
    line = {"lineId": task["lines"][0]["lineId"], "quantity": 7, "binId": "bin_2"}

    done = (await do(world, "complete", taskId=task["id"], lines=[line]))["task"]

    assert (done["status"], done["lines"][0]["status"]) == ("DONE", "SHORT")
    assert done["lines"][0]["putQuantity"] == 7
    assert await dock.where() == {"bin_gate": 3, "bin_2": 7}


async def test_a_part_is_split_off_and_both_are_done(world: World) -> None:
    dock = await Dock.of(world)
    task = await dock.task()
    line = {"lineId": task["lines"][0]["lineId"], "quantity": 4}

    split = await do(world, "split", taskId=task["id"], lines=[line])
    await do(world, "complete", taskId=task["id"])
    first = await dock.where()
    await do(world, "complete", taskId=split["splitTask"]["id"])

    assert split["task"]["lines"][0]["quantity"] == 6
    assert (split["splitTask"]["status"], split["splitTask"]["lineCount"]) == ("READY", 1)
    assert (first, await dock.where()) == ({"bin_gate": 4, "bin_1": 6}, {"bin_1": 10})


async def test_room_is_kept_for_tasks_and_free_when_they_are_called_off(world: World) -> None:
    dock = await Dock.of(world, capacity_units=D(6))
    first = await dock.task(5, "STORAGE_CLASS")
    second = await dock.task(3, "STORAGE_CLASS")
    await do(world, "cancel", taskId=first["id"])
    third = await dock.task(5, "STORAGE_CLASS")

    bins = [one["lines"][0]["suggestedBin"]["id"] for one in (first, second, third)]
    assert bins == ["bin_1", "bin_2", "bin_1"]


async def test_of_tasks_made_at_once_no_two_take_the_same_room(world: World) -> None:
    dock = await Dock.of(world, units=40, capacity_units=D(10))

    tasks = await asyncio.gather(*(dock.task(5) for _ in range(6)))

    bins = sorted(task["lines"][0]["suggestedBin"]["id"] for task in tasks)
    assert bins == ["bin_1"] * 2 + ["bin_2"] * 4


async def test_held_goods_are_put_away_with_their_hold_and_still_do_not_ship(
    world: World,
) -> None:
    dock = await Dock.of(world)
    wish = holds.Wish(type="QUALITY", reason="Look", inventory_item_id=dock.item, quantity=D(8))
    async with world.write() as session:
        await holds.place(session, SYSTEM, wish)
    task = await dock.task()
    done = await do(world, "complete", taskId=task["id"])

    target = done["change"]["entries"][1]["item"]["id"]
    refused = await refusal(
        world,
        "mutation ($input: IssueStockInput!) { issueStock(input: $input) { message } }",
        input={"locationId": "loc_1", "lines": [{"productId": "prod_1", "quantity": 3}]},
    )
    found = await ask(
        world, "query ($id: ID!) { inventoryItem(id: $id) { onHand held } }", id=target
    )
    assert found["inventoryItem"] == {"onHand": 10, "held": 8}
    assert refused["code"] == "STOCK_HELD"
    assert await dock.where() == {"bin_1": 10}


async def test_from_a_held_bin_goods_are_put_away_and_not_shipped(world: World) -> None:
    dock = await Dock.of(world)
    held = await world.bin(dock.place, type="QUARANTINE")
    item = await world.stock(dock.product, dock.place, 5, bin=held)
    issue = "mutation ($input: IssueStockInput!) { issueStock(input: $input) { message } }"
    line = {"productId": "prod_1", "binId": held.id, "quantity": 5}
    lines = {"locationId": "loc_1", "lines": [line]}

    refused = await refusal(world, issue, input=lines)
    goods = [{"inventoryItemId": item, "quantity": 5}]
    task = (await do(world, "create", locationId="loc_1", items=goods))["task"]
    await do(world, "complete", taskId=task["id"])

    assert refused["code"] == "STOCK_HELD"
    assert await dock.where() == {"bin_gate": 10, "bin_1": 5}


@pytest.mark.parametrize(
    ("steps", "name", "input", "code"),
    [
        (["complete"], "complete", {}, "ILLEGAL_STEP"),
        (["complete"], "cancel", {}, "ILLEGAL_STEP"),
        (["start"], "start", {}, "ILLEGAL_STEP"),
        (["cancel"], "pick", {}, "ILLEGAL_STEP"),
        ([], "complete", {"lines": [{"lineId": "putl_no"}]}, "UNKNOWN_LINE"),
        ([], "complete", {"lines": [{"lineId": "?", "quantity": 11}]}, "QUANTITY_REFUSED"),
        ([], "complete", {"lines": [{"lineId": "?", "binId": "bin_no"}]}, "BIN_REFUSED"),
        ([], "complete", {"lines": [{"lineId": "?", "binId": "bin_gate"}]}, "BIN_UNFIT"),
        ([], "complete", {"lines": [{"lineId": "?"}, {"lineId": "?"}]}, "DUPLICATE_LINE"),
        ([], "split", {"lines": [{"lineId": "?"}]}, "INVALID"),
        ([], "split", {"lines": [{"lineId": "?", "quantity": 12}]}, "QUANTITY_REFUSED"),
        ([], "split", {"lines": []}, "INVALID"),
        ([], "start", {"expectedVersion": 4}, "STALE_VERSION"),
    ],
)
async def test_refuses_a_step_and_changes_nothing(
    world: World, steps: list[str], name: str, input: dict[str, Any], code: str
) -> None:
    dock = await Dock.of(world)
    task = await dock.task()
    for step in steps:
        await do(world, step, taskId=task["id"])
    before = await dock.where()
    for line in input.get("lines", []):
        line["lineId"] = line["lineId"].replace("?", task["lines"][0]["lineId"])

    refused = await refusal(world, mutation(name), input={"taskId": task["id"]} | input)

    found = await ask(world, "query ($id: ID!) { putAwayTask(id: $id) { version } }", id=task["id"])
    assert (refused["code"], found["putAwayTask"]["version"]) == (code, 1 + len(steps))
    assert await dock.where() == before


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"quantity": 11}, "INSUFFICIENT_STOCK", "items[0].quantity"),
        ({"quantity": 0}, "QUANTITY_REFUSED", "items[0].quantity"),
        ({"inventoryItemId": "item_no"}, "NOT_FOUND", "items[0].inventoryItemId"),
        ({"destinationBinId": "bin_no"}, "BIN_REFUSED", "items[0].destinationBinId"),
        ({"destinationBinId": "bin_gate"}, "BIN_UNFIT", "items[0].destinationBinId"),
        ({"destinationBinId": "bin_1"}, "BIN_UNFIT", "items[0].destinationBinId"),
    ],
)
async def test_refuses_goods_that_cannot_be_put_away(
    world: World, more: dict[str, Any], code: str, field: str
) -> None:
    dock = await Dock.of(world, capacity_units=D(3))
    item = {"inventoryItemId": dock.item, "quantity": 10} | more

    refused = await refusal(
        world, mutation("create"), input={"locationId": "loc_1", "items": [item]}
    )

    assert (refused["code"], refused["field"]) == (code, field)


async def test_what_is_in_a_task_or_promised_cannot_be_in_another(world: World) -> None:
    dock = await Dock.of(world)
    await dock.task(4)
    await world.reserve(dock.item, 3)
    goods = [{"inventoryItemId": dock.item, "quantity": 4}]

    refused = await refusal(
        world, mutation("create"), input={"locationId": "loc_1", "items": goods}
    )

    assert (refused["code"], refused["details"]) == ("INSUFFICIENT_STOCK", {"asked": 4, "free": 3})


async def test_any_number_of_lines_costs_the_same_statements(world: World) -> None:
    counts = []
    for lines in (1, 12):
        place = await world.location()
        gate = await world.bin(place, type="RECEIVING")
        await world.bin(place)
        goods = [
            {
                "inventoryItemId": await world.stock(await world.product(), place, 1, bin=gate),
                "quantity": 1,
            }
            for _ in range(lines)
        ]
        async with statements(world) as made:
            task = (await do(world, "create", locationId=place.id, items=goods))["task"]
        async with statements(world) as done:
            await do(world, "complete", taskId=task["id"])
        counts.append((len(made), len(done)))

    assert counts[0] == counts[1]
