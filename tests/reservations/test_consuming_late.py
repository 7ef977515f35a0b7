"""What the clock has ended is reserved again within the grace, if it may be, and consumed."""

from models.session import Database
from services import reservations
from shop import Shop, turn
from world import World


async def test_what_has_just_ended_is_consumed_within_the_grace(
    world: World, database: Database
) -> None:
    shop = await Shop.of(world)
    await world.channel("A")
    first, second, third = [await shop.reserve(3, ttlSeconds=60) for _ in range(3)]

    turn(world, seconds=60 + 299)
    by_the_clock = await shop.do("consume", first["id"])
    await reservations.sweep(database)
    swept = await shop.do("consume", second["id"])
    turn(world, seconds=1)
    late = await shop.refused("consume", third["id"])

    assert by_the_clock["reservation"]["lines"][0]["consumed"] == 3
    line = swept["reservation"]["lines"][0]
    assert (line["reserved"], line["expired"], line["consumed"]) == (6, 3, 3)
    assert swept["reservation"]["state"] == "CONSUMED"
    assert late == (
        "RESERVATION_EXPIRED",
        "reservationId",
        {"reservationId": third["id"], "state": "EXPIRED", "lines": [{"number": 1, "atp": 4}]},
    )
    assert await shop.level() == (4, 0)


async def test_what_has_ended_is_not_consumed_once_it_is_promised_to_another(
    world: World,
) -> None:
    shop = await Shop.of(world)
    await world.channel("A")
    made = await shop.reserve(8, ttlSeconds=60)

    turn(world, seconds=61)
    await shop.reserve(5)
    found = await shop.refused("consume", made["id"])

    assert (found[0], found[2]["atp"]) == ("INSUFFICIENT_STOCK", 5)
    assert await shop.level() == (10, 5)


async def test_what_has_just_ended_may_take_what_a_backorder_promises(world: World) -> None:
    shop = await Shop.of(world)
    terms = {"safety_stock": 5, "backorder_limit": 4, "late_consume_seconds": 120}
    await world.policy(await world.channel("A"), **terms)
    made, other = await shop.reserve(8, ttlSeconds=60), await shop.reserve(1, ttlSeconds=60)

    turn(world, seconds=61)
    done = await shop.do("consume", made["id"])
    left = await shop.atp()
    await world.policy(await world.channel("B"), backorder_limit=2)
    await shop.reserve(4, channel="B")
    none = await shop.refused("consume", other["id"])

    # Of 10 units with 5 kept back, 8 are promised by 4 below zero: as before, so a minute later.
    assert done["reservation"]["state"] == "CONSUMED"
    assert left == -3
    # The two that are there are promised to others; what a backorder promises is not there to hand.
    assert (none[0], none[2]["free"]) == ("INSUFFICIENT_STOCK", 0)
    assert await shop.level() == (2, 4)


async def test_what_has_just_ended_is_not_taken_below_the_minimum(world: World) -> None:
    shop = await Shop.of(world)
    await world.policy(await world.channel("A"), minimum_atp=8)
    made = await shop.reserve(3, ttlSeconds=60)

    turn(world, seconds=61)
    await shop.reserve(3)
    found = await shop.refused("consume", made["id"])

    # 7 could be promised, which is below the least that the channel wants to have.
    assert (found[0], found[2]["atp"], found[2]["free"]) == ("INSUFFICIENT_ATP", 7, 0)
    assert await shop.level() == (10, 3)
