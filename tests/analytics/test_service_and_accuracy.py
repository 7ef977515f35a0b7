"""How well requests were met and counts agreed: the worked example of the manual, computed."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from graph import ask
from services.requests import issuing
from ward import Ward
from world import World

MANUAL = Path(__file__).parents[2] / "docs" / "analytics.md"
FIGURES = """query ($at: ID, $from: Date, $to: Date) {
  inventoryAnalytics(filter: {locationId: $at, fromDate: $from, toDate: $to}) { stock {
    service { askedUnits metUnits lines metLines fillRate lineFillRate }
    accuracy { lines linesWithin hitRate unitAccuracy } } } }"""
COUNTED = """
insert into cycle_counts (id, number, location_id, type, count_date, line_count, created_by)
values ('count_1', 'CC-1', '{place}', 'FULL', '2026-03-02', 2, '{{}}');
"""
LINE = """
insert into count_lines (id, count_id, ordinal, product_id, location_id, status, counted_qty,
  counted_at, expected_qty, resolved_qty, resolution, resolved_at, within_tolerance)
values ('cline_{n}', 'count_1', {n}, '{product}', '{place}', 'RESOLVED', {found}, stock_now(),
  {expected}, {found}, 'ACCEPT', stock_now(), {within})
"""


async def figures(world: World, **asked: Any) -> tuple[Any, Any]:
    found = (await ask(world, FIGURES, **asked))["inventoryAnalytics"]["stock"]
    return found["service"], found["accuracy"]


async def test_the_worked_example_of_service_and_accuracy(world: World) -> None:
    world.database.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    ward = await Ward.of(world)
    some, enough = await ward.product(8), await ward.product(9)
    await ward.act(issuing.issue, await ward.allocated((some, 10), (enough, 5)))
    async with world.write() as session:
        await session.call(COUNTED.format(place=ward.store.id))
        for n, (product, expected, found, within) in enumerate(
            ((some, 40, 38, False), (enough, 10, 11, True)), 1
        ):
            names = {"product": product.id, "place": ward.store.id, "n": n, "within": within}
            await session.call(LINE.format(**names, expected=expected, found=found))

    service, accuracy = await figures(world, at=ward.store.id)

    assert service == {
        "askedUnits": 15,
        "metUnits": 13,
        "lines": 2,
        "metLines": 1,
        "fillRate": Decimal("0.866667"),
        "lineFillRate": Decimal("0.5"),
    }
    assert accuracy == {
        "lines": 2,
        "linesWithin": 1,
        "hitRate": Decimal("0.5"),
        "unitAccuracy": Decimal("0.94"),
    }
    assert "13 ÷ 15 = 0.866667" in MANUAL.read_text(encoding="utf-8")
    nothing = await figures(world, at=ward.ward.id)
    before = await figures(world, **{"from": "2026-02-01", "to": "2026-03-01"})
    for one, other in (nothing, before):
        assert (one["lines"], one["fillRate"], other["hitRate"]) == (0, None, None)
