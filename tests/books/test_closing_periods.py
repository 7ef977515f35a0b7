"""Once the books are closed through a moment, nothing that happened by then changes any more."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM, Author
from domain.errors import PeriodClosed
from graph import answer, ask, refusal
from services import books, stock
from world import World

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
AUTHOR = Author("key_test", "Test")
CLOSE = """mutation ($through: DateTime!, $dry: Boolean) {
  closePeriod(input: {through: $through, comment: "May is done"}, dryRun: $dry) {
    settings { closedThrough version } message } }"""


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


async def receive(world: World, product: Any, location: Any, hours: float | None) -> Any:
    line = stock.Line(
        product_id=product.id,
        location_id=location.id,
        delta=Decimal(1),
        occurred_at=None if hours is None else at(hours),
    )
    async with world.write() as session:
        return await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[line]))


async def code_of(world: World, *wish: Any) -> str:
    try:
        await receive(world, *wish)
    except PeriodClosed as refused:
        return f"{refused.code} {refused.field}"
    return "done"


async def test_refuses_what_happened_by_then(world: World) -> None:
    world.database.now = at(0)
    place = await world.product(), await world.location()
    await receive(world, *place, None)
    world.database.now = at(10)

    done = (await ask(world, CLOSE, through=at(5).isoformat()))["closePeriod"]

    assert done == {
        "settings": {"closedThrough": "2026-06-01T17:00:00Z", "version": 2},
        "message": "The books are closed through 2026-06-01T17:00:00+00:00.",
    }
    refused = "PERIOD_CLOSED lines[0].occurredAt"
    found = [await code_of(world, *place, hours) for hours in (-1, 5, 5.01, None)]
    assert found == [refused, refused, "done", "done"]


async def test_refuses_to_go_back_or_ahead(world: World) -> None:
    world.database.now = at(10)
    await ask(world, CLOSE, through=at(5).isoformat())

    back = [await refusal(world, CLOSE, through=at(hours).isoformat()) for hours in (4, 5)]
    ahead = await refusal(world, CLOSE, through=at(10.01).isoformat())

    for found in back:
        assert (found["code"], found["field"]) == ("PERIOD_CLOSED", "through")
        assert found["details"] == {"closedThrough": "2026-06-01T17:00:00+00:00"}
    assert (ahead["code"], ahead["field"]) == ("FUTURE_MOMENT", "through")
    done = await ask(world, CLOSE, through=at(10).isoformat())
    assert done["closePeriod"]["settings"]["closedThrough"] == "2026-06-01T22:00:00Z"


async def test_needs_the_right_and_can_be_rehearsed(world: World) -> None:
    world.database.now = at(10)
    wish = {"through": at(5).isoformat()}

    found = await answer(world, CLOSE, permissions=["inventory.*"], **wish)
    dry = await ask(world, CLOSE, **wish, dry=True)
    place = await world.product(), await world.location()

    assert found["errors"][0]["code"] == "FORBIDDEN"
    assert dry["closePeriod"]["settings"]["version"] == 2
    assert await code_of(world, *place, 1) == "done"


async def test_tells_of_it_by_an_event(world: World) -> None:
    world.database.now = at(10)
    await ask(world, CLOSE, through=at(5).isoformat())

    async with world.read() as session:
        found = await session.call(
            "select payload::text from outbox where tenant_id = stock_tenant()"
            " and topic = 'period.closed'"
        )

    assert '"closedThrough": "2026-06-01T17:00:00' in found
    assert "May is done" in found


async def test_waits_for_postings_that_are_under_way(world: World) -> None:
    place = await world.product(), await world.location()
    await receive(world, *place, None)
    line = stock.Line(product_id=place[0].id, location_id=place[1].id, delta=Decimal(1))

    async def close() -> None:
        async with world.write() as session:
            now = await session.call("select now()")
            await books.close(session, AUTHOR, books.Closing(through=now))

    async with world.write() as session:
        await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[line]))
        closing = asyncio.create_task(close())
        done, _ = await asyncio.wait([closing], timeout=0.3)
        assert not done
    await closing


async def test_nothing_slips_behind_a_closing_in_a_race(world: World) -> None:
    """Many write at the edge while the books are closed: what came in did so before that."""
    place = await world.product(), await world.location()
    await receive(world, *place, None)
    async with world.read() as session:
        now = await session.call("select now()")
    edge = now - timedelta(hours=1)
    seen: list[Any] = []

    async def write() -> None:
        for _ in range(6):
            line = stock.Line(
                product_id=place[0].id,
                location_id=place[1].id,
                delta=Decimal(1),
                occurred_at=edge,
            )
            try:
                async with world.write() as session:
                    await stock.post(
                        session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[line])
                    )
            except PeriodClosed:
                return

    async def close() -> None:
        async with world.write() as session:
            await books.close(session, AUTHOR, books.Closing(through=edge))
        async with world.read() as session:
            seen.append(await session.call("select count(*) from ledger_entries"))

    await asyncio.gather(*(write() for _ in range(4)), close())

    async with world.read() as session:
        assert [await session.call("select count(*) from ledger_entries")] == seen
