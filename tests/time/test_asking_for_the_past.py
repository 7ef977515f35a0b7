"""How former moments are asked for, in the graph and by REST, and what is refused."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from clients import client_of
from domain import positions
from domain.actor import SYSTEM
from graph import ask, refusal, statements
from resolvers import context
from services import atp, stock
from world import World

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ITEMS = """query ($asOf: DateTime, $knownAt: Position, $atLeast: Position) {
  inventoryItems(asOf: $asOf, knownAt: $knownAt, atLeast: $atLeast) { nodes { onHand } } }"""
MATRIX = """query ($at: ID!, $asOf: DateTime, $knownAt: Position) {
  atpMatrix(locationId: $at, asOf: $asOf, knownAt: $knownAt) { asOf position
    rows { nodes { product { id levels { nodes { onHand } } } totalOnHand } } } }"""


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


async def receive(world: World, hours: float, *, happened: float | None = None) -> Any:
    """Receive 10 units of a product; the location."""
    world.database.now = at(hours)
    product, location = await world.product(), await world.location()
    line = stock.Line(
        product_id=product.id,
        location_id=location.id,
        delta=Decimal(10),
        occurred_at=None if happened is None else at(happened),
    )
    async with world.write() as session:
        await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[line]))
    return location


async def position(world: World) -> str:
    async with world.read() as session:
        return (await atp.moment(session)).position


async def on_hand(world: World, **asked: Any) -> list[int]:
    return [row["onHand"] for row in (await ask(world, ITEMS, **asked))["inventoryItems"]["nodes"]]


async def test_what_is_recorded_later_is_not_known_at_an_earlier_position(world: World) -> None:
    await receive(world, 0)
    then = await position(world)
    await receive(world, 2, happened=-1)

    assert await on_hand(world) == [10, 10]
    assert await on_hand(world, asOf=at(-0.5).isoformat()) == [10]
    assert await on_hand(world, knownAt=then) == [10]
    assert await on_hand(world, asOf=at(-0.5).isoformat(), knownAt=then) == []


async def test_a_matrix_says_of_which_moment_and_position_it_is(world: World) -> None:
    location = await receive(world, 0)
    then = await position(world)
    world.database.now = at(5)

    past = (await ask(world, MATRIX, at=location.id, asOf=at(1).isoformat()))["atpMatrix"]
    known = (await ask(world, MATRIX, at=location.id, knownAt=then))["atpMatrix"]

    assert past["asOf"] == "2026-03-01T13:00:00Z"
    assert positions.decode(past["position"]).when == at(5)
    assert (known["asOf"], known["position"]) == ("2026-03-01T17:00:00Z", then)


async def test_everything_below_a_field_is_of_its_moment_and_nothing_beside_it(
    world: World,
) -> None:
    world.database.now = at(0)
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 3)
    world.database.now = at(2)
    await world.stock(product, location, 4)
    world.database.now = at(4)
    text = """query ($id: ID!, $then: DateTime, $before: DateTime) {
      now: product(id: $id) { levels { nodes { onHand } } }
      then: product(id: $id, asOf: $then) { levels { nodes { onHand } }
        items { nodes { onHand level { onHand } } } }
      before: product(id: $id, asOf: $before) { levels { nodes { onHand } }
        atpByLocation(asOf: $then) { onHand } } }"""

    found = await ask(world, text, id=product.id, then=at(1).isoformat(), before=at(-1).isoformat())

    assert found == {
        "now": {"levels": {"nodes": [{"onHand": 7}]}},
        "then": {
            "levels": {"nodes": [{"onHand": 3}]},
            "items": {"nodes": [{"onHand": 3, "level": {"onHand": 3}}]},
        },
        "before": {"levels": {"nodes": []}, "atpByLocation": []},
    }


async def test_two_moments_are_read_on_one_snapshot(world: World) -> None:
    await receive(world, 0)
    world.database.now = at(2)
    text = """query ($asOf: DateTime) { a: inventoryItems(asOf: $asOf) { nodes { onHand } }
      b: inventoryItems { nodes { onHand } } }"""

    async with statements(world) as found:
        await ask(world, text, asOf=at(1).isoformat())

    assert len(found) == 3  # the moment, and a list of each


async def test_a_moment_that_has_not_come_is_refused(world: World) -> None:
    await receive(world, 0)

    found = await refusal(world, ITEMS, asOf=at(0.001).isoformat())

    assert (found["code"], found["field"], found["message"]) == (
        "FUTURE_MOMENT",
        "asOf",
        "asOf is in the future.",
    )
    assert await on_hand(world, asOf=at(0).isoformat()) == [10]


@pytest.mark.parametrize("field", ["knownAt", "atLeast"])
@pytest.mark.parametrize("text", ["", "x", "A" * 32, "é" * 32])
async def test_what_is_no_position_of_this_database_is_refused(
    world: World, field: str, text: str
) -> None:
    found = await refusal(world, ITEMS, **{field: text})

    assert (found["code"], found["field"]) == ("UNKNOWN_POSITION", field)


async def test_a_read_sees_at_least_what_a_write_has_written(world: World) -> None:
    text = """mutation { createLocation(input: {code: "A", name: "A", type: "S"}) { position } }"""
    written = (await ask(world, text))["createLocation"]["position"]

    await ask(world, ITEMS, atLeast=written)


async def test_a_position_that_is_not_reached_in_time_is_told(
    world: World, monkeypatch: Any
) -> None:
    monkeypatch.setattr(context, "REACH_SECONDS", 0.1)
    place = positions.decode(await position(world))
    ahead = positions.encode(place.cluster, f"{10**15}:{10**15}:", place.when)

    found = await refusal(world, ITEMS, atLeast=ahead)

    assert (found["code"], found["field"]) == ("POSITION_NOT_REACHED", "atLeast")


async def test_a_read_waits_for_what_is_still_being_written(world: World) -> None:
    await world.location()
    async with world.write() as session:
        seen = (await atp.moment_of_write(session)).position
        await session.call("update locations set name = 'new' returning 1")
        text = """query ($p: Position) { locations(atLeast: $p) { nodes { name } } }"""

        reading = asyncio.create_task(ask(world, text, p=seen))
        done, _ = await asyncio.wait([reading], timeout=0.3)
        assert not done
    assert await reading == {"locations": {"nodes": [{"name": "new"}]}}


async def test_the_documented_rows_take_a_moment(world: World) -> None:
    world.database.now = at(0)
    product, location = await world.product(), await world.location()
    lot = await world.lot(product, expiry=date(2026, 3, 2))
    await world.stock(product, location, 3, lot=lot)
    await world.channel("DTC")
    world.database.now = at(48)
    await world.stock(product, location, 4, lot=lot)

    async with client_of(world) as client:
        past = at(1).strftime("%Y-%m-%dT%H:%M:%SZ")
        matrix = await client.get(
            "/api/inventory/channel-location", locationId=location.id, asOf=past
        )
        expired = await client.get("/api/inventory/expired", asOf=past)
        soon = await client.get("/api/inventory/expired", asOf=past, withinDays=1)
        now = await client.get("/api/inventory/expired")
        ahead = await client.rest(
            "GET", "/api/inventory/expired", params={"asOf": "2030-01-01T00:00:00Z"}
        )

    assert [row["totalOnHand"] for row in matrix["products"]] == [3]
    assert [(row["quantityOnHand"], row["expiryStatus"]) for row in soon["items"]] == [
        (3, "EXPIRING")
    ]
    assert (expired["items"], now["totals"]["quantity"]) == ([], 7)
    assert (ahead.status_code, ahead.json()["code"], ahead.json()["details"]["field"]) == (
        400,
        "FUTURE_MOMENT",
        "asOf",
    )
