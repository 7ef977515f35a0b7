import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from copies import Copies
from gateway.relay import relayed
from models.session import Database
from services import feed, ledger_health
from world import World


async def test_numbers_and_seals_while_the_server_runs(world: World, other_world: World) -> None:
    worlds = (world, other_world)
    for one in worlds:
        await one.stock(await one.product(), await one.location(), 1)

    async with relayed(world.database, 0.01), relayed(world.database, 0.01):
        for _ in range(500):
            if not await feed.tails(world.database):
                break
            await asyncio.sleep(0.01)

    for one in worlds:
        async with one.read() as session:
            tail = await ledger_health.tail(session)
        assert (tail.last_number, tail.last_seal, tail.unsealed) == (1, 1, 0)


@pytest.fixture
async def lone_world(copies: Copies) -> AsyncIterator[World]:
    """The only tenant of its database."""
    database = Database(copies.blank()[1], pool_size=2)
    yield await World.make(database)
    await database.close()


async def test_checks_each_ledger_once_and_again_when_it_is_due(lone_world: World) -> None:
    world = lone_world
    first = await ledger_health.watch(world.database, timedelta(hours=24))
    async with world.read() as session:
        checked = await ledger_health.last(session)
    again = await ledger_health.watch(world.database, timedelta(hours=24))
    async with world.read() as session:
        assert await ledger_health.last(session) == checked

    assert checked is not None
    assert checked.drift == 0
    assert again == first
    world.database.now = checked.checked_at + timedelta(hours=25)
    renewed = await ledger_health.watch(world.database, timedelta(hours=24))
    assert renewed.oldest_check_at == world.database.now
