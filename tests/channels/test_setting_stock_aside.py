"""Quotas set units aside for a channel, never more than there are and never less than was used."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from domain.promise_errors import QuotaExceedsAvailable
from graph import answer, ask, refusal
from services import quotas
from world import World

SHOWN = "channel { id } product { id } location { id } allocated consumed reason version"
CREATE = f"""mutation ($input: CreateChannelQuotaInput!, $dryRun: Boolean! = false) {{
  createChannelQuota(input: $input, dryRun: $dryRun) {{ channelQuota {{ {SHOWN} }} }} }}"""
UPDATE = f"""mutation ($id: ID!, $input: UpdateChannelQuotaInput!, $version: Int) {{
  updateChannelQuota(id: $id, input: $input, expectedVersion: $version) {{
    channelQuota {{ {SHOWN} }} }} }}"""
DELETE = """mutation ($id: ID!, $version: Int) {
  deleteChannelQuota(id: $id, expectedVersion: $version) { id } }"""


class Place:
    """Ten units of a product at a location, and channels that want them."""

    def __init__(self, world: World, product: Any, location: Any, item: str) -> None:
        self.world, self.product, self.location, self.item = world, product, location, item

    @classmethod
    async def of(cls, world: World, units: int = 10) -> "Place":
        for id in ("A", "B"):
            await world.channel(id)
        product, location = await world.product(), await world.location()
        return cls(world, product, location, await world.stock(product, location, units))

    def wish(self, channel: str = "A", allocated: Any = 6, **more: Any) -> dict[str, Any]:
        return {
            "channelId": channel,
            "productId": self.product.id,
            "locationId": self.location.id,
            "allocated": allocated,
        } | more

    async def kept(self) -> list[tuple[Any, ...]]:
        async with self.world.read() as session:
            rows = await session.all(
                text("select channel_id, allocated, version from channel_quotas order by 1")
            )
        return [tuple(row) for row in rows]

    async def quota(self, channel: str, allocated: int, **values: Any) -> str:
        values = {"product_id": self.product.id, "location_id": self.location.id} | values
        async with self.world.write() as session:
            wish = {"channel_id": channel, "allocated": allocated, **values}
            return str((await quotas.create_quota(session, wish, force=False)).id)


async def test_sets_units_aside(world: World) -> None:
    place = await Place.of(world)

    data = await ask(world, CREATE, input=place.wish(reason="Launch"))

    assert data["createChannelQuota"]["channelQuota"] == {
        "channel": {"id": "A"},
        "product": {"id": place.product.id},
        "location": {"id": place.location.id},
        "allocated": 6,
        "consumed": 0,
        "reason": "Launch",
        "version": 1,
    }
    assert await place.kept() == [("A", 6, 1)]


async def test_invariant_17_quotas_are_never_made_beyond_what_is_available(world: World) -> None:
    place = await Place.of(world)
    await world.reserve(place.item, 1)
    await ask(world, CREATE, input=place.wish("A", 6))

    found = await refusal(world, CREATE, input=place.wish("B", 4))
    await ask(world, CREATE, input=place.wish("B", 3))

    assert (found["code"], found["field"]) == ("QUOTA_EXCEEDS_AVAILABLE", "allocated")
    assert found["details"] == {"available": 9, "fenced": 10, "left": {"A": 6, "B": 4}}
    assert found["message"] == "10 units would be set aside and 9 are available."
    assert await place.kept() == [("A", 6, 1), ("B", 3, 1)]


async def test_invariant_17_units_that_are_held_cannot_be_set_aside(world: World) -> None:
    place = await Place.of(world, 2)
    bin = await world.bin(place.location, type="HOLD")
    await world.stock(place.product, place.location, 50, bin=bin)

    found = await refusal(world, CREATE, input=place.wish("A", 3))

    assert found["details"]["available"] == 2
    assert await place.kept() == []


async def test_sets_more_aside_by_force_and_with_a_reason(world: World) -> None:
    place = await Place.of(world)

    found = await refusal(world, CREATE, input=place.wish("A", 60, force=True, reason=" "))
    await ask(world, CREATE, input=place.wish("A", 60, force=True, reason="On its way"))
    again = await refusal(world, CREATE, input=place.wish("B", 1))

    assert (found["code"], found["field"]) == ("INVALID", "reason")
    assert again["code"] == "QUOTA_EXCEEDS_AVAILABLE"
    assert await place.kept() == [("A", 60, 1)]


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"allocated": -1}, "allocated", "INVALID"),
        ({"allocated": 0.5}, "allocated", "INVALID"),
        ({"channelId": "NONE"}, "channelId", "NOT_FOUND"),
        ({"productId": "prod_none"}, "productId", "NOT_FOUND"),
        ({"locationId": "loc_none"}, "locationId", "NOT_FOUND"),
        ({"channelId": "B"}, "channelId", "ALREADY_EXISTS"),
    ],
)
async def test_refuses_what_makes_no_quota(
    world: World, more: dict[str, Any], field: str, code: str
) -> None:
    place = await Place.of(world)
    await place.quota("B", 1)

    found = await refusal(world, CREATE, input=place.wish() | more)

    assert (found["code"], found["field"]) == (code, field)
    assert await place.kept() == [("B", 1, 1)]


async def test_lowers_and_raises_a_quota_and_keeps_its_history(world: World) -> None:
    place = await Place.of(world)
    id = await place.quota("A", 6)
    await place.quota("B", 4)

    await ask(world, UPDATE, id=id, input={"allocated": 2}, version=1)
    found = await refusal(world, UPDATE, id=id, input={"allocated": 7})
    data = await ask(world, UPDATE, id=id, input={"allocated": 5, "reason": "More"})

    assert found["code"] == "QUOTA_EXCEEDS_AVAILABLE"
    quota = data["updateChannelQuota"]["channelQuota"]
    assert (quota["allocated"], quota["reason"], quota["version"]) == (5, "More", 3)
    async with world.read() as session:
        rows = await session.all(text("select allocated from channel_quotas_history order by 1"))
    assert [row.allocated for row in rows] == [2, 6]


async def test_a_quota_may_be_lowered_where_stock_has_dropped_below_all_quotas(
    world: World,
) -> None:
    place = await Place.of(world)
    id = await place.quota("A", 6)
    await place.quota("B", 4)
    await world.issue(place.product, place.location, 8)

    await ask(world, UPDATE, id=id, input={"allocated": 5})

    assert await place.kept() == [("A", 5, 2), ("B", 4, 1)]


async def test_a_quota_is_never_less_than_what_was_used_of_it(world: World) -> None:
    place = await Place.of(world)
    id = await place.quota("A", 6)
    async with world.write() as session:
        await session.call("update channel_quotas set consumed = 2 where id = $1", id)
    await world.reserve(place.item, 3, channel_id="A", from_quota=3)

    found = await refusal(world, UPDATE, id=id, input={"allocated": 4})
    await ask(world, UPDATE, id=id, input={"allocated": 5})

    assert (found["code"], found["field"]) == ("QUOTA_BELOW_CONSUMED", "allocated")
    assert found["details"] == {"settled": 2, "openPromises": 3}
    assert [row[1] for row in await place.kept()] == [5]


async def test_a_quota_that_open_promises_use_cannot_be_deleted(world: World) -> None:
    place = await Place.of(world)
    used, unused = await place.quota("A", 6), await place.quota("B", 4)
    await world.reserve(place.item, 3, channel_id="A", from_quota=3)

    found = await refusal(world, DELETE, id=used)
    await ask(world, DELETE, id=unused, version=1)

    assert found["code"] == "IN_USE"
    assert found["details"] == {"left": {"openPromises": 3}}
    assert await place.kept() == [("A", 6, 1)]


async def test_invariant_11_a_stale_version_changes_no_quota(world: World) -> None:
    place = await Place.of(world)
    id = await place.quota("A", 6)

    found = [
        await refusal(world, UPDATE, id=id, input={"allocated": 1}, version=9),
        await refusal(world, DELETE, id=id, version=9),
    ]

    assert [one["details"] for one in found] == [{"expected": 9, "actual": 1}] * 2
    assert await place.kept() == [("A", 6, 1)]


async def test_keeps_nothing_of_a_dry_run(world: World) -> None:
    place = await Place.of(world)

    data = await ask(world, CREATE, input=place.wish(), dryRun=True)

    assert data["createChannelQuota"]["channelQuota"]["allocated"] == 6
    assert await place.kept() == []


async def test_another_tenants_quota_is_not_found(world: World, other_world: World) -> None:
    place = await Place.of(other_world)
    id = await place.quota("A", 6)

    found = [
        await refusal(world, UPDATE, id=id, input={"allocated": 1}),
        await refusal(world, DELETE, id=id),
    ]

    assert [one["code"] for one in found] == ["NOT_FOUND"] * 2
    assert await place.kept() == [("A", 6, 1)]


async def test_needs_the_right_to_write_policies(world: World) -> None:
    place = await Place.of(world)

    found = await answer(world, CREATE, permissions=["channels.write"], input=place.wish())

    assert found["errors"][0]["details"] == {"required": ["admin.channelpolicies.write"]}
    assert await place.kept() == []


async def test_invariant_17_gives_the_last_units_to_one_of_many_at_once(
    world: World, *, is_long: bool
) -> None:
    for _ in range(20 if is_long else 3):
        product, location = await world.product(), await world.location()
        await world.stock(product, location, 10)
        names = [(await world.channel(f"{product.sku}-{n}")).id for n in range(6)]

        async def allocate(channel: str, product: Any = product, location: Any = location) -> bool:
            wish = {
                "channel_id": channel,
                "product_id": product.id,
                "location_id": location.id,
                "allocated": 3,
            }
            try:
                async with world.write() as session:
                    await quotas.create_quota(session, wish, force=False)
            except QuotaExceedsAvailable:
                return False
            return True

        done = await asyncio.gather(*(allocate(name) for name in names))

        assert sum(done) == 3


async def test_invariant_17_sees_what_is_promised_while_it_waits(world: World) -> None:
    place = await Place.of(world)
    holding = asyncio.Event()

    async def promise() -> None:
        async with world.write() as session:
            await session.call(
                "select stock_reserve('resv_1', $1, 5::numeric, null, 0::numeric, null)", place.item
            )
            holding.set()
            await asyncio.sleep(0.2)

    async def allocate() -> bool:
        await holding.wait()
        try:
            await place.quota("A", 6)
        except QuotaExceedsAvailable:
            return False
        return True

    _, done = await asyncio.gather(promise(), allocate())

    assert done is False
    assert await place.kept() == []


MOVE = f"""mutation ($input: MoveChannelQuotaInput!) {{ moveChannelQuota(input: $input) {{
  channelQuotas {{ {SHOWN} }} message }} }}"""


async def test_units_go_from_one_channel_to_another(world: World) -> None:
    place = await Place.of(world)
    await world.channel("OLD", active=False)
    id = await place.quota("A", 6)
    await world.reserve(place.item, 2, channel_id="A", from_quota=2)

    async def move(channel: str, quantity: Any) -> dict[str, Any]:
        wish = {"quotaId": id, "toChannelId": channel, "quantity": quantity, "reason": "Launch"}
        return await answer(world, MOVE, input=wish)

    made = (await move("B", 3))["data"]["moveChannelQuota"]
    await move("B", 1)
    too_many = (await move("B", 1))["errors"][0]
    retired = (await move("OLD", 1))["errors"][0]
    own = (await move("A", 1))["errors"][0]
    half = (await move("B", 0.5))["errors"][0]

    shown = [(one["channel"]["id"], one["allocated"]) for one in made["channelQuotas"]]
    assert (shown, made["message"]) == ([("A", 3), ("B", 3)], "Moved 3 units to B.")
    assert (too_many["code"], too_many["details"]) == (
        "QUOTA_BELOW_CONSUMED",
        {"settled": 0, "openPromises": 2},
    )
    assert (retired["code"], own["code"], half["code"]) == ("CHANNEL_RETIRED", "INVALID", "INVALID")
    assert [(row[0], row[1]) for row in await place.kept()] == [("A", 2), ("B", 4)]


async def test_invariant_17_units_are_moved_once_by_many_who_want_them(world: World) -> None:
    place = await Place.of(world)
    id = await place.quota("A", 6)
    wish = {"quotaId": id, "toChannelId": "B", "quantity": 4}

    done = await asyncio.gather(*(answer(world, MOVE, input=wish) for _ in range(4)))

    assert sorted("errors" in one for one in done) == [False, True, True, True]
    assert [(row[0], row[1]) for row in await place.kept()] == [("A", 2), ("B", 4)]
