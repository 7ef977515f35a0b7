"""Many at once on real connections: nothing is lost, nothing is sold twice, nobody deadlocks."""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text

import ledger_driver as driver
from domain.actor import SYSTEM
from domain.errors import InsufficientStock
from ledger_driver import Seen
from ledger_model import Bucket, Change
from models import acting, postings
from models.session import Session
from services import holds, stock
from world import World

WORKERS = 6
TOTALS = """
select
  (select sum(on_hand) from inventory_items where tenant_id = stock_tenant()) as buckets,
  (select sum(on_hand) from stock_levels where tenant_id = stock_tenant()) as levels,
  (select sum(delta) from ledger_entries where tenant_id = stock_tenant()) as entries,
  (select min(on_hand) from inventory_items where tenant_id = stock_tenant()) >= 0 as is_sound,
  (select count(*) from ledger_entries e left join postings p on p.tenant_id = e.tenant_id
    and p.id = e.posting_id where e.tenant_id = stock_tenant() and p.id is null) as orphans
"""


async def buckets_of(world: World, *, locations: int = 2) -> list[Bucket]:
    """Four buckets of one product at each location: with and without bin and lot."""
    product = await world.product()
    lot = await world.lot(product)
    buckets: list[Bucket] = []
    for _ in range(locations):
        location = await world.location()
        bin = await world.bin(location)
        buckets += [
            Bucket(location.id, product.id, *parts)
            for parts in ((None, None), (bin.id, None), (None, lot.id), (bin.id, lot.id))
        ]
    return buckets


def shuffled(chance: random.Random, buckets: Sequence[Bucket]) -> list[Change]:
    """Changes of some buckets that sum to zero, in any order, some of them over several lines."""
    picked = [chance.choice(buckets) for _ in range(chance.randint(2, 5))]
    quantities = [Decimal(chance.randint(1, 9)) for _ in picked]
    changes = [
        change
        for (source, target), quantity in zip(pairwise(picked), quantities, strict=False)
        for change in (Change(source, -quantity), Change(target, quantity))
    ]
    chance.shuffle(changes)
    return changes


async def test_invariants_04_and_05_hold_at_every_moment_of_a_race(
    world: World, run_seed: int, *, is_long: bool
) -> None:
    buckets = await buckets_of(world)
    await driver.post(world, "RECEIPT", [Change(bucket, Decimal(30)) for bucket in buckets[:3]])
    moves = 200 if is_long else 15
    done = asyncio.Event()
    seen: set[tuple[Any, ...]] = set()

    async def work(number: int) -> int:
        chance = random.Random(run_seed * WORKERS + number)
        taken = 0
        for _ in range(moves):
            taken += await driver.post(world, "MOVE", shuffled(chance, buckets))
        return taken

    async def look(door: Callable[[], AbstractAsyncContextManager[Session]]) -> str:
        level = ""
        while not done.is_set():
            async with door() as session:
                seen.add(tuple(await session.one(text(TOTALS))))
                level = str(await session.scalar(text("show transaction_isolation")))
        return level

    looking = [asyncio.create_task(look(door)) for door in (world.read, world.write)]
    taken = await asyncio.gather(*(work(number) for number in range(WORKERS)))
    done.set()
    assert await asyncio.gather(*looking) == ["repeatable read", "read committed"]

    assert seen == {(90, 90, 90, True, 0)}
    after = await Seen.of(world)
    assert after.broken == []
    assert after.kept == after.levels
    assert {b: row.on_hand for b, row in after.buckets.items()} == {
        b: row.posted for b, row in after.buckets.items()
    }
    async with world.read() as session:
        assert await session.scalar(text("select count(*) - 1 from postings")) == sum(taken)


async def test_the_same_lines_in_opposite_orders_never_deadlock(
    world: World, *, is_long: bool
) -> None:
    buckets = await buckets_of(world, locations=3)
    times = 100 if is_long else 10

    async def receive(order: Sequence[Bucket]) -> None:
        for _ in range(times):
            await driver.post(world, "RECEIPT", [Change(bucket, Decimal(1)) for bucket in order])

    await asyncio.gather(
        receive(buckets), receive(buckets[::-1]), receive(buckets[5:] + buckets[:5])
    )

    seen = await Seen.of(world)
    assert {bucket: row.on_hand for bucket, row in seen.buckets.items()} == dict.fromkeys(
        buckets, 3 * times
    )


@pytest.mark.parametrize("is_new", [True, False])
async def test_places_are_locked_in_their_order_and_not_in_that_of_the_lines(
    world: World, *, is_new: bool
) -> None:
    """Who waits for the first place has not taken the last: whoever has the first may take it."""

    async def post(session: Session, *order: Bucket) -> None:
        lines = [
            stock.Line(product_id=place.product, location_id=place.location, delta=Decimal(1))
            for place in order
        ]
        await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=lines))

    async def follow(*order: Bucket) -> None:
        async with world.write() as session:
            await post(session, *order)

    for turn in range(6):
        product = await world.product()
        ids = [(await world.location(id=f"loc_{product.id}_{n}")).id for n in range(4)]
        places = [Bucket(id, product.id, None, None) for id in ids]
        if not is_new:
            await follow(*places)
        order = places if turn % 2 else places[::-1]
        async with world.write() as session:
            await post(session, places[0])
            following = asyncio.create_task(follow(*order))
            await asyncio.sleep(0.03)
            await post(session, places[-1])
        await following


async def test_buckets_are_opened_in_the_order_of_their_places(world: World) -> None:
    """As postings are: who waits for the first place has not taken the last."""
    for turn in range(6):
        product = await world.product()
        places = [await world.location(id=f"loc_{product.id}_{n}") for n in range(4)]
        items = [await world.stock(product, place, 1) for place in places]
        items = items if turn % 2 else items[::-1]

        async def follow(items: Sequence[str] = tuple(items)) -> int:
            async with world.write() as session:
                return len(await session.all(acting.opened(items, None, None)))

        async with world.write() as session:
            await session.all(postings.lock_level(places[0].id, product.id))
            following = asyncio.create_task(follow())
            await asyncio.sleep(0.03)
            await session.all(postings.lock_level(places[-1].id, product.id))
        assert await following == 4


async def test_a_new_bucket_is_made_once_by_many_at_once(world: World) -> None:
    bucket = (await buckets_of(world))[3]

    await asyncio.gather(
        *(driver.post(world, "RECEIPT", [Change(bucket, Decimal(1))]) for _ in range(8))
    )

    seen = await Seen.of(world)
    assert {b: (row.on_hand, row.posted) for b, row in seen.buckets.items()} == {bucket: (8, 8)}
    assert [after for _, _, after in seen.entries] == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_invariant_07_promises_the_last_unit_to_one_of_many(world: World) -> None:
    product, location = await world.product(), await world.location()
    items = [
        await world.stock(product, location, quantity, bin=await world.bin(location))
        for quantity in (2, 3)
    ]

    async def reserve(item: str) -> bool:
        try:
            await world.reserve(item, 1)
        except InsufficientStock:
            return False
        return True

    done = await asyncio.gather(*(reserve(items[number % 2]) for number in range(12)))

    assert sum(done) == 5
    async with world.read() as session:
        level = await session.one(text("select on_hand, reserved from stock_levels"))
    assert tuple(level) == (5, 5)


@pytest.mark.parametrize("tries", [1_280])
async def test_invariant_05_many_tries_for_few_units_take_exactly_those(
    world: World, tries: int
) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 500)
    bucket = Bucket(location.id, product.id, None, None)

    taken = await asyncio.gather(
        *(driver.post(world, "ISSUE", [Change(bucket, Decimal(-1))]) for _ in range(tries))
    )

    assert (sum(taken), len(taken)) == (500, tries)
    seen = await Seen.of(world)
    assert seen.broken == []
    assert {b: (row.on_hand, row.posted) for b, row in seen.buckets.items()} == {bucket: (0, 0)}
    assert [after for _, delta, after in seen.entries if delta < 0] == [*range(499, -1, -1)]


async def test_the_last_units_are_held_once_by_many_at_once(world: World) -> None:
    """What is held by number already is summed behind the lock of its place."""
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 5)
    wish = holds.Wish(
        type="QUALITY",
        reason="Look at it",
        product_id=product.id,
        location_id=location.id,
        quantity=Decimal(1),
    )

    async def hold() -> bool:
        try:
            async with world.write() as session:
                await holds.place(session, SYSTEM, wish)
        except InsufficientStock:
            return False
        return True

    done = await asyncio.gather(*(hold() for _ in range(12)))

    assert sum(done) == 5
    async with world.read() as session:
        level = await session.one(text("select on_hand, held from stock_levels"))
    assert tuple(level) == (5, 5)


async def test_units_that_left_earlier_and_leave_now_are_taken_once(world: World) -> None:
    """The balance at every later moment is summed behind the lock of the bucket's place."""
    world.database.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 5)
    bucket = Bucket(location.id, product.id, None, None)
    earlier = world.database.now
    world.database.now += timedelta(hours=2)
    live = Change(bucket, Decimal(-1))
    late = Change(bucket, Decimal(-1), occurred_at=earlier + timedelta(hours=1))

    done = await asyncio.gather(
        *(driver.post(world, "ISSUE", [change]) for change in (live, late) * 6)
    )

    assert sum(done) == 5
    seen = await Seen.of(world)
    assert {b: (row.on_hand, row.posted) for b, row in seen.buckets.items()} == {bucket: (0, 0)}


async def test_what_is_promised_while_units_leave_is_seen_by_both(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)

    async def reserve() -> bool:
        try:
            await world.reserve(item, 1)
        except InsufficientStock:
            return False
        return True

    promised, _ = await asyncio.gather(
        asyncio.gather(*(reserve() for _ in range(10))),
        asyncio.gather(*(world.issue(product, location, 1) for _ in range(4))),
    )

    async with world.read() as session:
        level = await session.one(text("select on_hand, reserved from stock_levels"))
        row = await session.one(text("select on_hand, reserved from inventory_items"))
    assert tuple(level) == tuple(row) == (6, sum(promised))


async def test_invariant_14_balances_do_not_depend_on_the_order_of_changes(
    world: World, other_world: World, run_seed: int
) -> None:
    chance = random.Random(run_seed)
    numbers = [(chance.randrange(8), Decimal(chance.randint(1, 99)) / 8) for _ in range(20)]
    balances = []
    for one in (world, other_world):
        buckets = await buckets_of(one)
        await asyncio.gather(
            *(
                driver.post(one, "RECEIPT", [Change(buckets[number], quantity)])
                for number, quantity in numbers
            )
        )
        chance.shuffle(numbers)
        seen = await Seen.of(one)
        held = {bucket: row.on_hand for bucket, row in seen.buckets.items()}
        balances.append([held.get(bucket) for bucket in buckets])

    assert balances[0] == balances[1]
