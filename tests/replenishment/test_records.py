"""Replenishment records: the documented rows, every step, and what is on order meanwhile."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from clients import client_of
from domain.actor import SYSTEM
from graph import ask, refusal
from services import replenishment
from world import World

PATH = "/api/inventory/replenishment"
D = Decimal
WHOLE = """record { id number status quantity quantityReceived reference transferId allowedActions
  events { action toStatus comment reason posting { kind reference } } } message"""


def mutation(name: str) -> str:
    type_ = {
        "approve": "ReplenishmentStepInput",
        "close": "ReplenishmentStepInput",
        "cancel": "ReplenishmentStepInput",
    }.get(name, f"{name.capitalize()}ReplenishmentInput")
    return f"mutation ($input: {type_}!) {{ {name}Replenishment(input: $input) {{ {WHOLE} }} }}"


async def do(world: World, name: str, **input: Any) -> Any:
    return (await ask(world, mutation(name), input=input))[f"{name}Replenishment"]["record"]


async def made(world: World, **more: Any) -> tuple[Any, Any, Any]:
    product, location = await world.product(unit_cost=D(2)), await world.location()
    wish = {"productId": product.id, "locationId": location.id, "quantity": 30} | more
    return await do(world, "create", **wish), product, location


async def on_order(world: World, product: Any, location: Any) -> Decimal:
    """What suggestions count as on order at the place."""
    async with world.write() as session:
        values = {"product_id": product.id, "location_id": location.id, "method": "REORDER_POINT"}
        await replenishment.configure(session, SYSTEM, values, None)
    async with world.read() as session:
        wish = replenishment.Wish(product_ids=[product.id], only_below=False)
        found = await replenishment.suggest(session, wish)
    return sum((one.row.on_order for one in found.suggestions), D(0))


async def test_the_documented_rows(world: World) -> None:
    world.database.now = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    await world.product(id="prod_1", name="Gloves")
    await world.location(id="loc_1")
    await world.location(id="loc_2")
    body = {
        "productMasterId": "prod_1",
        "locationId": "loc_1",
        "quantity": 48,
        "sourceLocationId": "loc_2",
        "neededBy": "2024-02-01",
        "comment": "Soon.",
    }
    async with client_of(world) as client:
        answer = await client.rest("POST", PATH, json=body)
        listed = (await client.rest("GET", f"{PATH}?status=PENDING&locationId=loc_1")).json()
        other = (await client.rest("GET", f"{PATH}?status=APPROVED")).json()

    record = {
        "id": answer.json()["record"]["id"],
        "number": "REPL-000001",
        "productMasterId": "prod_1",
        "productName": "Gloves",
        "locationId": "loc_1",
        "sourceLocationId": "loc_2",
        "quantity": 48,
        "quantityReceived": 0,
        "status": "PENDING",
        "method": None,
        "neededBy": "2024-02-01",
        "reference": None,
        "comment": "Soon.",
        "createdBy": answer.json()["record"]["createdBy"],
        "createdAt": "2024-01-15T10:30:00Z",
        "updatedAt": "2024-01-15T10:30:00Z",
        "transferId": None,
    }
    message = "Created REPL-000001."
    assert answer.status_code == 201
    assert answer.json() == {"success": True, "record": record, "message": message}
    assert listed["records"] == [record]
    assert other["records"] == []


async def test_is_ordered_of_the_supplier_and_received_in_parts(world: World) -> None:
    record, product, location = await made(world)
    id = record["id"]
    await do(world, "edit", recordId=id, quantity=40)
    await do(world, "approve", recordId=id, comment="Fine.")
    await do(world, "order", recordId=id, reference="PO-7")
    waiting = await on_order(world, product, location)

    first = await do(world, "receive", recordId=id, quantity=25)
    half = await on_order(world, product, location)
    last = await do(world, "receive", recordId=id, quantity=15)

    assert [(e["action"], e["toStatus"]) for e in last["events"]] == [
        ("CREATE", "PENDING"),
        ("EDIT", "PENDING"),
        ("APPROVE", "APPROVED"),
        ("ORDER", "ORDERED"),
        ("RECEIVE", "PARTIALLY_RECEIVED"),
        ("RECEIVE", "RECEIVED"),
    ]
    assert last["events"][5]["posting"] == {"kind": "RECEIPT", "reference": "REPL-000001"}
    assert (first["quantityReceived"], first["allowedActions"]) == (25, ["RECEIVE", "CLOSE"])
    assert (last["quantityReceived"], last["reference"], last["allowedActions"]) == (40, "PO-7", [])
    assert (waiting, half, await on_order(world, product, location)) == (40, 15, 0)
    async with client_of(world) as client:
        items = (await client.rest("GET", "/api/inventory")).json()["items"]
    assert [item["quantityOnHand"] for item in items] == [40]


async def test_becomes_a_transfer_from_its_source(world: World) -> None:
    source = await world.location()
    record, product, location = await made(world, sourceLocationId=source.id)
    await do(world, "approve", recordId=record["id"])

    ordered = await do(world, "order", recordId=record["id"])
    refused = await refusal(world, mutation("cancel"), input={"recordId": record["id"]})

    found = await ask(
        world,
        "query ($id: ID!) { transfer(id: $id) { status reference lines { quantity } } }",
        id=ordered["transferId"],
    )
    assert found["transfer"] == {
        "status": "SUBMITTED",
        "reference": "REPL-000001",
        "lines": [{"quantity": 30}],
    }
    assert (ordered["status"], ordered["allowedActions"]) == ("ORDERED", [])
    assert (refused["code"], refused["details"]) == (
        "IN_USE",
        {"transferId": ordered["transferId"]},
    )
    assert await on_order(world, product, location) == 30


@pytest.mark.parametrize("name", ["reject", "cancel"])
async def test_counts_no_longer_when_it_is_not_to_come(world: World, name: str) -> None:
    record, product, location = await made(world)
    before = await on_order(world, product, location)

    more = {"reason": "Too many"} if name == "reject" else {}
    ended = await do(world, name, recordId=record["id"], **more)

    assert ended["events"][-1]["reason"] == more.get("reason")
    assert (before, await on_order(world, product, location)) == (30, 0)


@pytest.mark.parametrize(
    ("steps", "name", "input", "code"),
    [
        ([], "order", {}, "ILLEGAL_STEP"),
        ([], "receive", {"quantity": 1}, "ILLEGAL_STEP"),
        (["approve"], "edit", {"quantity": 5}, "ILLEGAL_STEP"),
        (["approve"], "reject", {"reason": "No"}, "ILLEGAL_STEP"),
        (["approve", "order"], "receive", {"quantity": 31}, "QUANTITY_REFUSED"),
        (["approve", "order"], "receive", {"quantity": 0}, "QUANTITY_REFUSED"),
        (["cancel"], "approve", {}, "ILLEGAL_STEP"),
        ([], "approve", {"expectedVersion": 9}, "STALE_VERSION"),
        ([], "edit", {"quantity": 0.5}, "QUANTITY_REFUSED"),
        ([], "edit", {"sourceLocationId": "loc_none"}, "NOT_FOUND"),
    ],
)
async def test_refuses_a_step_and_changes_nothing(
    world: World, steps: list[str], name: str, input: dict[str, Any], code: str
) -> None:
    record, _product, _location = await made(world)
    for step in steps:
        await do(world, step, recordId=record["id"])

    refused = await refusal(world, mutation(name), input={"recordId": record["id"]} | input)

    found = await ask(
        world,
        "query ($id: ID!) { replenishment(id: $id) { version } }",
        id=record["id"],
    )
    assert (refused["code"], found["replenishment"]["version"]) == (code, 1 + len(steps))
