"""Keys are shown once, kept as hashes, and stop when they should."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.actor import Actor
from domain.errors import AlreadyExists, Conflict, Forbidden, Invalid, NotFound, Unauthorized
from domain.permissions import Permission, expand
from models.session import Database
from services import keys
from services.keys import KeyWish, NewKey
from world import World

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def admin(world: World, *scopes: str) -> Actor:
    return Actor(
        tenant_id=world.tenant_id, key_id="key_0", name="Admin", permissions=expand(scopes or "*")
    )


async def made(world: World, *scopes: str, **wish: Any) -> NewKey:
    wish = {"name": "Shop", "scopes": scopes or ["inventory.read"]} | wish
    async with world.write() as session:
        return await keys.create(session, KeyWish(**wish))


async def reason(database: Database, plain: str) -> str:
    with pytest.raises(Unauthorized) as refusal:
        await keys.authenticate(database, plain)
    return refusal.value.code


async def test_shows_the_documented_form_once_and_stores_its_traces(world: World) -> None:
    key = await made(world, "inventory:read", "*")

    assert re.fullmatch(r"bdk_live_[A-Z0-9]{6}_[A-Za-z0-9]{36}", key.plain)
    assert key.row.key_prefix == key.plain[:15]
    assert key.row.last4 == key.plain[-4:]
    assert key.row.scopes == ["inventory:read", "*"]
    assert key.row.status == "ACTIVE"
    assert "key_hash" not in key.row._fields


async def test_a_key_stands_for_its_tenant_and_rights(world: World) -> None:
    key = await made(world, "inventory.adjust", "products.*", per_minute=5, per_hour=None)

    found = await keys.authenticate(world.database, key.plain)

    assert found.actor == Actor(
        tenant_id=world.tenant_id,
        key_id=key.row.id,
        name="Shop",
        permissions=frozenset(
            {Permission.INVENTORY_ADJUST, Permission.PRODUCTS_READ, Permission.PRODUCTS_WRITE}
        ),
    )
    assert (found.per_minute, found.per_hour, found.seconds_left) == (5, None, None)


async def test_limits_are_the_documented_ones_unless_others_are_set(world: World) -> None:
    found = await keys.authenticate(world.database, (await made(world)).plain)

    assert (found.per_minute, found.per_hour) == (100, 1000)


@pytest.mark.parametrize("plain", ["", "x", "bdk_live_ABC123_" + "x" * 36, "k" * 201, "\ud800"])
async def test_an_unknown_key_is_invalid(world: World, plain: str) -> None:
    assert await reason(world.database, plain) == "INVALID_API_KEY"


async def test_a_revoked_key_says_so_and_its_name_is_free_again(world: World) -> None:
    key = await made(world)
    async with world.write() as session:
        first = await keys.revoke(session, key.row.id)
    async with world.write() as session:
        again = await keys.revoke(session, key.row.id)

    assert await reason(world.database, key.plain) == "REVOKED_API_KEY"
    assert (first.status, again.revoked_at) == ("REVOKED", first.revoked_at)
    assert (await made(world)).row.name == "Shop"


async def test_a_key_expires_by_the_clock(world: World) -> None:
    world.database.now = NOW
    key = await made(world, expires_at=NOW + timedelta(minutes=1))

    world.database.now = NOW + timedelta(seconds=59)
    assert (await keys.authenticate(world.database, key.plain)).seconds_left == 1
    world.database.now = NOW + timedelta(minutes=1)
    assert await reason(world.database, key.plain) == "EXPIRED_API_KEY"
    async with world.read() as session:
        (row,), _ = await keys.listed(session, limit=1)
    assert row.status == "EXPIRED"


async def test_rotating_replaces_the_text_and_nothing_else(world: World) -> None:
    key = await made(world)
    async with world.write() as session:
        new = await keys.rotate(session, key.row.id, admin(world))

    assert await reason(world.database, key.plain) == "INVALID_API_KEY"
    assert (await keys.authenticate(world.database, new.plain)).actor.key_id == key.row.id
    assert (new.row.name, new.row.created_at) == ("Shop", key.row.created_at)
    assert (new.row.key_prefix, new.row.last4) == (new.plain[:15], new.plain[-4:])


async def test_a_change_shows_and_holds(world: World) -> None:
    key = await made(world)
    async with world.write() as session:
        row = await keys.change(
            session, key.row.id, {"name": "Till", "per_minute": None}, admin(world)
        )

    assert (row.name, row.per_minute, row.per_hour) == ("Till", None, 1000)
    assert (await keys.authenticate(world.database, key.plain)).per_minute is None


async def test_nobody_gives_away_what_they_do_not_hold(world: World) -> None:
    weak = admin(world, "admin.keys", "inventory.read")
    strong = await made(world, "*")
    wish = KeyWish(name="More", scopes=["inventory.write"])

    async with world.write() as session:
        with pytest.raises(Forbidden) as refusal:
            await keys.create(session, wish, weak)
        with pytest.raises(Forbidden):
            await keys.rotate(session, strong.row.id, weak)
        with pytest.raises(Forbidden):
            await keys.change(session, strong.row.id, {"scopes": ["inventory.read"]}, weak)
    assert refusal.value.details == {"required": ["inventory.write"]}


async def test_a_revoked_key_is_not_changed_any_more(world: World) -> None:
    key = await made(world)
    async with world.write() as session:
        await keys.revoke(session, key.row.id)

    async with world.write() as session:
        with pytest.raises(Conflict):
            await keys.rotate(session, key.row.id, admin(world))
        with pytest.raises(Conflict):
            await keys.change(session, key.row.id, {"name": "New"}, admin(world))


async def test_another_tenants_key_cannot_be_told_from_none(
    world: World, other_world: World
) -> None:
    key = await made(other_world)

    async with world.write() as session:
        for act in (
            keys.revoke(session, key.row.id),
            keys.rotate(session, key.row.id, admin(world)),
            keys.change(session, key.row.id, {"name": "Mine"}, admin(world)),
        ):
            with pytest.raises(NotFound, match=r"^API key not found or not accessible$"):
                await act
    assert (await keys.authenticate(world.database, key.plain)).actor.key_id == key.row.id


@pytest.mark.parametrize(
    ("field", "wish"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "n" * 101}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["inventory.reed"]}),
        ("perMinute", {"per_minute": 0}),
        ("costMax", {"cost_max": 0}),
        ("perHour", {"per_hour": -1}),
        ("expiresAt", {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}),
        ("locationIds", {"location_ids": ["loc"] * 1001}),
        ("scopes", {"scopes": ["inventory.read"] * 101}),
    ],
)
async def test_refuses_what_makes_no_sense(world: World, field: str, wish: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        await made(world, **wish)

    assert refusal.value.field == field


async def test_a_name_is_given_once(world: World) -> None:
    await made(world)

    with pytest.raises(AlreadyExists):
        await made(world)


async def test_lists_the_newest_first_by_pages(world: World) -> None:
    for minute in range(3):
        world.database.now = NOW + timedelta(minutes=minute)
        await made(world, name=f"Key {minute}")

    async with world.read() as session:
        rows, total = await keys.listed(session, limit=2, page=1)
        rest, _ = await keys.listed(session, limit=2, page=2)
    assert [row.name for row in (*rows, *rest)] == ["Key 2", "Key 1", "Key 0"]
    assert total == 3
