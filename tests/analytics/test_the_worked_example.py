"""The worked example of docs/analytics.md, computed, and row 68 over it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from analytics_example import PERIOD, Act, example, noon, post, totals
from clients import client_of
from domain.quantities import plain
from services import analytics
from world import World

MANUAL = Path(__file__).parents[2] / "docs" / "analytics.md"


async def test_the_worked_example_of_the_manual(world: World) -> None:
    await example(world)

    found = await totals(world)

    # Closes: 3 days of 100, 5 of 60, 2 of 0 = 600 unit days over 10 days.
    figures = found.figures
    assert (figures.days, figures.units, figures.value) == (10, 0, 0)
    assert (figures.average_units, figures.average_value) == (60, 120)
    assert (figures.outbound_units, figures.outbound_cost) == (100, 200)
    assert figures.turns == Decimal("1.666667")
    assert figures.turnover_rate == Decimal("60.833333")
    assert figures.days_on_hand == 6
    assert figures.stock_out_rate == Decimal("0.2")
    assert found.basis is analytics.Basis.LEDGER
    # The page says these very numbers.
    page = MANUAL.read_text(encoding="utf-8")
    for text in (
        f"{plain(figures.average_units)} units, {figures.average_value:.2f}",
        f"{plain(figures.outbound_units)} units, {figures.outbound_cost:.2f}",
        f"| turns in period | 200 ÷ 120 = {figures.turns} |",
        f"= {figures.turnover_rate} |",
        f"| average days on hand | 10 ÷ {figures.turns} = {plain(figures.days_on_hand)} |",
        f"| stock-out rate | 2 ÷ 10 = {plain(figures.stock_out_rate)} |",
    ):
        assert text in page
    async with world.read() as session:
        wish: Any = PERIOD
        period = await analytics.period(session, analytics.Wish(**wish))
        weeks = await analytics.series(session, period, analytics.Step.WEEK)
    assert [(row.last_day.day, row.units, row.outbound_units) for row in weeks] == [
        (1, 100, 0),
        (8, 60, 40),
        (10, 0, 60),
    ]


async def test_row_68_to_the_letter(world: World) -> None:
    product, location = await example(world)
    await post(world, Act(10, "RECEIPT", 7), product, location)
    world.database.now = noon(11)
    async with client_of(world) as client:
        body = await client.get(
            "/api/inventory/analytics",
            locationId=location.id,
            fromDate="2026-03-01",
            toDate="2026-03-10",
        )
        bad = await client.rest(
            "GET", "/api/inventory/analytics", params={"fromDate": "2027-01-01"}
        )

    categories = body["analytics"].pop("byCategory")
    assert body == {
        "analytics": {
            "totalValue": 14,
            "totalUnits": 7,
            "turnoverRate": 60.131796,
            "turnsInPeriod": 1.647446,
            "averageDaysOnHand": 6.07,
            "averageValue": 121.4,
            "outboundUnits": 100,
            "outboundCost": 200,
            "stockOutRate": 0.1,
            "basis": "LEDGER",
            "slowMovingItems": 0,
            "deadItems": 0,
            "expiringItems": 0,
        },
        "period": {"from": "2026-03-01T00:00:00Z", "to": "2026-03-10T23:59:59Z"},
    }
    assert [(row["value"], row["units"], len(row)) for row in categories] == [(14, 7, 4)]
    assert (bad.status_code, bad.json()["code"]) == (400, "INVALID")


async def test_years_have_four_digits(world: World) -> None:
    async with client_of(world) as client:
        body = await client.get("/api/inventory/analytics", toDate="0732-06-01")

    assert body["period"]["to"].startswith("0732-06-01T")
