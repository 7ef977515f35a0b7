"""What moves usable stock without a posting (time zones, lots, the clock) leaves no stale sum."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.session import Session
from world import World

LEVEL = "select on_hand, expired from stock_levels_now"
DAY = date(2026, 6, 30)


async def level(world: World) -> tuple[Any, ...]:
    async with world.read() as session:
        return tuple(await session.one(text(LEVEL)))


async def test_a_time_zone_further_west_makes_expired_stock_usable_again(world: World) -> None:
    world.database.now = datetime(2026, 7, 1, 3, tzinfo=UTC)
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 4, lot=await world.lot(product, expiry=DAY))
    before = await level(world)

    await world.settings(time_zone="America/Los_Angeles")

    assert [before, await level(world)] == [(4, 4), (4, 0)]


async def test_a_time_zone_further_east_expires_stock_at_once(world: World) -> None:
    world.database.now = datetime(2026, 6, 30, 20, tzinfo=UTC)
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 4, lot=await world.lot(product, expiry=DAY))
    before = await level(world)

    await world.settings(time_zone="Asia/Tokyo")

    assert [before, await level(world)] == [(4, 0), (4, 4)]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2026, 2, 28)),
        ("Asia/Kathmandu", date(2026, 12, 31)),
        ("Pacific/Apia", date(2011, 12, 28)),  # the 30th did not take place there
        ("Pacific/Apia", date(2011, 12, 29)),
        ("America/Sao_Paulo", date(2018, 11, 3)),  # no midnight: clocks went from 0:00 to 1:00
        ("America/Sao_Paulo", date(2018, 2, 17)),  # 23:00 to 24:00 came twice
        ("Africa/Cairo", date(2026, 4, 23)),
        ("Europe/Berlin", date(2026, 3, 28)),
        ("America/Havana", date(2026, 10, 31)),
    ],
)
async def test_invariant_09_stock_expires_exactly_when_it_was_said_to(
    world: World, zone: str, day: date
) -> None:
    await world.settings(time_zone=zone)
    product, location = await world.product(), await world.location()
    world.database.now = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3)
    await world.stock(product, location, 1, lot=await world.lot(product, expiry=day))
    async with world.read() as session:
        said = await session.scalar(text("select next_expiry from stock_levels"))

    seen = []
    for moment in (said - timedelta(microseconds=1), said, said + timedelta(hours=2)):
        world.database.now = moment
        seen.append(await level(world))

    assert seen == [(1, 0), (1, 1), (1, 1)]


async def change_expiry(session: Session, lot: Any, expiry: date) -> None:
    """As every use case does: the lot first, then the levels of the buckets that it sees."""
    await session.call("update lots set expiry_date = $2 where id = $1", lot.id, expiry)
    places = "select array_agg({}) from inventory_items where lot_id = $1"
    keys = [
        await session.call(places.format(name), lot.id) or []
        for name in ("location_id", "product_id")
    ]
    await session.call("select stock_lock_levels($1, $2)", *keys)
    await session.call("select stock_refresh_levels($1, $2)", *keys)


@pytest.mark.parametrize("lot_first", [True, False])
async def test_a_lot_that_changes_while_its_first_units_come_in_is_counted_right(
    world: World, *, lot_first: bool
) -> None:
    product, location = await world.product(), await world.location()
    lot = await world.lot(product, expiry=date(2199, 1, 1))
    holding, waiting = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with world.write() as session:
            await act(session, is_lot=lot_first)
            holding.set()
            await waiting.wait()
            await asyncio.sleep(0.1)

    async def follow() -> None:
        await holding.wait()
        async with world.write() as session:
            waiting.set()
            await act(session, is_lot=not lot_first)

    async def act(session: Session, *, is_lot: bool) -> None:
        if is_lot:
            await change_expiry(session, lot, date(2000, 1, 1))
        else:
            rest = ", ".join(["null"] * 7)
            line = f"array[row('item_1', $1, $2, null, $3, 7, {rest})]"
            await session.call(
                """select stock_post('{"id": "txn_1", "kind": "RECEIPT", "actor": {}}',"""
                f" {line}::posting_line[])",
                product.id,
                location.id,
                lot.id,
            )

    async with asyncio.timeout(5):
        await asyncio.gather(hold(), follow())

    assert await level(world) == (7, 7)
