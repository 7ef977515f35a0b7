"""The sweeper makes kept sums cheap again; it never changes what a reader sees."""

from datetime import UTC, date, datetime

from sqlalchemy import text

from services import stock
from world import World

NUMBERS = "on_hand, expired, held, reserved, next_expiry"


async def test_invariant_09_a_read_at_the_expiry_equals_a_read_after_the_sweep(
    world: World,
) -> None:
    world.database.now = datetime(2026, 2, 1, tzinfo=UTC)
    location, product = await world.location(), await world.product()
    for day in (10, 20):
        lot = await world.lot(product, expiry=date(2026, 2, day))
        await world.stock(product, location, day, lot=lot)

    world.database.now = datetime(2026, 2, 11, tzinfo=UTC)
    async with world.read() as session:
        before = await session.one(text(f"select {NUMBERS} from stock_levels_now"))
        kept = await session.one(text(f"select {NUMBERS} from stock_levels"))
    await stock.sweep(world.database)
    async with world.read() as session:
        after = await session.one(text(f"select {NUMBERS} from stock_levels"))

    assert tuple(kept) == (30, 0, 0, 0, datetime(2026, 2, 11, tzinfo=UTC))
    assert tuple(before) == (30, 10, 0, 0, datetime(2026, 2, 21, tzinfo=UTC))
    assert tuple(after) == tuple(before)
