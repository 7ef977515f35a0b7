"""Where the company asks for it, what is being counted is on hold until nobody counts it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.errors import InsufficientStock
from graph import actor_of, ask, statements
from services import cycle_counts
from services.cycle_counts import Counted, Resolution, Resolve, Step, Wish
from world import World

FREEZE = "mutation { updateCountSettings(input: {freeze: true}) { settings { freeze } } }"
HELD = """select i.id from item_quantities i
    where i.tenant_id = stock_tenant() and i.held > 0 order by i.id"""
HOLDS = """select h.type, h.state, h.reference from holds h
    where h.tenant_id = stock_tenant() order by h.created_at, h.id"""


async def rows(world: World, sql: str) -> list[tuple[Any, ...]]:
    async with world.read() as session:
        return [tuple(row) for row in await session.all(text(sql))]


async def step(world: World, count: str, action: str, *lines: Counted, by: str = "key_a") -> Any:
    who = replace(actor_of(world), key_id=by, name=by)
    async with world.write() as session:
        wish = Step(count_id=count, action=action, lines=lines)
        return await cycle_counts.step(session, who, wish)


async def counted(world: World, items: int = 2) -> tuple[Any, Any]:
    """A count of so many products with ten units each, and its location."""
    location = await world.location()
    for _ in range(items):
        await world.stock(await world.product(), location, 10)
    async with world.write() as session:
        wish = Wish(location_id=location.id, type="FULL")
        return await cycle_counts.create(session, actor_of(world), wish), location


async def test_stock_is_on_hold_from_the_start_to_the_end_of_its_count(world: World) -> None:
    await ask(world, FREEZE)
    made, location = await counted(world)
    id, items = made.count.id, sorted((line.inventory_item_id,) for line in made.lines)
    other = await world.stock(await world.product(), location, 1)

    await step(world, id, "START")
    frozen = await rows(world, HELD)
    with pytest.raises(InsufficientStock):
        await world.reserve(made.lines[0].inventory_item_id, 1)
    numbers = [Counted(line_id=line.id, counted_qty=Decimal(9)) for line in made.lines]
    await step(world, id, "SAVE", *numbers)
    await step(world, id, "COMPLETE")

    assert frozen == items
    assert (other,) not in frozen
    assert await rows(world, HELD) == []
    assert await rows(world, HOLDS) == [("COUNT", "RELEASED", made.count.number)] * 2


async def test_only_what_is_counted_again_is_on_hold_again(world: World) -> None:
    await ask(world, FREEZE)
    made, _ = await counted(world)
    id, first = made.count.id, made.lines[0]
    numbers = [Counted(line_id=line.id, counted_qty=Decimal(9)) for line in made.lines]
    await step(world, id, "SAVE", *numbers)
    begun = await rows(world, HELD)
    await step(world, id, "COMPLETE")

    async with world.write() as session:
        again = Resolution(line_id=first.id, action="RECOUNT")
        await cycle_counts.resolve(
            session, actor_of(world), Resolve(count_id=id, resolutions=[again])
        )
    held = await rows(world, HELD)
    await step(world, id, "CANCEL")

    assert len(begun) == 2
    assert held == [(first.inventory_item_id,)]
    assert await rows(world, HELD) == []


async def test_nothing_is_on_hold_where_nobody_asked_for_it(world: World) -> None:
    made, _ = await counted(world)

    await step(world, made.count.id, "START")

    assert await rows(world, HOLDS) == []


async def test_any_number_of_buckets_is_frozen_and_freed_by_the_same_statements(
    world: World, other_world: World
) -> None:
    spent = []
    for place, number in ((world, 2), (other_world, 40)):
        await ask(place, FREEZE)
        made, _ = await counted(place, number)
        numbers = [Counted(line_id=line.id, counted_qty=Decimal(10)) for line in made.lines]
        async with statements(place) as seen:
            await step(place, made.count.id, "START")
            await step(place, made.count.id, "SAVE", *numbers)
            await step(place, made.count.id, "COMPLETE")
        spent.append(len(seen))
        assert len(await rows(place, HOLDS)) == number

    assert spent[0] == spent[1]
