"""Reservations by REST, in the style of the documented rows."""

from datetime import UTC, datetime
from typing import Any

from clients import client_of
from world import World

AT = "/api/inventory/reservations"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def reserved(shown: dict[str, Any], product: Any, location: Any) -> dict[str, Any]:
    """The whole answer to four units that were reserved of ten."""
    line = {
        "number": 1,
        "productMasterId": product.id,
        "locationId": location.id,
        "asked": 4,
        "reserved": 4,
        "consumed": 0,
        "released": 0,
        "expired": 0,
        "remaining": 4,
        "atpBefore": 10,
        "items": [],
    }
    return {
        "success": True,
        "reservation": {
            "id": shown["id"],
            "status": "ACTIVE",
            "kind": "SOFT",
            "channelId": "DTC",
            "reference": "SO-1",
            "expiresAt": "2026-06-01T12:15:00Z",
            "lines": [line],
            "createdBy": shown["createdBy"],
            "createdAt": "2026-06-01T12:00:00Z",
            "updatedAt": "2026-06-01T12:00:00Z",
        },
        "lines": [{"index": 0, "asked": 4, "reserved": 4, "shortfall": 0, "atp": 10}],
        "message": "Reserved 4 units",
    }


async def test_an_order_is_reserved_extended_and_handed_out(world: World) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    await world.channel("DTC")
    line = {"productMasterId": product.id, "locationId": location.id, "quantity": 4}
    body: dict[str, Any] = {"channelId": "DTC", "reference": "SO-1", "lines": [line]}
    async with client_of(world) as client:
        made = await client.rest("POST", AT, json=body)
        id = made.json()["reservation"]["id"]
        named = {"reservationId": id}
        longer = await client.rest("POST", f"{AT}/extend", json={**named, "ttlSeconds": 3600})
        firm = await client.rest("POST", f"{AT}/firm-up", json=named)
        part = {**named, "lines": [{"number": 1, "quantity": 3}]}
        consumed = await client.rest("POST", f"{AT}/consume", json=part)
        released = await client.rest("POST", f"{AT}/release", json=named)
        again = await client.rest("POST", f"{AT}/release", json=named)
        one = await client.get(f"{AT}/{id}")
        missing = await client.rest("GET", f"{AT}/resv_none")
        listed = await client.get(AT, channelId="DTC", reference="SO-1", status="CONSUMED")

    assert made.status_code == 201, made.text
    assert made.json() == reserved(made.json()["reservation"], product, location)
    assert longer.json()["reservation"]["expiresAt"] == "2026-06-01T13:00:00Z"
    assert firm.json()["reservation"]["lines"][0]["items"] == [
        {"inventoryItemId": item, "quantity": 4}
    ]
    assert [one["deltaQty"] for one in consumed.json()["transactions"]] == [-3]
    assert released.json()["message"] == "Released 1 units."
    assert (again.status_code, again.json()["code"]) == (409, "RESERVATION_ENDED")
    assert one["reservation"] == released.json()["reservation"]
    assert (missing.status_code, missing.json()["error"]) == (
        404,
        "Reservation not found or not accessible",
    )
    assert listed["reservations"] == [one["reservation"]]


async def test_rest_names_the_field_as_its_body_does(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.channel("DTC")
    line = {"productMasterId": product.id, "locationId": location.id, "quantity": 1}
    async with client_of(world) as client:
        body: dict[str, Any] = {"channelId": "DTC", "lines": [line]}
        short = await client.rest("POST", AT, json=body)
        lost = {**line, "productMasterId": "prod_none"}
        unknown = await client.rest("POST", AT, json={**body, "lines": [lost]})
        long = await client.rest("POST", AT, json={**body, "ttlSeconds": 10**6})
        reader = await client.rest("POST", AT, json={**body, "lines": [{**line, "qty": 1}]})

    assert (short.status_code, short.json()["code"]) == (409, "INSUFFICIENT_ATP")
    assert short.json()["details"]["field"] == "lines[0].quantity"
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NOT_FOUND")
    assert (long.status_code, long.json()["code"]) == (400, "TTL_REFUSED")
    assert (reader.status_code, reader.json()["code"]) == (400, "INVALID")
