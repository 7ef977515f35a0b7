"""What happened earlier than it is written down: between what was, never behind a count."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from domain.actor import SYSTEM
from domain.errors import CountedSince, FutureMoment, InsufficientStock, PeriodClosed
from services import stock
from world import World

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Shelf:
    """One bucket, whose entries are told by the hours after noon at which they happened."""

    def __init__(self, world: World, product: str, location: str) -> None:
        self.world = world
        self.product, self.location = product, location

    async def post(self, kind: str, delta: int, hour: float | None = None) -> None:
        """Post a change that happens now, or so many hours after noon."""
        when = None if hour is None else NOON + timedelta(hours=hour)
        line = stock.Line(
            product_id=self.product,
            location_id=self.location,
            delta=Decimal(delta),
            occurred_at=when,
        )
        async with self.world.write() as session:
            wish = stock.Posting(kind=kind, author=SYSTEM, lines=[line])
            await stock.post(session, wish)

    async def count(self, target: int) -> None:
        """Count what is there now."""
        line = stock.Line(
            product_id=self.product, location_id=self.location, target=Decimal(target)
        )
        async with self.world.write() as session:
            wish = stock.Posting(kind="COUNT", author=SYSTEM, lines=[line])
            await stock.post(session, wish)

    def turn(self, hour: float) -> None:
        self.world.database.now = NOON + timedelta(hours=hour)

    async def entries(self) -> list[tuple[float, int, int, bool]]:
        """Hour, change, quantity after and whether backdated, in the order of being written."""
        sql = "select * from ledger_entries order by sequence"
        async with self.world.read() as session:
            rows = await session.all(text(sql))
        return [
            (
                (row.occurred_at - NOON) / timedelta(hours=1),
                int(row.delta),
                int(row.quantity_after),
                row.is_backdated,
            )
            for row in rows
        ]


@pytest.fixture
async def shelf(world: World) -> Shelf:
    """Five units come at noon, three go at two, and it is six."""
    product, location = await world.product(), await world.location()
    shelf = Shelf(world, product.id, location.id)
    shelf.turn(0)
    await shelf.post("RECEIPT", 5)
    shelf.turn(2)
    await shelf.post("ISSUE", -3)
    shelf.turn(6)
    return shelf


@pytest.fixture(autouse=True)
def clock(world: World) -> Iterator[None]:
    yield
    world.database.now = None


BEGUN = [(0, 5, 5, False), (2, -3, 2, False)]


async def test_stands_at_its_hour_and_counts_at_once(shelf: Shelf) -> None:
    await shelf.post("ISSUE", -2, 1)

    assert await shelf.entries() == [*BEGUN, (1, -2, 0, True)]


async def test_what_is_later_than_all_is_not_backdated(shelf: Shelf) -> None:
    await shelf.post("RECEIPT", 1, 5)

    assert await shelf.entries() == [*BEGUN, (5, 1, 3, False)]


async def test_invariant_05_refuses_what_would_have_left_too_little_meanwhile(
    shelf: Shelf,
) -> None:
    shelf.turn(7)
    await shelf.post("RECEIPT", 10)

    with pytest.raises(InsufficientStock) as refused:
        await shelf.post("ISSUE", -4, 1)

    assert refused.value.field == "lines[0].delta"
    assert await shelf.entries() == [*BEGUN, (7, 10, 12, False)]


async def test_refuses_what_happened_before_the_first_units_came(shelf: Shelf) -> None:
    with pytest.raises(InsufficientStock):
        await shelf.post("ISSUE", -1, -1)

    assert await shelf.entries() == BEGUN


async def test_invariant_16_refuses_what_happened_before_a_count(shelf: Shelf) -> None:
    await shelf.count(2)
    shelf.turn(8)

    with pytest.raises(CountedSince):
        await shelf.post("RECEIPT", 1, 5)
    await shelf.post("RECEIPT", 1, 7)

    assert await shelf.entries() == [*BEGUN, (6, 0, 2, False), (7, 1, 3, False)]


async def test_refuses_what_has_not_happened_yet_and_takes_a_clock_that_is_a_little_ahead(
    shelf: Shelf,
) -> None:
    shelf.turn(6)

    with pytest.raises(FutureMoment) as refused:
        await shelf.post("RECEIPT", 1, 6 + 61 / 3_600)
    await shelf.post("RECEIPT", 1, 6 + 59 / 3_600)
    await shelf.post("RECEIPT", 1)

    assert refused.value.field == "lines[0].occurredAt"
    assert await shelf.entries() == [*BEGUN, (6, 1, 3, False), (6, 1, 4, False)]


@pytest.mark.parametrize("hour", [2, 3, None])
async def test_invariant_13_refuses_what_happened_in_a_closed_period(
    shelf: Shelf, hour: float | None
) -> None:
    async with shelf.world.write() as session:
        await session.call("update tenant_settings set closed_through = $1", NOON + 3 * HOUR)
    shelf.turn(3 if hour is None else 6)

    with pytest.raises(PeriodClosed):
        await shelf.post("RECEIPT", 1, hour)
    shelf.turn(4)
    await shelf.post("RECEIPT", 1, 3.5)

    assert await shelf.entries() == [*BEGUN, (3.5, 1, 3, False)]


HOUR = timedelta(hours=1)
