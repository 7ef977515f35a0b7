"""A line on back order says when it could be sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

from graph import ask
from ward import Ward
from world import World

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
LINES = "query ($id: ID!) { stockRequest(id: $id) { lines { short expectedOn } } }"


async def expected(world: World, change: Any) -> list[tuple[int, str | None]]:
    found = await ask(world, LINES, id=change.request.id)
    return [(one["short"], one["expectedOn"]) for one in found["stockRequest"]["lines"]]


async def test_what_is_short_is_expected_when_enough_of_it_comes(world: World) -> None:
    world.database.now = START
    ward = await Ward.of(world)
    product, other, never = await ward.product(4), await ward.product(9), await ward.product(1)
    vendor = await world.vendor()
    for days, units in ((3, 2), (6, 20)):
        due = (START + timedelta(days=days)).date()
        await world.order(vendor, product, units, location_id=ward.store.id, due_on=due)

    allocated = await ward.allocated((product, 10), (other, 5), (never, 2))

    assert await expected(world, allocated) == [(6, "2026-03-08"), (0, None), (1, None)]
    later = await ward.allocated((product, 15), (other, 1))
    assert await expected(world, later) == [(15, "2026-03-08"), (0, None)]
    assert await expected(world, allocated) == [(6, "2026-03-08"), (0, None), (1, None)]
    last = await ward.allocated((product, 3), (other, 1))
    assert await expected(world, last) == [(3, None), (0, None)]
