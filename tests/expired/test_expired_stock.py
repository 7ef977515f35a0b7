"""Expired stock: listed with its sums, marked whatever its date, used up, and destroyed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from graph import ask, refusal
from world import World

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LIST = """query ($filter: ExpiredStockFilter) { expiredStock(filter: $filter) {
  totals { quantity value }
  items { totalCount nodes { item { id onHand } daysExpired expiryStatus value } } } }"""
MARK = """mutation ($input: MarkExpiredInput!) { markExpired(input: $input) {
  items { id available expired } message } }"""
CONSUME = """mutation ($input: MarkConsumedInput!) { markConsumed(input: $input) {
  posting { kind } entries { delta quantityAfter item { id } } message } }"""
DESTROY = """mutation ($input: DestroyStockInput!, $dry: Boolean = false) {
  destroyStock(input: $input, dryRun: $dry) {
    posting { kind comment } transfer { destination { id } quantity lineCount }
    entries { delta location { id } lot { id } bin { id } }
    items { onHand available } message } }"""


async def levels(world: World) -> list[tuple[Any, ...]]:
    query = "select on_hand, expired from stock_levels order by location_id"
    async with world.read() as session:
        return [tuple(row) for row in await session.all(text(query))]


async def test_lists_what_has_expired_was_marked_or_expires_soon(world: World) -> None:
    world.database.now = NOW
    product, location = await world.product(unit_cost=Decimal("2.5")), await world.location()
    days = [date(2026, 5, 29), date(2026, 6, 1), date(2026, 6, 8), date(2026, 6, 9)]
    lots = [await world.lot(product, expiry=day) for day in days]
    gone, today, soon, _later = [
        await world.stock(product, location, 10 + n, lot=lot) for n, lot in enumerate(lots)
    ]
    bare = await world.stock(product, location, 5)
    await ask(world, MARK, input={"items": [{"inventoryItemId": bare}]})

    expired = await ask(world, LIST)
    near = await ask(world, LIST, filter={"withinDays": 7})
    at_once = await ask(world, LIST, filter={"withinDays": 0, "lotIdIn": [lots[1].id]})
    found = await refusal(world, LIST, filter={"withinDays": -1})

    def row(id: str, on_hand: int, days: int | None, status: str, value: float) -> Any:
        item = {"id": id, "onHand": on_hand}
        return {"item": item, "daysExpired": days, "expiryStatus": status, "value": value}

    first, last = row(gone, 10, 3, "EXPIRED", 25), row(bare, 5, None, "MARKED", 12.5)
    assert expired["expiredStock"] == {
        "totals": {"quantity": 15, "value": 37.5},
        "items": {"totalCount": 2, "nodes": [first, last]},
    }
    between = [row(today, 11, 0, "EXPIRING", 27.5), row(soon, 12, -7, "EXPIRING", 30)]
    assert near["expiredStock"]["items"]["nodes"] == [first, *between, last]
    assert near["expiredStock"]["totals"] == {"quantity": 38, "value": 95}
    assert at_once["expiredStock"]["items"]["nodes"] == [between[0]]
    assert (found["code"], found["field"]) == ("INVALID", "withinDays")


async def test_the_mark_of_a_lot_counts_everywhere_and_can_be_taken_back(world: World) -> None:
    product = await world.product()
    lot = await world.lot(product)
    here, there = await world.location(id="loc_a"), await world.location(id="loc_b")
    item = await world.stock(product, here, 3, lot=lot)
    await world.stock(product, there, 4, lot=lot)

    data = await ask(world, MARK, input={"items": [{"inventoryItemId": item}]})
    during = await levels(world)
    state = await ask(world, "query ($id: ID!) { lot(id: $id) { state } }", id=lot.id)
    undone = await ask(world, MARK, input={"lotIds": [lot.id], "undo": True})

    assert data["markExpired"]["items"][0] == {"id": item, "available": 0, "expired": 3}
    assert len(data["markExpired"]["items"]) == 2
    assert data["markExpired"]["message"] == "Marked 1 lot and 0 items without a lot."
    assert during == [(3, 3), (4, 4)]
    assert state["lot"]["state"] == "EXPIRED"
    assert {one["expired"] for one in undone["markExpired"]["items"]} == {0}
    assert await levels(world) == [(3, 0), (4, 0)]


async def test_invariant_19_a_mark_is_told_once(world: World) -> None:
    product, location = await world.product(), await world.location()
    lot = await world.lot(product)
    bare = await world.stock(product, location, 3)
    await world.stock(product, location, 4, lot=lot)
    wish = {"items": [{"inventoryItemId": bare}], "lotIds": [lot.id], "comment": "warm fridge"}

    await ask(world, MARK, input=wish)
    await ask(world, MARK, input=wish)

    query = (
        "select topic, aggregate_id, payload ->> 'reason' as reason from outbox"
        " where tenant_id = stock_tenant() and topic <> 'stock.posted' order by ordinal"
    )
    async with world.read() as session:
        rows = [tuple(row) for row in await session.all(text(query))]
    assert rows == [
        ("lot.created", lot.id, None),
        ("lot.changed", lot.id, "warm fridge"),
        ("item.marked", bare, "warm fridge"),
    ]


async def test_consumes_a_part_or_all(world: World) -> None:
    product, location = await world.product(), await world.location()
    bin = await world.bin(location)
    one = await world.stock(product, location, 3)
    other = await world.stock(product, location, 4, bin=bin)
    items = [{"inventoryItemId": one, "quantity": 1.5}, {"inventoryItemId": other}]

    data = await ask(world, CONSUME, input={"items": items})

    assert data["markConsumed"] == {
        "posting": {"kind": "CONSUMPTION"},
        "entries": [
            {"delta": -1.5, "quantityAfter": 1.5, "item": {"id": one}},
            {"delta": -4, "quantityAfter": 0, "item": {"id": other}},
        ],
        "message": "Consumed 5.5 units.",
    }
    assert await levels(world) == [(1.5, 0)]


async def test_destruction_writes_stock_off_even_on_hold(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 3, bin=await world.bin(location, type="HOLD"))
    wish = {
        "items": [{"inventoryItemId": item}],
        "method": "burnt",
        "witness": "A. Smith",
        "comment": "Lot was warm.",
    }

    tried = await ask(world, DESTROY, input=wish, dry=True)
    kept = await levels(world)
    data = await ask(world, DESTROY, input=wish)

    assert tried["destroyStock"] == data["destroyStock"]
    assert kept == [(3, 0)]
    assert data["destroyStock"]["posting"] == {
        "kind": "DESTRUCTION",
        "comment": "Method: burnt. Witness: A. Smith. Lot was warm.",
    }
    assert data["destroyStock"]["transfer"] is None
    assert await levels(world) == [(0, 0)]


async def test_invariant_03_what_is_moved_for_destruction_sums_to_zero(world: World) -> None:
    product = await world.product()
    lot = await world.lot(product)
    here, there = await world.location(id="loc_a"), await world.location(id="loc_b")
    bin = await world.bin(here)
    item = await world.stock(product, here, 5, lot=lot, bin=bin)
    wish = {
        "items": [{"inventoryItemId": item, "quantity": 2}],
        "destinationLocationId": there.id,
    }

    data = (await ask(world, DESTROY, input=wish))["destroyStock"]

    assert data["posting"] == {"kind": "TRANSFER", "comment": None}
    assert data["transfer"] == {"destination": {"id": there.id}, "quantity": 2, "lineCount": 1}
    assert data["entries"] == [
        {
            "delta": -2,
            "location": {"id": here.id},
            "lot": {"id": lot.id},
            "bin": {"id": bin.id},
        },
        {"delta": 2, "location": {"id": there.id}, "lot": {"id": lot.id}, "bin": None},
    ]
    assert data["items"] == [{"onHand": 3, "available": 3}, {"onHand": 2, "available": 0}]
    assert await levels(world) == [(5 - 2, 0), (2, 2)]


async def test_refusals_name_their_code_and_field(world: World, other_world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 3)
    held = await world.stock(product, location, 3, bin=await world.bin(location, type="HOLD"))
    theirs = await other_world.stock(await other_world.product(), await other_world.location(), 3)
    first, twice = {"inventoryItemId": item}, "items[1].inventoryItemId"
    cases: list[tuple[str, dict[str, Any], str, str]] = [
        (CONSUME, {"items": []}, "INVALID", "items"),
        (CONSUME, {"items": [first, first]}, "INVALID", twice),
        (CONSUME, {"items": [first | {"quantity": 0}]}, "INVALID", "items[0].quantity"),
        (CONSUME, {"items": [first | {"quantity": 4}]}, "INSUFFICIENT_STOCK", "items[0].quantity"),
        (CONSUME, {"items": [{"inventoryItemId": held}]}, "STOCK_HELD", "items[0].quantity"),
        (CONSUME, {"items": [first, {"inventoryItemId": theirs}]}, "NOT_FOUND", twice),
        (
            DESTROY,
            {"items": [first], "destinationLocationId": location.id},
            "INVALID",
            "items[0].inventoryItemId",
        ),
        (
            DESTROY,
            {"items": [first], "destinationLocationId": "loc_none"},
            "NOT_FOUND",
            "destinationLocationId",
        ),
        (MARK, {}, "INVALID", "items"),
        (MARK, {"items": [first, first]}, "INVALID", twice),
        (MARK, {"lotIds": ["lot_none"]}, "NOT_FOUND", "lotIds[0]"),
    ]
    for query, wish, code, field in cases:
        found = await refusal(world, query, input=wish)
        assert (found["code"], found["field"]) == (code, field), wish
    assert await levels(world) == [(6, 0)]
