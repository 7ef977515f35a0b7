"""Two who rearrange one tree at the same time never tie it into a knot, and never deadlock."""

import asyncio
from typing import Any

from sqlalchemy import text

from domain.errors import Invalid
from services.catalog import writing
from world import World


async def shape(world: World) -> dict[str, list[str]]:
    async with world.read() as session:
        rows = await session.all(text("select id, path from categories"))
    return {row.id: list(row.path) for row in rows}


async def move(world: World, id: str, parent: str | None) -> str:
    try:
        async with world.write() as session:
            await writing.update_category(session, id, {"parent_id": parent}, None)
            await asyncio.sleep(0.02)
    except Invalid as error:
        return str(error.field)
    return "moved"


async def test_one_of_two_opposite_moves_is_refused(world: World, *, is_long: bool) -> None:
    for _ in range(20 if is_long else 3):
        a, b = await world.category(), await world.category()

        done = await asyncio.gather(move(world, a.id, b.id), move(world, b.id, a.id))

        assert sorted(done) == ["moved", "parentId"]


async def test_a_branch_that_moves_takes_along_what_is_made_in_it_meanwhile(world: World) -> None:
    top = await world.category(id="top")
    root = await world.category(id="root")
    await world.category(id="branch", parent=root)

    async def grow(n: int) -> Any:
        async with world.write() as session:
            values = {"id": f"leaf{n}", "code": f"L{n}", "name": "Leaf", "parent_id": "branch"}
            await writing.create_category(session, values)
            await asyncio.sleep(0.02)

    await asyncio.gather(grow(1), move(world, "root", top.id), grow(2))

    assert await shape(world) == {
        "top": ["top"],
        "root": ["top", "root"],
        "branch": ["top", "root", "branch"],
        "leaf1": ["top", "root", "branch", "leaf1"],
        "leaf2": ["top", "root", "branch", "leaf2"],
    }
