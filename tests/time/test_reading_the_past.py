"""What the one reader says of a former moment."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM
from models.past import Past
from services import atp, stock
from services.stock import reading
from world import World

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


async def post(world: World, item: Any, delta: int, occurred_at: datetime | None = None) -> str:
    """Change the bucket of a product at a location; give the posting's id."""
    product, location = item
    line = stock.Line(
        product_id=product.id,
        location_id=location.id,
        delta=Decimal(delta),
        occurred_at=occurred_at,
    )
    kind = "RECEIPT" if delta > 0 else "ISSUE"
    async with world.write() as session:
        posted = await stock.post(session, stock.Posting(kind=kind, author=SYSTEM, lines=[line]))
    return posted.id


async def level(world: World, item: Any, past: Past | None) -> tuple[int, int, int, int] | None:
    """On hand, expired, held and reserved; None where nothing was stocked."""
    pair = (item[1].id, item[0].id)
    async with world.database.read(world.tenant_id, past=past) as session:
        row = (await reading.levels_by_pair(session, [pair])).get(pair)
    return row and tuple(int(n) for n in (row.on_hand, row.expired, row.held, row.reserved))


async def test_a_level_is_what_it_was_at_each_moment(world: World) -> None:
    item = await world.product(), await world.location()
    world.database.now = at(0)
    await post(world, item, 10)
    world.database.now = at(2)
    await post(world, item, -4)
    world.database.now = at(4)

    seen = [await level(world, item, Past(at(hours))) for hours in (-1, 0, 1, 2, 3)]

    assert seen == [None, (10, 0, 0, 0), (10, 0, 0, 0), (6, 0, 0, 0), (6, 0, 0, 0)]


async def test_what_is_posted_late_changes_the_past_from_when_it_happened(world: World) -> None:
    item = await world.product(), await world.location()
    world.database.now = at(0)
    await post(world, item, 10)
    world.database.now = at(4)
    await post(world, item, -4)
    await post(world, item, 3, occurred_at=at(2))

    seen = [await level(world, item, Past(at(hours))) for hours in (0, 2, 3.9, 4)]

    assert [one and one[0] for one in seen] == [10, 13, 13, 9]


async def test_what_was_known_then_leaves_out_what_was_posted_since(world: World) -> None:
    item = await world.product(), await world.location()
    world.database.now = at(0)
    await post(world, item, 10)
    async with world.database.read(world.tenant_id) as session:
        known = (await atp.moment(session)).place
    world.database.now = at(4)
    await post(world, item, 5, occurred_at=at(-2))
    past = Past(at(1), known.snapshot, known.when)

    assert await level(world, item, past) == (10, 0, 0, 0)
    assert await level(world, item, Past(at(1))) == (15, 0, 0, 0)
    assert await level(world, item, Past(at(-1))) == (5, 0, 0, 0)
    assert await level(world, item, Past(at(-1), known.snapshot, known.when)) is None


async def test_a_lot_expires_by_the_clock_of_that_moment(world: World) -> None:
    product, location = await world.product(), await world.location()
    lot = await world.lot(product, expiry=date(2026, 3, 2))
    world.database.now = at(0)
    await world.stock(product, location, 7, lot=lot)
    world.database.now = at(72)

    assert await level(world, (product, location), None) == (7, 7, 0, 0)
    assert await level(world, (product, location), Past(at(35))) == (7, 0, 0, 0)
    assert await level(world, (product, location), Past(at(36))) == (7, 7, 0, 0)


async def test_promises_count_from_when_they_were_made(world: World) -> None:
    product, location = await world.product(), await world.location()
    world.database.now = at(0)
    item = await world.stock(product, location, 7)
    world.database.now = at(1)
    await world.reserve(item, 3)
    world.database.now = at(2)

    assert await level(world, (product, location), Past(at(0.5))) == (7, 0, 0, 0)
    assert await level(world, (product, location), Past(at(1))) == (7, 0, 0, 3)
