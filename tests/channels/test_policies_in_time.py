"""Policies count for a time, may not overlap, and shape reservations."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from graph import ask, refusal
from world import World

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
CREATE = """mutation ($input: CreateChannelPolicyInput!) {
  createChannelPolicy(input: $input) { channelPolicy { id startsAt endsAt } } }"""
UPDATE = """mutation ($id: ID!, $input: UpdateChannelPolicyInput!) {
  updateChannelPolicy(id: $id, input: $input) { channelPolicy { version } } }"""
RESERVE = """mutation ($input: ReserveStockInput!) { reserveStock(input: $input) {
  reservation { id expiresAt lines { items { item { id } } } } } }"""


class Shop:
    def __init__(self, world: World, product: Any, location: Any) -> None:
        self.world, self.product, self.location = world, product, location

    @classmethod
    async def of(cls, world: World, units: int = 10) -> "Shop":
        world.database.now = START
        product, location = await world.product(), await world.location()
        if units:
            await world.stock(product, location, units)
        await world.channel("A")
        return cls(world, product, location)

    async def atp(self) -> Any:
        text = """query ($id: ID!, $place: ID!) { product(id: $id) {
          atp(locationId: $place) { atp } } }"""
        data = await ask(self.world, text, id=self.product.id, place=self.location.id)
        return data["product"]["atp"][0]["atp"]

    def order(self, quantity: int, **more: Any) -> dict[str, Any]:
        line = {
            "productId": self.product.id,
            "locationId": self.location.id,
            "quantity": quantity,
        }
        return {"channelId": "A", "lines": [line], **more}


def policy(**values: Any) -> dict[str, Any]:
    return {"channelId": "A", **values}


async def test_counts_from_its_start_until_its_end_before_one_without_a_time(world: World) -> None:
    shop = await Shop.of(world)
    for_a_day = {"startsAt": "2026-03-02T00:00:00Z", "endsAt": "2026-03-03T00:00:00Z"}
    await ask(world, CREATE, input=policy(safetyStock=7, **for_a_day))
    await ask(world, CREATE, input=policy(safetyStock=1))

    found = []
    for moment in ("2026-03-01T23:59:59", "2026-03-02T00:00:00", "2026-03-03T00:00:00"):
        world.database.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        found.append(await shop.atp())

    assert found == [9, 3, 9]


async def test_a_policy_about_a_product_counts_for_its_time_too(world: World) -> None:
    shop = await Shop.of(world)
    values = policy(productId=shop.product.id, buffer=4, endsAt="2026-03-02T00:00:00Z")
    await ask(world, CREATE, input=values)

    before = await shop.atp()
    world.database.now = START + timedelta(days=1)

    assert (before, await shop.atp()) == (6, 10)


async def test_two_with_a_time_of_their_own_may_not_overlap(world: World) -> None:
    await Shop.of(world)
    march = {"startsAt": "2026-03-01T00:00:00Z", "endsAt": "2026-04-01T00:00:00Z"}
    first = (await ask(world, CREATE, input=policy(**march)))["createChannelPolicy"]
    april = {"startsAt": "2026-04-01T00:00:00Z"}
    second = (await ask(world, CREATE, input=policy(**april)))["createChannelPolicy"]

    inside = await refusal(world, CREATE, input=policy(startsAt="2026-03-10T00:00:00Z"))
    moved = await refusal(
        world,
        UPDATE,
        id=second["channelPolicy"]["id"],
        input={"startsAt": "2026-03-31T00:00:00Z"},
    )
    await ask(world, CREATE, input=policy(priority=1, startsAt="2026-03-10T00:00:00Z"))
    backwards = await refusal(
        world, CREATE, input=policy(startsAt="2026-03-10T00:00:00Z", endsAt="2026-03-10T00:00:00Z")
    )

    assert (inside["code"], inside["field"]) == ("POLICY_OVERLAPS", "startsAt")
    assert moved["details"] == {"policyId": first["channelPolicy"]["id"]}
    assert (backwards["code"], backwards["field"]) == ("INVALID", "endsAt")


async def test_weights_are_at_most_one_together_also_later(world: World) -> None:
    await Shop.of(world)
    await world.channel("B")
    later = {"startsAt": "2026-06-01T00:00:00Z"}
    await ask(world, CREATE, input=policy(allocationWeight=0.6, **later))

    found = await refusal(world, CREATE, input={"channelId": "B", "allocationWeight": 0.5})
    await ask(world, CREATE, input={"channelId": "B", "allocationWeight": 0.4})
    over = await refusal(world, CREATE, input=policy(allocationWeight=1.5))

    assert (found["code"], found["field"]) == ("SHARES_EXCEEDED", "allocationWeight")
    assert found["details"]["shares"] == {"A": Decimal("0.6"), "B": Decimal("0.5")}
    assert (over["code"], over["field"]) == ("INVALID", "allocationWeight")


async def test_reservations_last_as_the_policy_says(world: World) -> None:
    shop = await Shop.of(world)
    await ask(world, CREATE, input=policy(reservationTtlSeconds=60, reservationTtlMaxSeconds=120))

    made = (await ask(world, RESERVE, input=shop.order(1)))["reserveStock"]["reservation"]
    found = await refusal(world, RESERVE, input=shop.order(1, ttlSeconds=121))

    assert made["expiresAt"] == "2026-03-01T12:01:00Z"
    assert (found["code"], found["details"]) == ("TTL_REFUSED", {"max": 120})


async def test_promises_and_takes_only_lots_that_live_long_enough(world: World) -> None:
    shop = await Shop.of(world, 0)
    soon = await world.lot(shop.product, expiry=date(2026, 3, 10))
    late = await world.lot(shop.product, expiry=date(2026, 9, 1))
    await world.stock(shop.product, shop.location, 6, lot=soon)
    good = await world.stock(shop.product, shop.location, 4, lot=late)
    await ask(world, CREATE, input=policy(minimumShelfLifeDays=30))

    before = await shop.atp()
    found = await refusal(world, RESERVE, input=shop.order(5))
    firm = await ask(world, RESERVE, input=shop.order(4, firm=True))

    assert (before, found["code"], await shop.atp()) == (4, "INSUFFICIENT_ATP", 0)
    (line,) = firm["reserveStock"]["reservation"]["lines"]
    assert line["items"] == [{"item": {"id": good}}]


async def test_nothing_is_promised_while_too_little_is_there(world: World) -> None:
    shop = await Shop.of(world)
    await ask(world, CREATE, input=policy(minimumAtp=8))

    await ask(world, RESERVE, input=shop.order(3))
    found = await refusal(world, RESERVE, input=shop.order(1))

    assert (found["code"], found["details"]["atp"], found["details"]["free"]) == (
        "INSUFFICIENT_ATP",
        7,
        0,
    )
