"""The relay: numbers without gaps, in order, whoever writes and however many relay."""

import asyncio
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.actor import SYSTEM
from domain.errors import Invalid
from models.session import Session
from services import feed, ledger_health, stock
from world import World


async def _events(world: World, after: int = 0) -> list[Any]:
    async with world.read() as session:
        return list((await feed.changes(session, after, 10_000, {})).rows)


async def test_invariant_19_every_posting_is_told_once_in_order(world: World) -> None:
    location, product = await world.location(), await world.product()
    for quantity in (5, 6, 7):
        await world.stock(product, location, quantity)
    assert await _events(world) == []

    await feed.relay(world.database)

    told = await _events(world)
    assert [(row.number, row.payload["entries"][0]["delta"]) for row in told] == [
        (1, 5),
        (2, 6),
        (3, 7),
    ]
    async with world.read() as session:
        ids = await session.all(text("select id from postings order by recorded_at, id"))
    assert [row.id for row in told] == [row.id for row in ids]


async def test_invariant_24_numbers_have_no_gaps_and_keep_each_buckets_order(world: World) -> None:
    location = await world.location()
    products = [await world.product() for _ in range(3)]
    done = asyncio.Event()
    seen: list[tuple[int, str]] = []

    others = [
        asyncio.create_task(one)
        for one in (
            _relay_until(world, done),
            _relay_until(world, done),
            _follow(world, done, seen),
        )
    ]
    await asyncio.gather(*(_write_many(world, location, products) for _ in range(3)))
    done.set()
    await asyncio.gather(*others)
    while await _relay_mine(world):
        pass

    told = await _events(world)
    assert [row.number for row in told] == list(range(1, 46))
    assert [(row.number, row.id) for row in told][: len(seen)] == seen
    sequences: dict[str, list[int]] = defaultdict(list)
    for row in told:
        for entry in row.payload["entries"]:
            sequences[entry["inventoryItemId"]].append(entry["sequence"])
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in sequences.values())
    assert sum(map(len, sequences.values())) == 3 * (8 + 7 * 3)


async def _write_many(world: World, location: Any, products: list[Any]) -> None:
    for n in range(15):
        lines = [
            stock.Line(product_id=one.id, location_id=location.id, delta=Decimal(1))
            for one in (products if n % 2 else products[:1])
        ]
        async with world.write() as session:
            await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=lines))
            await asyncio.sleep(0)


async def _relay_until(world: World, done: asyncio.Event) -> None:
    while not done.is_set():
        await _relay_mine(world)
        await asyncio.sleep(0.002)


async def _follow(world: World, done: asyncio.Event, seen: list[tuple[int, str]]) -> None:
    """Read as an integrator does: what comes after the last number that is known."""
    while not done.is_set():
        told = await _events(world, len(seen))
        numbers = [row.number for row in told]
        assert numbers == list(range(len(seen) + 1, len(seen) + 1 + len(numbers)))
        seen.extend((row.number, row.id) for row in told)
        await asyncio.sleep(0.001)


async def _relay_mine(world: World) -> int:
    async with world.write() as session:
        return int(await session.call("select feed_relay($1, $2)", 7, 1_000_000))


async def test_an_event_that_is_not_committed_is_not_told_before_it_is(world: World) -> None:
    location, product = await world.location(), await world.product()
    other = await world.product()
    line = stock.Line(product_id=product.id, location_id=location.id, delta=Decimal(1))
    async with world.write() as session:
        await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[line]))
        await world.stock(other, location, 2)
        assert await _relay_mine(world) == 1

    assert await _relay_mine(world) == 1
    told = [(row.number, row.payload["entries"][0]["productId"]) for row in await _events(world)]
    assert told == [(1, other.id), (2, product.id)]


async def test_a_cursor_of_a_later_state_is_refused(world: World) -> None:
    async with world.read() as session:
        with pytest.raises(Invalid) as refused:
            await feed.changes(session, 1, 10, {})
    assert (refused.value.field, refused.value.details) == ("after", {"last": "0"})


async def test_filters_keep_what_names_a_product_or_a_topic(world: World) -> None:
    location, product, other = await world.location(), await world.product(), await world.product()
    await world.stock(product, location, 1)
    await world.stock(other, location, 2)
    await _relay_mine(world)

    async def numbers(session: Session, **filters: list[str]) -> list[int]:
        return [row.number for row in (await feed.changes(session, 0, 10, filters)).rows]

    async with world.read() as session:
        assert await numbers(session, product_ids=[other.id]) == [2]
        assert await numbers(session, location_ids=[location.id]) == [1, 2]
        assert await numbers(session, topics=["lot.created"]) == []


async def test_a_healthy_ledger_has_no_drift_and_says_how_far_it_is_sealed(world: World) -> None:
    location, product = await world.location(), await world.product()
    item = await world.stock(product, location, 5)
    await world.reserve(item, 2)
    await _relay_mine(world)
    await world.stock(product, location, 1)

    report = await ledger_health.verify(world.database, world.tenant_id)
    assert {check.name: list(check.worst) for check in report.checks if check.drift} == {}
    async with world.read() as session:
        tail = await ledger_health.tail(session)
        assert await ledger_health.last(session) == report
    assert (tail.last_number, tail.last_seal, tail.unsealed) == (1, 1, 1)
