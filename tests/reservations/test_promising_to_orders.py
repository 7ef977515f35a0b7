"""A channel promises units to an order, keeps them for a time, and each unit is resolved once."""

from datetime import date
from decimal import Decimal
from typing import Any

from graph import ask, refusal
from models.session import Database
from services import reservations
from shop import READ, RESERVE, Shop, turn
from world import World


async def test_promises_units_for_a_time(world: World) -> None:
    shop = await Shop.of(world)
    await world.channel("A")

    data = await ask(world, RESERVE, input=shop.wish(4, 3, reference="SO-1"))

    made = data["reserveStock"]["reservation"]
    line = {"consumed": 0, "released": 0, "expired": 0, "items": []}
    assert made == {
        "id": made["id"],
        "state": "ACTIVE",
        "kind": "SOFT",
        "reference": "SO-1",
        "expiresAt": "2026-03-01T12:15:00Z",
        "lines": [
            {"number": 1, "asked": 4, "reserved": 4, "remaining": 4, "atpBefore": 10, **line},
            {"number": 2, "asked": 3, "reserved": 3, "remaining": 3, "atpBefore": 6, **line},
        ],
    }
    assert data["reserveStock"]["lines"] == [
        {"index": 0, "asked": 4, "reserved": 4, "shortfall": 0, "atp": 10},
        {"index": 1, "asked": 3, "reserved": 3, "shortfall": 0, "atp": 6},
    ]
    assert data["reserveStock"]["message"] == "Reserved 7 units"
    assert (await ask(world, READ, id=made["id"]))["reservation"] == made
    assert (await shop.level(), await shop.atp()) == ((10, 7), 3)


async def test_invariant_07_sums_the_lines_of_a_request_before_it_promises(world: World) -> None:
    shop = await Shop.of(world)
    await world.channel("A")

    found = await refusal(world, RESERVE, input=shop.wish(6, 6))

    assert (found["code"], found["field"]) == ("INSUFFICIENT_ATP", "lines[1].quantity")
    assert found["details"] == {
        "asked": 6,
        "atp": 4,
        "free": 4,
        "shortfall": 2,
        "channelId": "A",
    }
    assert await shop.level() == (10, 0)


async def test_reserves_what_there_is_when_a_part_will_do(world: World) -> None:
    shop = await Shop.of(world)
    await world.channel("A")

    data = await ask(world, RESERVE, input=shop.wish(6, 6, 1, allowPartial=True))
    nothing = await refusal(world, RESERVE, input=shop.wish(1, allowPartial=True))

    assert data["reserveStock"]["lines"] == [
        {"index": 0, "asked": 6, "reserved": 6, "shortfall": 0, "atp": 10},
        {"index": 1, "asked": 6, "reserved": 4, "shortfall": 2, "atp": 4},
        {"index": 2, "asked": 1, "reserved": 0, "shortfall": 1, "atp": 0},
    ]
    assert data["reserveStock"]["message"] == "Reserved 10 units; 3 could not be promised"
    assert nothing["code"] == "INSUFFICIENT_ATP"


async def test_a_dry_run_promises_nothing(world: World) -> None:
    shop = await Shop.of(world)
    await world.channel("A")

    data = await ask(world, RESERVE, input=shop.wish(4), dryRun=True)

    assert data["reserveStock"]["message"] == "Reserved 4 units"
    assert await shop.level() == (10, 0)


async def test_invariant_09_the_clock_ends_it_and_the_sweeper_writes_that_down(
    world: World, database: Database
) -> None:
    shop = await Shop.of(world)
    await world.channel("A")
    made = await shop.reserve(4, ttlSeconds=60)

    turn(world, seconds=59)
    before = await shop.atp()
    turn(world, seconds=1)
    at_the_end = await shop.atp(), await shop.level()
    read = (await ask(world, READ, id=made["id"]))["reservation"]
    swept = await reservations.sweep(database)
    after = await shop.atp(), await shop.level()

    assert (before, swept >= 1) == (6, True)
    assert at_the_end == after == (10, (10, 0))
    assert (read["state"], read["lines"][0]["expired"], read["lines"][0]["remaining"]) == (
        "EXPIRED",
        4,
        0,
    )
    assert (await ask(world, READ, id=made["id"]))["reservation"] == read


async def test_lasts_longer_when_it_is_extended(world: World) -> None:
    shop = await Shop.of(world)
    await world.channel("A")
    made = await shop.reserve(4, ttlSeconds=60)

    turn(world, seconds=30)
    longer = await shop.do("extend", made["id"], ttlSeconds=600)
    turn(world, seconds=599)
    still = await shop.atp()
    turn(world, seconds=1)

    assert longer["reservation"]["expiresAt"] == "2026-03-01T12:10:30Z"
    assert (still, await shop.atp()) == (6, 10)
    assert (await shop.refused("extend", made["id"], ttlSeconds=60))[:2] == (
        "RESERVATION_ENDED",
        "reservationId",
    )


async def test_refuses_a_time_that_the_policy_does_not_allow(world: World) -> None:
    shop = await Shop.of(world)
    await world.channel("A")

    week = 7 * 24 * 60 * 60
    longest = await shop.reserve(1, ttlSeconds=week)
    too_long = await refusal(world, RESERVE, input=shop.wish(1, ttlSeconds=week + 1))
    none = await refusal(world, RESERVE, input=shop.wish(1, ttlSeconds=0))
    extended = await shop.refused("extend", longest["id"], ttlSeconds=week + 1)

    assert (too_long["code"], too_long["field"], none["code"]) == (
        "TTL_REFUSED",
        "ttlSeconds",
        "TTL_REFUSED",
    )
    assert extended[:2] == ("TTL_REFUSED", "ttlSeconds")


async def test_firming_up_moves_units_onto_buckets_and_changes_no_promise(world: World) -> None:
    shop = await Shop.of(world, 3)
    await world.channel("A")
    lot = await world.lot(shop.product, expiry=date(2030, 1, 1))
    soon = await world.stock(shop.product, shop.location, 3, lot=lot)
    made = await shop.reserve(4)

    before = await shop.atp(), await shop.level()
    firm = (await shop.do("firmUp", made["id"]))["reservation"]

    assert (await shop.atp(), await shop.level()) == before == (2, (6, 4))
    assert (firm["kind"], firm["expiresAt"], firm["lines"][0]["remaining"]) == ("HARD", None, 4)
    assert {one["item"]["id"]: one["quantity"] for one in firm["lines"][0]["items"]} == {
        soon: 3,
        shop.item: 1,
    }
    turn(world, days=30)
    assert await shop.level() == (6, 4)
    assert (await shop.refused("firmUp", made["id"]))[:2] == ("INVALID", "reservationId")


async def test_invariant_08_each_unit_is_consumed_or_released_once(world: World) -> None:
    shop = await Shop.of(world)
    await world.channel("A")
    made = await shop.reserve(6, reference="SO-1")
    part = [{"number": 1, "quantity": 2}]

    taken = await shop.do("consume", made["id"], "entries { delta }", lines=part)
    back = await shop.do("release", made["id"], lines=part)
    too_many = await shop.refused("consume", made["id"], lines=[{"number": 1, "quantity": 3}])
    rest = await shop.do("consume", made["id"], "posting { reference }")
    again = await shop.refused("release", made["id"])

    assert (taken["entries"], taken["message"]) == ([{"delta": -2}], "Issued 2 units")
    assert back["reservation"]["state"] == "ACTIVE"
    assert too_many == ("RESERVATION_EXCEEDED", "lines[0].quantity", {"open": 2, "asked": 3})
    assert rest["posting"] == {"reference": "SO-1"}
    line = rest["reservation"]["lines"][0]
    assert (line["reserved"], line["consumed"], line["released"], line["remaining"]) == (6, 4, 2, 0)
    assert (rest["reservation"]["state"], again[0]) == ("CONSUMED", "RESERVATION_ENDED")
    assert await shop.level() == (6, 0)


async def test_a_firm_reservation_is_consumed_from_its_bucket(world: World) -> None:
    shop = await Shop.of(world, 5)
    await world.channel("A")
    made = await shop.reserve(3, firm=True)
    lot = await world.lot(shop.product, expiry=date(2030, 1, 1))
    await world.stock(shop.product, shop.location, 5, lot=lot)

    assert made["kind"] == "HARD"
    assert made["lines"][0]["items"] == [{"item": {"id": shop.item}, "quantity": 3}]
    done = await shop.do("consume", made["id"], "entries { delta item { id } }")
    assert done["entries"] == [{"delta": -3, "item": {"id": shop.item}}]
    assert await shop.level() == (7, 0)


async def test_invariant_17_reserving_uses_the_quota_first_and_releasing_fills_it_last(
    world: World,
) -> None:
    shop = await Shop.of(world)
    channel = await world.channel("A")
    await world.channel("B")
    await world.policy(channel, mode="FENCED", spill_over=True)
    await world.quota(channel, shop.product, shop.location, 4)

    made = await shop.reserve(6)
    for_others = await shop.atp("B")
    await shop.do("release", made["id"], lines=[{"number": 1, "quantity": 3}])
    free_first = await shop.atp("B")
    await shop.do("consume", made["id"])
    consumed = await world_quota(world)

    assert (for_others, free_first, consumed) == (4, 6, Decimal(3))


async def world_quota(world: World) -> Any:
    async with world.read() as session:
        return await session.call("select consumed from channel_quotas")


async def test_an_issue_takes_from_the_reservations_that_it_names(world: World) -> None:
    shop = await Shop.of(world)
    await world.channel("A")
    soft, firm = await shop.reserve(3), await shop.reserve(2, firm=True)
    await shop.reserve(4)
    text = """mutation ($input: IssueStockInput!) { issueStock(input: $input) {
      entries { delta } } }"""
    line = {"productId": shop.product.id, "quantity": 6}
    wish: dict[str, Any] = {"locationId": shop.location.id, "channelId": "A", "lines": [line]}
    named = {"reservationIds": [soft["id"], firm["id"]]}

    alone = await refusal(world, text, input=wish)
    too_many = await refusal(
        world, text, input={**wish, **named, "lines": [{**line, "quantity": 7}]}
    )
    other = await refusal(world, text, input={**wish, **named, "channelId": None})
    done = await ask(world, text, input={**wish, **named})

    assert (alone["code"], too_many["code"]) == ("INSUFFICIENT_STOCK", "INSUFFICIENT_STOCK")
    assert (other["code"], other["field"]) == ("INVALID", "channelId")
    assert sum(entry["delta"] for entry in done["issueStock"]["entries"]) == -6
    states = [
        (await ask(world, READ, id=one["id"]))["reservation"]["state"] for one in (soft, firm)
    ]
    assert states == ["CONSUMED", "CONSUMED"]
    assert await shop.level() == (4, 4)


async def test_promises_below_zero_as_far_as_the_policy_allows(world: World) -> None:
    shop = await Shop.of(world, 2)
    await world.policy(await world.channel("A"), backorder_limit=3)

    too_many = await refusal(world, RESERVE, input=shop.wish(6))
    made = await shop.reserve(5)
    firm = await shop.refused("firmUp", made["id"])

    assert too_many["details"]["free"] == 5
    assert (await shop.atp(), await shop.level()) == (-3, (2, 5))
    assert firm[:2] == ("INSUFFICIENT_STOCK", "reservationId")


async def test_who_was_promised_first_is_served_first_where_too_little_is_there(
    world: World,
) -> None:
    shop = await Shop.of(world)
    await world.channel("B")
    await world.policy(await world.channel("A"), backorder_limit=9)
    first = await shop.reserve(6, channel="B")
    second = await shop.reserve(3, channel="B", firm=True)
    third = await shop.reserve(8)

    early = await shop.refused("consume", third["id"])
    part = await shop.do("consume", first["id"], lines=[{"number": 1, "quantity": 4}])
    rest = await shop.do("consume", first["id"])
    firm = await shop.do("consume", second["id"])
    left = await shop.do("consume", third["id"], lines=[{"number": 1, "quantity": 1}])

    assert (early[0], early[2]["free"]) == ("INSUFFICIENT_STOCK", 1)
    assert part["reservation"]["lines"][0]["remaining"] == 2
    assert {rest["reservation"]["state"], firm["reservation"]["state"]} == {"CONSUMED"}
    assert left["reservation"]["lines"][0]["remaining"] == 7
    assert await shop.level() == (0, 7)


async def test_refuses_what_cannot_be_reserved(world: World) -> None:
    shop = await Shop.of(world)
    await world.channel("A")
    await world.channel("OLD", active=False)

    async def refused(**wish: Any) -> tuple[str, str]:
        found = await refusal(world, RESERVE, input={**shop.wish(1), **wish})
        return found["code"], found["field"]

    assert await refused(channelId="OLD") == ("CHANNEL_RETIRED", "channelId")
    assert await refused(channelId="NONE") == ("NOT_FOUND", "channelId")
    assert await refused(lines=[shop.line(0)]) == ("QUANTITY_REFUSED", "lines[0].quantity")
    assert await refused(lines=[shop.line(0.5)]) == ("QUANTITY_REFUSED", "lines[0].quantity")
    assert await refused(lines=[]) == ("INVALID", "lines")
    lost = {**shop.line(1), "productId": "prod_none"}
    assert await refused(lines=[lost]) == ("NOT_FOUND", "lines[0].productId")
