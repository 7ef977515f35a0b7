"""A key that was recognised is taken for a second from memory, and never beyond its expiry."""

from datetime import UTC, datetime, timedelta

import pytest

from clients import key_of
from domain.errors import Unauthorized
from gateway.auth import Authenticator
from graph import statements
from services import keys
from world import World


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_asks_the_database_once_a_second(world: World) -> None:
    clock = Clock()
    authenticator = Authenticator(world.database, clock)
    key = await key_of(world)

    async with statements(world) as found:
        for clock.now in (100.0, 100.5, 100.999, 101.0):
            await authenticator.credential(key)
    assert len(found) == 4


async def test_a_revoked_key_stops_within_a_second(world: World) -> None:
    clock = Clock()
    authenticator = Authenticator(world.database, clock)
    key = await key_of(world)
    id = (await authenticator.credential(key)).actor.key_id
    async with world.write() as session:
        await keys.revoke(session, id)

    clock.now += 1
    with pytest.raises(Unauthorized) as refusal:
        await authenticator.credential(key)
    assert refusal.value.code == "REVOKED_API_KEY"


async def test_an_expired_key_stops_at_its_moment(world: World) -> None:
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    clock = Clock()
    authenticator = Authenticator(world.database, clock)
    world.database.now = now
    key = await key_of(world, expires_at=now + timedelta(milliseconds=300))
    await authenticator.credential(key)

    clock.now += 0.3
    world.database.now = now + timedelta(milliseconds=300)
    with pytest.raises(Unauthorized) as refusal:
        await authenticator.credential(key)
    assert refusal.value.code == "EXPIRED_API_KEY"
