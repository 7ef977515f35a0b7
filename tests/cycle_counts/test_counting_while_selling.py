"""Invariant 16: a count is exact whatever is sold, received or told late while it goes on."""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.actor import SYSTEM
from domain.errors import CountedSince, InsufficientStock
from graph import actor_of, refusal
from graph import ask as ask_graph
from services import books, cycle_counts, stock
from services.cycle_counts import Counted, Resolution, Resolve, Step, Wish, reading
from world import World

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
BALANCE = """select coalesce(sum(e.delta), 0) from ledger_entries e
where e.tenant_id = stock_tenant() and e.inventory_item_id = $1 and e.occurred_at <= $2"""
LATER = """select coalesce(sum(e.delta) filter (where e.kind <> 'COUNT'), 0) from ledger_entries e
where e.tenant_id = stock_tenant() and e.inventory_item_id = $1 and e.occurred_at > $2"""
HELD = "select on_hand from inventory_items where tenant_id = stock_tenant() and id = $1"
COUNTED = "select last_counted_at from inventory_items where tenant_id = stock_tenant() and id = $1"
TIME = "select clock_timestamp()"


async def ask(world: World, sql: str, *arguments: Any) -> Any:
    async with world.read() as session:
        return await session.call(sql, *arguments)


async def move(
    world: World, product: Any, location: Any, delta: int, at: datetime | None = None
) -> None:
    line = stock.Line(
        product_id=product.id, location_id=location.id, delta=Decimal(delta), occurred_at=at
    )
    kind = "ISSUE" if delta < 0 else "RECEIPT"
    async with world.write() as session:
        await stock.post(session, stock.Posting(kind=kind, author=SYSTEM, lines=[line]))


async def begun(world: World, product: Any, location: Any) -> tuple[str, str]:
    """A count of the product, and its only line."""
    wish = Wish(location_id=location.id, type="PARTIAL", product_ids=[product.id])
    async with world.write() as session:
        made = await cycle_counts.create(session, actor_of(world), wish)
    return made.count.id, made.lines[0].id


async def found(world: World, count: str, line: str, number: int, at: datetime) -> None:
    """Complete the count with a number."""
    counted = Counted(line_id=line, counted_qty=Decimal(number), counted_at=at)
    async with world.write() as session:
        wish = Step(count_id=count, action="COMPLETE", lines=[counted])
        await cycle_counts.step(session, actor_of(world), wish)


async def accept(world: World, count: str, line: str) -> Any:
    wish = Resolve(count_id=count, resolutions=[Resolution(line_id=line, action="ACCEPT")])
    async with world.write() as session:
        return await cycle_counts.resolve(session, actor_of(world), wish)


async def test_invariant_16_a_count_amid_concurrent_sales_is_exact(
    world: World,
    is_long: bool,  # noqa: FBT001 - a fixture
    run_seed: int,
) -> None:
    product, location = await world.product(), await world.location()
    sales = 5_000 if is_long else 200
    item = await world.stock(product, location, 3 * sales)
    count, line = await begun(world, product, location)
    chance = random.Random(run_seed)
    looked: list[datetime] = []
    sold = 0
    amid = chance.randint(sales // 20, sales // 2)
    is_amid = asyncio.Event()

    async def sell(times: int) -> None:
        nonlocal sold
        for _ in range(times):
            await move(world, product, location, -1)
            sold += 1
            if sold == amid:
                is_amid.set()

    async def look() -> None:
        await is_amid.wait()
        looked.append(await ask(world, TIME))
        await asyncio.sleep(chance.uniform(0, 0.2))
        await found(world, count, line, 2 * sales, looked[0])
        await asyncio.sleep(chance.uniform(0, 0.2))
        await accept(world, count, line)

    await asyncio.gather(*(sell(sales // 5) for _ in range(5)), look())

    at = looked[0]
    (resolved,) = (await lines_of(world, count)).values()
    assert resolved.book == await ask(world, BALANCE, item, at)
    assert resolved.book + resolved.variance == 2 * sales
    assert await ask(world, LATER, item, at) < 0, "there were sales after somebody looked"
    assert await ask(world, HELD, item) == 2 * sales + await ask(world, LATER, item, at)
    assert await ask(world, COUNTED, item) == at


async def lines_of(world: World, count: str) -> dict[str, Any]:
    async with world.read() as session:
        rows = (await reading.lines_of(session, [count]))[count]
    return {row.id: row for row in rows}


@dataclass
class Shelf:
    """A bucket to which anything may happen, with the counts that were made of it."""

    world: World
    product: Any
    location: Any
    item: str
    chance: random.Random
    now: datetime = NOW
    open: list[tuple[str, str, int, datetime]] = field(default_factory=list)
    posted: list[tuple[datetime, Decimal, datetime]] = field(default_factory=list)

    @property
    def last(self) -> datetime:
        """The look of the last count that was posted."""
        return max((at for at, _, _ in self.posted), default=NOW - timedelta(days=1))

    async def move(self) -> None:
        await move(self.world, self.product, self.location, self.chance.choice([-3, -2, -1, 2, 5]))

    async def tell_late(self) -> None:
        """What happened before a posted count is refused, what happened since is taken."""
        at = self.now - timedelta(minutes=self.chance.randint(1, 30))
        act = move(self.world, self.product, self.location, 4, at)
        if at <= self.last:
            with pytest.raises(CountedSince):
                await act
        else:
            await act

    async def count(self) -> None:
        at = self.now - timedelta(minutes=self.chance.randint(0, 8))
        number = self.chance.randint(300, 600)
        count, line = await begun(self.world, self.product, self.location)
        await found(self.world, count, line, number, at)
        self.open.append((count, line, number, at))

    async def resolve(self) -> None:
        """The book as of the look, and the variance, make what was counted."""
        if not self.open:
            return
        count, line, number, at = self.open.pop(0)
        if at < self.last:
            with pytest.raises(CountedSince):
                await accept(self.world, count, line)
            return
        before = await ask(self.world, BALANCE, self.item, at)
        await accept(self.world, count, line)
        (row,) = (await lines_of(self.world, count)).values()
        # What counts had found by then is in the book, although it was posted later.
        known = sum((delta for look, delta, then in self.posted if look <= at < then), Decimal(0))
        assert (row.book, row.book + row.variance) == (before + known, number)
        assert await ask(self.world, BALANCE, self.item, at) == before, "the past stays"
        assert await ask(self.world, COUNTED, self.item) == at
        self.posted.append((at, row.variance, self.now))


@pytest.mark.parametrize("number", range(4))
async def test_invariant_16_holds_after_any_interleaving(
    world: World, run_seed: int, number: int
) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 500)
    shelf = Shelf(world, product, location, item, random.Random(run_seed * 10 + number))
    for _ in range(40):
        shelf.now += timedelta(minutes=shelf.chance.randint(1, 5))
        world.database.now = shelf.now
        acts = (shelf.move, shelf.move, shelf.tell_late, shelf.count, shelf.resolve)
        await shelf.chance.choice(acts)()
        assert await ask(world, HELD, item) == await ask(world, BALANCE, item, shelf.now)


async def test_the_variance_follows_what_is_told_late_until_it_is_posted(world: World) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 10)
    count, line = await begun(world, product, location)
    world.database.now = NOW + timedelta(hours=1)
    await found(world, count, line, 8, NOW + timedelta(minutes=30))

    await move(world, product, location, -2, NOW + timedelta(minutes=10))
    seen = (await lines_of(world, count))[line]
    outcome = await accept(world, count, line)

    assert (seen.book, seen.variance) == (8, 0)
    assert [entry.delta for entry in outcome.entries] == [0]


async def test_a_count_after_which_more_has_left_than_was_found_is_counted_again(
    world: World,
) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    count, line = await begun(world, product, location)
    await found(world, count, line, 5, NOW)
    world.database.now = NOW + timedelta(minutes=1)
    await move(world, product, location, -7)

    with pytest.raises(InsufficientStock) as refused:
        await accept(world, count, line)

    assert refused.value.details == {"lineId": line, "onHand": 3, "asked": 5}
    assert await ask(world, HELD, item) == 3


async def test_of_two_counts_the_later_look_stands(world: World) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    early, early_line = await begun(world, product, location)
    late, late_line = await begun(world, product, location)
    world.database.now = NOW + timedelta(minutes=9)
    await found(world, early, early_line, 7, NOW + timedelta(minutes=1))
    await found(world, late, late_line, 8, NOW + timedelta(minutes=2))

    await accept(world, late, late_line)
    with pytest.raises(CountedSince):
        await accept(world, early, early_line)

    assert await ask(world, HELD, item) == 8


async def test_two_counts_of_one_bucket_do_not_correct_it_twice(world: World) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    one, one_line = await begun(world, product, location)
    two, two_line = await begun(world, product, location)
    world.database.now = NOW + timedelta(minutes=9)
    await found(world, one, one_line, 8, NOW + timedelta(minutes=1))
    await found(world, two, two_line, 8, NOW + timedelta(minutes=2))

    await accept(world, one, one_line)
    outcome = await accept(world, two, two_line)

    assert [entry.delta for entry in outcome.entries] == [0]
    assert await ask(world, HELD, item) == 8


async def test_a_clock_that_is_a_little_ahead_counts_now(world: World) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    count, line = await begun(world, product, location)
    await found(world, count, line, 9, NOW + timedelta(seconds=59))
    await accept(world, count, line)
    world.database.now = NOW + timedelta(seconds=30)
    await move(world, product, location, -1)

    assert await ask(world, COUNTED, item) == NOW
    assert await ask(world, HELD, item) == 8


LATE = """mutation ($input: AdjustStockInput!) { adjustStock(input: $input) {
  entry { kind delta } posting { entries { nodes { kind delta quantityAfter } } } } }"""


async def test_invariant_16_what_is_forced_behind_a_count_leaves_the_count_true(
    world: World,
) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    looked = NOW + timedelta(minutes=10)
    world.database.now = NOW + timedelta(minutes=20)
    count, line = await begun(world, product, location)
    await found(world, count, line, 8, looked)
    await accept(world, count, line)
    at = NOW + timedelta(minutes=5)
    issue = {
        "inventoryItemId": item,
        "by": -2,
        "reasonCode": "CORRECTION",
        "occurredAt": at.isoformat(),
    }

    refused = await refusal(world, LATE, input=issue)
    forced = await ask_graph(world, LATE, input=issue | {"force": True})

    assert refused["code"] == "COUNTED_SINCE"
    # Told for its time, and taken back at the count, which had seen it.
    assert forced["adjustStock"]["entry"] == {"kind": "ADJUSTMENT", "delta": -2}
    entries = forced["adjustStock"]["posting"]["entries"]
    told = [(e["kind"], e["delta"], e["quantityAfter"]) for e in entries["nodes"][::-1]]
    assert told == [("COUNT", 2, 10), ("ADJUSTMENT", -2, 8)]
    assert await ask(world, BALANCE, item, at) == 8
    assert await ask(world, BALANCE, item, looked) == 10  # as of the count; its variance is -2
    assert await ask(world, HELD, item) == 8
    assert await ask(world, COUNTED, item) == looked


async def test_what_is_forced_may_not_have_left_less_than_nothing(world: World) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    world.database.now = NOW + timedelta(minutes=20)
    count, line = await begun(world, product, location)
    await found(world, count, line, 50, NOW + timedelta(minutes=10))
    await accept(world, count, line)
    issue = {
        "inventoryItemId": item,
        "by": -11,
        "reasonCode": "CORRECTION",
        "occurredAt": (NOW + timedelta(minutes=5)).isoformat(),
        "force": True,
    }

    found_ = await refusal(world, LATE, input=issue)

    assert found_["code"] == "INSUFFICIENT_STOCK"


async def test_taking_a_loose_count_back_leaves_the_moment_of_the_count_before(
    world: World,
) -> None:
    world.database.now = NOW
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    looked = NOW + timedelta(hours=1)
    world.database.now = looked + timedelta(hours=2)
    count, line = await begun(world, product, location)
    await found(world, count, line, 8, looked)
    await accept(world, count, line)
    world.database.now = looked + timedelta(hours=3)
    seen = stock.Line(product_id=product.id, location_id=location.id, target=Decimal(7))
    async with world.write() as session:
        wish = stock.Posting(kind="COUNT", author=SYSTEM, lines=[seen])
        loose = await stock.post(session, wish)
    assert await ask(world, COUNTED, item) == world.database.now

    async with world.write() as session:
        reversal = books.Reversal(posting_id=loose.id, reason="miscounted")
        await books.reverse(session, SYSTEM, reversal)

    assert await ask(world, HELD, item) == 8
    assert await ask(world, COUNTED, item) == looked
