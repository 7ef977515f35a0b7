"""What does not move, what expires, costs that change, and figures without a ledger."""

import random
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from analytics_example import PERIOD, Act, example, noon, post, totals
from domain.actor import SYSTEM
from domain.quantities import plain
from models import catalog
from services import analytics, records, stock
from world import World

MANUAL = (Path(__file__).parents[2] / "docs" / "analytics.md").read_text(encoding="utf-8")


async def rows(world: World, of: Any, *args: Any, **wish: Any) -> Any:
    async with world.read() as session:
        period = await analytics.period(session, analytics.Wish(**wish))
        return await of(session, period, *args)


async def test_half_of_two_lots_is_at_risk_as_the_manual_says(world: World) -> None:
    location = await world.location()
    product = await world.product(unit_cost=Decimal("1.5"))
    world.database.now = noon(1)
    lots = [await world.lot(product, expiry=date(2026, 3, day)) for day in (19, 29)]
    gone = await world.lot(product, expiry=date(2026, 3, 8))
    for lot in (*lots, gone):
        await post(world, Act(1, "RECEIPT", 50), product, location, lot)
    await post(world, Act(2, "RECEIPT", 270), product, location)
    await post(world, Act(9, "ISSUE", -270), product, location)
    world.database.now = noon(10)

    found = await rows(world, analytics.expiring)

    soon = next(row for row in found if row.within == 30)
    told = f"So {soon.lots} items are expiring, and {plain(soon.at_risk_units)} units are at risk."
    assert told in MANUAL
    assert [(row.within, row.lots, row.units, row.value, row.at_risk_units) for row in found] == [
        (None, 1, 50, 75, 50),
        (30, 2, 100, 150, 40),
        (60, 2, 100, 150, 40),
        (90, 2, 100, 150, 40),
        (180, 2, 100, 150, 40),
    ]


async def test_slow_and_dead_items_are_those_of_the_manual(world: World) -> None:
    location = await world.location()
    found = []
    for row in idle():
        product = await world.product()
        found.append((product, row["what it is"].split(":")[0]))
        left, recently = int(row["units left"]), int(row["out in the last 90 days"])
        if row["last out"] == "never":
            await post(world, Act(-20, "RECEIPT", left), product, location)
            continue
        ago = int(row["last out"].split()[0])
        out = recently or (1 if left else 100)
        await post(world, Act(-800, "RECEIPT", left + out), product, location)
        await post(world, Act(-ago, "ISSUE", -out), product, location)
    world.database.now = noon(1)

    totalled = await totals(world, from_date=date(2026, 1, 1), to_date=date(2026, 3, 1))
    named = await rows(
        world, lambda session, period: analytics.by_product(session, period, 10, only_slow=True)
    )

    slow = {product.id for product, what in found if what.startswith("slow")}
    assert f"So {totalled.slow} items are slow-moving and {totalled.dead} is dead." in MANUAL
    assert (totalled.slow, {row.key for row in named}) == (len(slow), slow)
    assert totalled.dead == sum(what == "slow and dead" for _, what in found)
    assert {row.key: row.last_outbound for row in named}[found[2][0].id] == (
        noon(1) - timedelta(days=101)
    ).date()


def idle() -> list[dict[str, str]]:
    """The products of the manual's example."""
    (table,) = re.findall(r"<!-- example: idle -->\n\n((?:\|.*\n)+)", MANUAL)
    head, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()
    ]
    return [dict(zip(head, row, strict=True)) for row in rows]


async def test_a_new_cost_counts_from_its_day_on(world: World) -> None:
    product, location = await example(world)
    world.database.now = noon(6)
    async with world.write() as session:
        row = await records.get_locked(session, catalog.products, "Product", product.id)
        await records.change(session, catalog.products, row, {"unit_cost": Decimal(3)})
    await post(world, Act(10, "RECEIPT", 7), product, location)
    world.database.now = noon(11)

    figures = (await totals(world)).figures

    # Closes of days 1 to 5 at 2.00, of 6 to 10 at 3.00; 40 went out at 2.00, 60 at 3.00.
    assert figures.average_value == Decimal(
        (3 * 100 * 2 + 2 * 60 * 2) + (3 * 60 * 3 + 7 * 3)
    ) / Decimal(10)
    assert figures.outbound_cost == 40 * 2 + 60 * 3
    assert (figures.units, figures.value) == (7, 21)


async def test_a_transfer_changes_places_and_no_turnover(world: World) -> None:
    product, location = await example(world)
    other = await world.location()
    await post(world, Act(10, "RECEIPT", 5), product, location)
    before = await totals(world)
    lines = [
        stock.Line(product_id=product.id, location_id=place.id, delta=Decimal(delta))
        for place, delta in ((location, -2), (other, 2))
    ]
    async with world.write() as session:
        await stock.post(session, stock.Posting(kind="TRANSFER", author=SYSTEM, lines=lines))
    world.database.now = noon(11)

    assert (await totals(world)).figures.turns == before.figures.turns
    found = await rows(world, analytics.by_location)
    assert [(row.key, row.units) for row in found] == [(location.id, 3), (other.id, 2)]


async def test_without_a_ledger_the_present_stock_stands_for_the_period(world: World) -> None:
    world.database.now = noon(1)
    location, category = await world.location(), await world.category()
    product = await world.product(unit_cost=Decimal(4), category_id=category.id)
    other = await world.product(unit_cost=Decimal(1))
    await world.stock(product, location, 50)
    await world.stock(other, location, 10)
    async with world.write() as session:
        await session.call(
            "insert into movement_history (id, direction, type, product_id, occurred_on,"
            " occurred_at, whole_day, quantity, identity) select 'm' || n, 'DEMAND', 'SALE', $1,"
            " date '2025-06-01' + n, '2025-06-01', true, -10, decode(lpad(n::text, 4, '0'), 'hex')"
            " from generate_series(0, 9) n",
            product.id,
        )
    year = {"from_date": date(2025, 1, 1), "to_date": date(2025, 12, 31)}

    found = await totals(world, **year)
    categories = await rows(world, analytics.by_category, **year)
    here = await totals(world, location_id=location.id, **year)

    assert found.basis is analytics.Basis.CURRENT_STOCK
    figures = found.figures
    assert (figures.units, figures.value, figures.average_value) == (60, 210, 210)
    assert (figures.outbound_units, figures.outbound_cost) == (100, 400)
    assert figures.turns == Decimal("1.904762")
    assert [(row.key, row.value, row.outbound_cost) for row in categories] == [
        (category.id, 200, 400),
        (None, 10, 0),
    ]
    assert (here.figures.units, here.figures.outbound_units) == (60, 0)


async def test_the_closed_form_equals_a_plain_recount_of_each_day(
    world: World, run_seed: int
) -> None:
    chance = random.Random(run_seed)
    location, product = await world.location(), await world.product(unit_cost=Decimal("1.25"))
    held, out, closes = 0, 0, []
    for day in range(-3, 15):
        for _ in range(chance.randrange(3)):
            delta = chance.choice([5, 8, -3, -7])
            if held + delta >= 0:
                kind = "RECEIPT" if delta > 0 else "ISSUE"
                await post(world, Act(day, kind, delta), product, location)
                held += delta
                out -= min(0, delta) if 1 <= day <= 10 else 0
        closes.append(held)
    world.database.now = noon(16)

    figures = (await totals(world)).figures

    days = closes[4:14]
    assert (figures.units, figures.outbound_units) == (days[-1], out)
    assert figures.average_units == Decimal(sum(days)) / 10
    assert figures.average_value == Decimal(sum(days)) / 10 * Decimal("1.25")
    step = analytics.Step.DAY
    series = await rows(world, analytics.series, step, **PERIOD)
    assert [(row.first_day, row.last_day) for row in series] == [
        (date(2026, 3, day), date(2026, 3, day)) for day in range(1, 11)
    ]
    assert [row.units for row in series] == days
    assert [row.value for row in series] == [day * Decimal("1.25") for day in days]
    assert sum(row.outbound_units for row in series) == out
    weeks = await rows(world, analytics.series, analytics.Step.WEEK, **PERIOD)
    assert [(row.first_day.day, row.last_day.day, row.units) for row in weeks] == [
        (1, 1, days[0]),
        (2, 8, days[7]),
        (9, 10, days[9]),
    ]
