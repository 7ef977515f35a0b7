"""Orders with vendors: read, expected where they say, and received in part or over."""

from typing import Any

from clients import client_of
from graph import ask, refusal
from transfer_acts import Moving
from world import World

RECEIVE = """mutation ($input: ReceiveStockInput!) { receiveStock(input: $input) {
  entries { delta } } }"""
LINE = """query ($id: ID!) { purchaseOrderLine(id: $id) {
  status quantity received outstanding isOpen } }"""
EXPECTED = """query ($id: ID!) { product(id: $id) { expectedSupply {
  kind quantity dueOn sourceType sourceId sourceNumber location { id } } } }"""


async def ordered(world: World, quantity: int, **values: Any) -> tuple[Any, Any, Any]:
    product, location, vendor = await world.product(), await world.location(), await world.vendor()
    values = {"location_id": location.id} | values
    return product, location, await world.order(vendor, product, quantity, **values)


def receipt(product: Any, location: Any, order: Any, quantity: int) -> dict[str, Any]:
    line = {"productId": product.id, "quantity": quantity, "purchaseOrderLineId": order.id}
    return {"locationId": location.id, "lines": [line]}


async def test_an_order_is_expected_until_it_has_come(world: World) -> None:
    product, location, order = await ordered(world, 10)

    assert (await ask(world, EXPECTED, id=product.id))["product"]["expectedSupply"] == [
        {
            "kind": "ORDERED",
            "quantity": 10,
            "dueOn": None,
            "sourceType": "PURCHASE_ORDER",
            "sourceId": order.id,
            "sourceNumber": order.order_number,
            "location": {"id": location.id},
        }
    ]
    await ask(world, RECEIVE, input=receipt(product, location, order, 4))
    assert (await ask(world, LINE, id=order.id))["purchaseOrderLine"] == {
        "status": "APPROVED",
        "quantity": 10,
        "received": 4,
        "outstanding": 6,
        "isOpen": True,
    }
    await ask(world, RECEIVE, input=receipt(product, location, order, 7))
    assert (await ask(world, LINE, id=order.id))["purchaseOrderLine"] == {
        "status": "COMPLETE",
        "quantity": 10,
        "received": 11,
        "outstanding": 0,
        "isOpen": False,
    }
    assert (await ask(world, EXPECTED, id=product.id))["product"]["expectedSupply"] == []


async def test_what_no_order_expects_is_refused_and_nothing_is_received(world: World) -> None:
    product, location, order = await ordered(world, 10)
    other, elsewhere = await world.product(), await world.location()
    vendor = await world.vendor()
    done = await world.order(vendor, product, 1, status="COMPLETE")
    wrong = [
        (receipt(other, location, order, 1), "INVALID"),
        (receipt(product, elsewhere, order, 1), "INVALID"),
        (receipt(product, location, done, 1), "CONFLICT"),
        (receipt(product, location, type("No", (), {"id": "poln_no"}), 1), "NOT_FOUND"),
    ]

    for wish, code in wrong:
        refused = await refusal(world, RECEIVE, input=wish)
        assert (refused["code"], refused["field"]) == (code, "lines[0].purchaseOrderLineId")

    assert (await ask(world, LINE, id=order.id))["purchaseOrderLine"]["received"] == 0
    assert await ask(world, "{ ledgerEntries { totalCount } }") == {
        "ledgerEntries": {"totalCount": 0}
    }


async def test_vendors_and_orders_are_found_from_each_other(world: World) -> None:
    product, _location, order = await ordered(world, 3)
    await world.order(await world.vendor(), product, 5, status="REJECTED")
    query = """query ($id: ID!) {
      purchaseOrderLines(filter: {isOpen: true}) { nodes { id vendor { code orderLines {
        totalCount } } } }
      product(id: $id) { purchaseOrderLines { totalCount } vendorProducts { totalCount } } }"""

    found = await ask(world, query, id=product.id)

    assert [one["id"] for one in found["purchaseOrderLines"]["nodes"]] == [order.id]
    assert found["purchaseOrderLines"]["nodes"][0]["vendor"]["orderLines"] == {"totalCount": 1}
    assert found["product"] == {
        "purchaseOrderLines": {"totalCount": 2},
        "vendorProducts": {"totalCount": 0},
    }


async def test_what_is_on_its_way_is_on_order(world: World) -> None:
    move = await Moving.make(world, 10)
    await world.channel()
    await world.order(await world.vendor(), move.product, 5, location_id=move.dest.id)
    await move.to("IN_TRANSIT")

    async with client_of(world) as client:
        path = f"/api/products/{move.product.id}/inventory-levels"
        levels = (await client.get(path))["levels"]
        summary = await client.get("/api/inventory/channel/summary", locationId=move.dest.id)
        source = await client.get("/api/inventory/channel/summary", locationId=move.source.id)

    on_order = {level["locationId"]: level["onOrder"] for level in levels}
    assert on_order == {move.source.id: 0, move.dest.id: 15}
    assert [one["onOrder"] for one in summary["channels"]] == [15]
    assert [one["onOrder"] for one in source["channels"]] == [0]


async def test_bins_tell_what_they_hold(world: World) -> None:
    product, other, location = await world.product(), await world.product(), await world.location()
    bin = await world.bin(location, code="A-1", name="Aisle", zone="North")
    held = await world.bin(location, code="B-1", type="QUARANTINE")
    item = await world.stock(product, location, 10, bin=bin)
    await world.stock(other, location, 3, bin=bin)
    await world.stock(product, location, 2, bin=held)
    await world.reserve(item, 4)

    async with client_of(world) as client:
        path = "/api/inventory/transfers/bins"
        whole = await client.get(path, locationId=location.id)
        of_one = await client.get(path, locationId=location.id, productMasterId=product.id)
        missing = await client.rest("GET", path)

    assert whole["bins"] == [
        {
            "id": bin.id,
            "code": "A-1",
            "name": "Aisle",
            "type": "STANDARD",
            "zone": "North",
            "onHand": 13,
            "available": 9,
            "isHold": False,
            "active": True,
        },
        {
            "id": held.id,
            "code": "B-1",
            "name": None,
            "type": "QUARANTINE",
            "zone": None,
            "onHand": 2,
            "available": 0,
            "isHold": True,
            "active": True,
        },
    ]
    assert [(one["onHand"], one["available"]) for one in of_one["bins"]] == [(10, 6), (2, 0)]
    assert missing.json()["error"] == "locationId is required"
