"""A posting keeps every number exactly, or is refused whole in words that say why."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from domain.actor import SYSTEM
from domain.errors import InsufficientStock, Invalid, NotFound
from services import stock
from world import World


async def line(world: World, **values: Any) -> stock.Line:
    product, location = await world.product(), await world.location()
    known = {"product_id": product.id, "location_id": location.id, "delta": Decimal(1)}
    return stock.Line(**known | values)


async def post(world: World, *lines: stock.Line, kind: str = "RECEIPT") -> stock.Posted:
    async with world.write() as session:
        return await stock.post(session, stock.Posting(kind=kind, author=SYSTEM, lines=lines))


async def count_of_postings(world: World) -> int:
    async with world.read() as session:
        return int(await session.scalar(text("select count(*) from postings")))


@pytest.mark.parametrize("delta", ["NaN", "Infinity", "0.0000001", "0.9999999", "1e12"])
@pytest.mark.parametrize("name", ["delta", "expected", "unit_cost", "unit_price"])
async def test_refuses_a_number_that_storage_does_not_keep(
    world: World, name: str, delta: str
) -> None:
    wish = await line(world, **{name: Decimal(delta)})

    with pytest.raises(Invalid) as refusal:
        await post(world, wish)

    assert refusal.value.field == f"lines[0].{name}"
    assert await count_of_postings(world) == 0


async def test_keeps_the_least_and_the_largest_quantity(world: World) -> None:
    wish = await line(world)
    largest, least = Decimal("999999999999.999999"), Decimal("0.000001")

    posted = await post(world, replace(wish, delta=largest - least), replace(wish, delta=least))

    assert [entry.quantity_after for entry in posted.entries] == [largest - least, largest]


@pytest.mark.parametrize("kept_apart", [False, True])
async def test_refuses_a_sum_that_storage_does_not_keep(world: World, *, kept_apart: bool) -> None:
    product, location = await world.product(), await world.location()
    lot = await world.lot(product)
    await world.stock(product, location, "999999999999", lot=lot if kept_apart else None)

    with pytest.raises(Invalid) as refusal:
        await world.stock(product, location, 1)

    assert refusal.value.message == "What is on hand would reach 1,000,000,000,000."
    assert await count_of_postings(world) == 1


@pytest.mark.parametrize(
    ("values", "thing"),
    [
        ({"product_id": "prod_none"}, "Product"),
        ({"location_id": "loc_none"}, "Location"),
        ({"bin_id": "bin_none"}, "Bin"),
        ({"lot_id": "lot_none"}, "Lot"),
    ],
)
async def test_refuses_what_is_not_there(world: World, values: dict[str, str], thing: str) -> None:
    wish = await line(world, **values)

    with pytest.raises(NotFound) as refusal:
        await post(world, wish)

    assert refusal.value.message == f"{thing} not found or not accessible"
    assert await count_of_postings(world) == 0


async def test_a_live_line_never_happens_before_a_former_line(world: World) -> None:
    wish = await line(world)
    later = datetime(2031, 1, 1, tzinfo=UTC)

    world.database.now = later
    posted = await post(world, replace(wish, occurred_at=later), wish)
    world.database.now = None  # the clock was wrong
    next_day = await post(world, wish)

    moments = [entry.occurred_at for entry in [*posted.entries, *next_day.entries]]
    assert moments == [later, later, later]


async def test_a_line_with_bin_and_one_without_are_two_buckets(world: World) -> None:
    product, location = await world.product(), await world.location()
    shelf, lot = await world.bin(location), await world.lot(product)
    wish = stock.Line(product_id=product.id, location_id=location.id, delta=Decimal(1))
    kinds = [{}, {"bin_id": shelf.id}, {"lot_id": lot.id}, {"bin_id": shelf.id, "lot_id": lot.id}]

    first = await post(world, *(replace(wish, **kind) for kind in kinds * 2))
    second = await post(world, *(replace(wish, **kind) for kind in kinds))

    ids = [entry.inventory_item_id for entry in first.entries]
    assert len(set(ids)) == 4
    assert ids[:4] == ids[4:] == [entry.inventory_item_id for entry in second.entries]
    assert [entry.quantity_after for entry in second.entries] == [3, 3, 3, 3]


async def test_the_table_itself_refuses_what_is_not_a_number(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 1)

    with pytest.raises(asyncpg.CheckViolationError):
        async with world.write() as session:
            await session.call("update inventory_items set on_hand = 'NaN'")


async def test_invariant_07_a_hard_promise_leaves_soft_ones_what_they_were_promised(
    world: World,
) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    soft = (
        "insert into reservations (id, kind, product_id, location_id, quantity)"
        " values ('resv_soft', 'SOFT', $1, $2, 8)"
    )
    async with world.write() as session:
        await session.call(soft, product.id, location.id)

    with pytest.raises(InsufficientStock) as refusal:
        await world.reserve(item, 3)

    assert refusal.value.details == {"asked": 3, "free": 2}
    await world.reserve(item, 2)
