"""Choosing buckets for several demands at once, from the stock as it is."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM
from models.session import Session
from services import stock
from services.availability import Allotment, Breach, Demand, allocate
from world import World

D = Decimal


def parts(allotment: Allotment) -> list[tuple[str, Decimal]]:
    return [(part.inventory_item_id, part.quantity) for part in allotment.parts]


def demand(product: Any, location: Any, quantity: int, **more: Any) -> Demand:
    values = {"location_id": location.id, "product_id": product.id, "quantity": D(quantity)}
    return Demand(**values | more)


async def test_sums_what_several_lines_ask_of_one_bucket(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 100)
    asked = [demand(product, location, 60), demand(product, location, 60)]

    async with world.write() as session:
        first, second = await allocate(session, asked)

    assert (parts(first), first.total, first.shortfall) == ([(item, 60)], 60, 0)
    assert (parts(second), second.total, second.shortfall) == ([(item, 40)], 40, 20)


async def test_gives_a_lot_to_the_line_that_names_it_before_a_line_that_does_not(
    world: World,
) -> None:
    product, location = await world.product(), await world.location()
    soon = await world.lot(product, expiry=date(2090, 1, 1))
    late = await world.lot(product, expiry=date(2091, 1, 1))
    first = await world.stock(product, location, 5, lot=soon)
    second = await world.stock(product, location, 5, lot=late)
    asked = [demand(product, location, 5), demand(product, location, 5, lot_id=soon.id)]

    async with world.write() as session:
        open_line, named = await allocate(session, asked)

    assert (parts(open_line), parts(named)) == ([(second, 5)], [(first, 5)])
    assert (open_line.breaches, named.breaches) == ([], [])


async def test_takes_nothing_that_is_expired_held_or_reserved(world: World) -> None:
    product, location = await world.product(), await world.location()
    past = await world.lot(product, expiry=date(2020, 1, 1))
    hold = await world.bin(location, type="HOLD")
    await world.stock(product, location, 7, lot=past)
    await world.stock(product, location, 8, bin=hold)
    free = await world.stock(product, location, 9)
    await world.reserve(free, 4)

    async with world.write() as session:
        [found] = await allocate(session, [demand(product, location, 24)])

    assert (parts(found), found.total, found.shortfall) == ([(free, 5)], 5, 19)
    numbers = found.numbers
    assert (numbers.on_hand, numbers.expired, numbers.held, numbers.reserved) == (24, 7, 8, 4)


async def test_names_the_bucket_that_is_passed_over_for_a_lot_asked_for_by_name(
    world: World,
) -> None:
    product, location = await world.product(), await world.location()
    soon = await world.lot(product, expiry=date(2090, 1, 1))
    late = await world.lot(product, expiry=date(2091, 1, 1))
    passed = await world.stock(product, location, 5, lot=soon)
    taken = await world.stock(product, location, 5, lot=late)

    async with world.write() as session:
        [found] = await allocate(session, [demand(product, location, 2, lot_id=late.id)])

    assert found.breaches == [
        Breach(
            inventory_item_id=taken,
            passed_over_id=passed,
            quantity=Decimal(2),
            expiry_date=date(2091, 1, 1),
            passed_over_expiry_date=date(2090, 1, 1),
        )
    ]


async def test_finds_nothing_where_nothing_was_ever_stocked(world: World) -> None:
    product, location = await world.product(), await world.location()

    async with world.write() as session:
        [found] = await allocate(session, [demand(product, location, 1)])

    assert (found.parts, found.total, found.shortfall) == ([], 0, 1)


async def test_asks_as_much_for_one_line_as_for_fifty(world: World) -> None:
    location = await world.location()
    products = [await world.product() for _ in range(50)]
    for product in products[:5]:
        await world.stock(product, location, 3)
    heard: list[str] = []
    world.database.listener = heard.append
    counts = []

    try:
        for some in (products[:1], products):
            heard.clear()
            async with world.write() as session:
                await allocate(session, [demand(product, location, 1) for product in some])
            counts.append(len(heard))
    finally:
        world.database.listener = None

    assert counts == [3, 3]


async def test_two_who_choose_and_post_at_once_never_take_the_same_units(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 10)

    async def sell(quantity: int) -> Decimal:
        async with world.write() as session:
            [found] = await allocate(session, [demand(product, location, quantity)])
            await asyncio.sleep(0.05)  # so that both have chosen, if nobody waits
            await _issue(session, found)
            return D(quantity) - found.shortfall

    sold = await asyncio.gather(*(sell(6) for _ in range(4)))

    assert sorted(sold) == [0, 0, 4, 6]


async def _issue(session: Session, found: Allotment) -> None:
    lines = [
        stock.Line(
            product_id=found.demand.product_id,
            location_id=found.demand.location_id,
            lot_id=part.lot_id,
            bin_id=part.bin_id,
            delta=-part.quantity,
        )
        for part in found.parts
    ]
    if lines:
        await stock.post(session, stock.Posting(kind="ISSUE", author=SYSTEM, lines=lines))


async def test_demands_for_lots_and_bins_that_cross_are_all_met_where_they_can_be(
    world: World,
) -> None:
    product, location = await world.product(), await world.location()
    shelf = await world.bin(location)
    lot = await world.lot(product, expiry=date(2090, 1, 1))
    both = await world.stock(product, location, 5, lot=lot, bin=shelf)
    apart = await world.stock(product, location, 5, lot=lot)
    asked = [
        demand(product, location, 5, lot_id=lot.id),
        demand(product, location, 5, bin_id=shelf.id),
    ]
    crossing = [*asked, demand(product, location, 1)]

    async with world.write() as session:
        of_lot, of_bin = await allocate(session, asked)
        shortfalls = [one.shortfall for one in await allocate(session, crossing)]

    assert (parts(of_lot), parts(of_bin)) == ([(apart, 5)], [(both, 5)])
    assert sum(shortfalls) == 1
