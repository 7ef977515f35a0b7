"""Holds: what is held is promised to nobody, at once, by the clock, and nothing is stolen."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.actor import Author
from domain.errors import HoldEnded, InsufficientStock, Invalid, NotFound
from services import holds
from world import World

AUTHOR = Author("key_1", "Keeper")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LEVELS = "select on_hand, held, reserved from stock_levels_now order by location_id"


async def place(world: World, **wish: Any) -> Any:
    wish = {"type": "QUALITY", "reason": "smells"} | wish
    async with world.write() as session:
        return await holds.place(session, AUTHOR, holds.Wish(**wish))


async def release(world: World, *ids: str, **wish: Any) -> Any:
    async with world.write() as session:
        return await holds.release(session, AUTHOR, holds.Release(hold_ids=ids, **wish))


async def levels(world: World) -> list[tuple[Any, ...]]:
    async with world.read() as session:
        return [tuple(row) for row in await session.all(text(LEVELS))]


async def kept(world: World) -> bool:
    """Whether the kept sums are what the reader says, and nothing waits for the sweeper."""
    async with world.read() as session:
        rows = await session.all(
            text(
                "select s.held, q.held as live from stock_levels s cross join lateral"
                " live_level(s.tenant_id, s.location_id, s.product_id) q"
                " where s.tenant_id = stock_tenant()"
            )
        )
    return all(row.held == row.live for row in rows)


async def events(world: World) -> list[tuple[str, Any, Any]]:
    async with world.read() as session:
        rows = await session.all(
            text(
                "select topic, payload from outbox where tenant_id = stock_tenant()"
                " and topic like 'hold.%' order by ordinal"
            )
        )
    return [(row.topic, row.payload["before"], row.payload["after"]) for row in rows]


async def test_each_scope_holds_what_it_names(world: World) -> None:
    product, location = await world.product(), await world.location()
    lot, bin = await world.lot(product), await world.bin(location)
    item = await world.stock(product, location, 10)
    await world.stock(product, location, 4, lot=lot)
    await world.stock(product, location, 3, bin=bin)
    scopes: list[tuple[dict[str, Any], int]] = [
        ({"inventory_item_id": item}, 10),
        ({"inventory_item_id": item, "quantity": Decimal(6)}, 6),
        ({"lot_id": lot.id}, 4),
        ({"lot_id": lot.id, "location_id": location.id}, 4),
        ({"bin_id": bin.id}, 3),
        ({"product_id": product.id, "location_id": location.id, "quantity": Decimal(12)}, 12),
    ]
    for wish, held in scopes:
        placed = await place(world, **wish)
        during = await levels(world)
        await release(world, placed.hold.id)

        assert during == [(17, held, 0)], wish
        assert await levels(world) == [(17, 0, 0)], wish
        assert await kept(world)


async def test_a_lot_is_held_at_one_location_or_everywhere(world: World) -> None:
    product = await world.product()
    lot = await world.lot(product)
    here, there = await world.location(id="loc_a"), await world.location(id="loc_b")
    for location in (here, there):
        await world.stock(product, location, 5, lot=lot)

    at_one = await place(world, lot_id=lot.id, location_id=here.id)
    one = await levels(world)
    await place(world, lot_id=lot.id)
    everywhere = await levels(world)
    await release(world, at_one.hold.id)

    assert one == [(5, 5, 0), (5, 0, 0)]
    assert everywhere == await levels(world) == [(5, 5, 0), (5, 5, 0)]


async def test_parts_are_released_until_nothing_is_held(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    hold = (await place(world, inventory_item_id=item, quantity=Decimal(8))).hold

    first = (await release(world, hold.id, quantity=Decimal("2.5"))).holds[0]
    during = await levels(world)
    with pytest.raises(HoldEnded) as refused:
        await release(world, hold.id, quantity=Decimal(6))
    last = (await release(world, hold.id, quantity=Decimal("5.5"), reason="fine")).holds[0]
    with pytest.raises(HoldEnded) as again:
        await release(world, hold.id)

    assert (first.state, first.quantity_released) == ("ACTIVE", Decimal("2.5"))
    assert during == [(10, Decimal("5.5"), 0)]
    assert refused.value.details == {"holdId": hold.id, "held": Decimal("5.5"), "asked": 6}
    assert (last.state, last.quantity_released, last.release_reason) == ("RELEASED", 8, "fine")
    assert again.value.details == {"holdId": hold.id, "state": "RELEASED"}
    assert await levels(world) == [(10, 0, 0)]


async def test_invariant_09_a_hold_ends_by_the_clock_and_the_sweeper_only_writes_it(
    world: World,
) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    until = NOW + timedelta(hours=1)
    hold = (await place(world, inventory_item_id=item, expires_at=until)).hold

    world.database.now = until - timedelta(seconds=1)
    before = await levels(world)
    world.database.now = until
    at_once = await levels(world)
    with pytest.raises(HoldEnded):
        await release(world, hold.id)
    swept = await holds.sweep(world.database)
    again = await holds.sweep(world.database)

    assert before == [(10, 10, 0)]
    assert at_once == await levels(world) == [(10, 0, 0)]
    assert (swept, again) == (1, 0)
    topic, was, became = (await events(world))[-1]
    assert (topic, was["state"], became["state"]) == ("hold.expired", "ACTIVE", "EXPIRED")


async def test_invariant_19_every_change_of_a_hold_is_told_once(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    hold = (await place(world, inventory_item_id=item, quantity=Decimal(8))).hold
    await release(world, hold.id, quantity=Decimal(3))

    (placed, nothing, first), (released, before, after) = await events(world)

    assert (placed, nothing, released) == ("hold.placed", None, "hold.released")
    assert first == before
    assert (first["scope"], first["inventoryItemId"], first["quantity"]) == ("ITEM", item, 8)
    assert after == before | {"quantityReleased": 3}


async def test_reserved_units_are_told_and_never_stolen(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    promise = await world.reserve(item, 4, reference="order 1")

    placed = await place(world, inventory_item_id=item, quantity=Decimal(7))

    assert await levels(world) == [(10, 7, 4)]
    assert [
        (one.reservation_id, one.quantity, one.displaced_to_id)
        for one in placed.affected_reservations
    ] == [(promise, 4, None)]
    assert placed.message == "Held 7 units; 1 reservations need units that are held."


async def test_reservations_are_displaced_to_buckets_with_room(world: World) -> None:
    product, location = await world.product(), await world.location()
    bins = [await world.bin(location) for _ in range(3)]
    item, small, large = [
        await world.stock(product, location, quantity, bin=bin)
        for quantity, bin in zip((10, 2, 6), bins, strict=True)
    ]
    promises = [await world.reserve(item, quantity) for quantity in (2, 5, 3)]

    placed = await place(world, inventory_item_id=item, displace_reservations=True)

    went = {one.reservation_id: one.displaced_to_id for one in placed.affected_reservations}
    assert went == {promises[2]: large, promises[1]: None, promises[0]: small}
    async with world.read() as session:
        rows = await session.all(
            text("select id, reserved from inventory_items where tenant_id = stock_tenant()")
        )
        former = await session.all(
            text("select id from reservations_history where tenant_id = stock_tenant()")
        )
    assert {row.id: row.reserved for row in rows} == {item: 5, small: 2, large: 3}
    assert {row.id for row in former} == {promises[0], promises[2]}
    assert await levels(world) == [(18, 10, 10)]


async def test_no_more_is_held_than_is_there(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    await place(world, inventory_item_id=item, quantity=Decimal(6))

    with pytest.raises(InsufficientStock) as refused:
        await place(world, inventory_item_id=item, quantity=Decimal(5))

    assert refused.value.details == {"asked": 5, "onHand": 10, "held": 6}
    assert await levels(world) == [(10, 6, 0)]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "inventoryItemId"),
        ({"lot_id": "lot_x", "bin_id": "bin_x"}, "binId"),
        ({"lot_id": "lot_x", "quantity": Decimal(1)}, "quantity"),
        ({"product_id": "prod_x", "location_id": "loc_x"}, "quantity"),
        ({"product_id": "prod_x", "quantity": Decimal(1)}, "locationId"),
        ({"bin_id": "bin_x", "location_id": "loc_x"}, "locationId"),
        ({"inventory_item_id": "item_x", "quantity": Decimal(0)}, "quantity"),
        ({"inventory_item_id": "item_x", "quantity": Decimal("1.0000001")}, "quantity"),
        ({"inventory_item_id": "item_x", "quantity": Decimal("NaN")}, "quantity"),
        ({"inventory_item_id": "item_x", "quantity": Decimal("1e30")}, "quantity"),
        ({"inventory_item_id": "item_x", "reason": " "}, "reason"),
        ({"inventory_item_id": "item_x", "type": "OWN"}, "type"),
    ],
)
async def test_refuses_what_is_no_hold(world: World, wish: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await place(world, **wish)

    assert refused.value.field == field


async def test_things_of_another_tenant_cannot_be_held(world: World, other_world: World) -> None:
    product, location = await other_world.product(), await other_world.location()
    item = await other_world.stock(product, location, 10)
    hold = (await place(other_world, inventory_item_id=item)).hold

    with pytest.raises(NotFound):
        await place(world, inventory_item_id=item)
    with pytest.raises(NotFound) as missing:
        await release(world, hold.id)
    with pytest.raises(Invalid):
        await release(other_world, hold.id, quantity=Decimal(1))
    with pytest.raises(Invalid):
        await release(other_world, hold.id, hold.id)

    assert missing.value.field == "holdIds[0]"


async def test_an_expiry_that_is_past_is_refused(world: World) -> None:
    world.database.now = NOW
    item = await world.stock(await world.product(), await world.location(), 1)

    with pytest.raises(Invalid) as refused:
        await place(world, inventory_item_id=item, expires_at=NOW)

    assert refused.value.field == "expiresAt"


async def test_a_hold_and_issues_at_once_never_hold_what_has_left(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)

    async def hold() -> int:
        try:
            await place(world, inventory_item_id=item, quantity=Decimal(4))
        except InsufficientStock:
            return 0
        return 4

    held, _ = await asyncio.gather(
        asyncio.gather(*(hold() for _ in range(4))),
        asyncio.gather(*(world.issue(product, location, 1) for _ in range(4))),
    )

    assert sum(held) in (4, 8)
    ((on_hand, shown, reserved),) = await levels(world)
    assert (on_hand, reserved, shown) == (6, 0, min(sum(held), 6))
    assert await kept(world)


async def test_a_new_bucket_of_a_lot_that_is_being_held_is_held(world: World) -> None:
    product = await world.product()
    lot = await world.lot(product)
    places = [await world.location() for _ in range(8)]
    await world.stock(product, places[0], 1, lot=lot)

    await asyncio.gather(
        *(world.stock(product, place_, 1, lot=lot) for place_ in places[1:4]),
        place(world, lot_id=lot.id),
        *(world.stock(product, place_, 1, lot=lot) for place_ in places[4:]),
    )

    assert await levels(world) == [(1, 1, 0)] * 8
    assert await kept(world)


async def test_invariant_08_the_same_units_are_released_once(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    hold = (await place(world, inventory_item_id=item, quantity=Decimal(5))).hold

    async def part() -> bool:
        try:
            await release(world, hold.id, quantity=Decimal(2))
        except HoldEnded:
            return False
        return True

    done = await asyncio.gather(*(part() for _ in range(6)))

    assert sum(done) == 2
    assert await levels(world) == [(10, 1, 0)]
    assert await kept(world)
