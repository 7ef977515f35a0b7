"""The bicycle maker's products, classified, against the facts that come with its data."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import sample
from domain.pages import PageWish
from services import abc, analytics
from services.abc import Choice
from world import World

pytestmark = [pytest.mark.long, sample.needed]


@pytest.mark.parametrize(
    ("first", "last", "classes", "costs"),
    [
        (
            date(2013, 8, 4),
            date(2014, 8, 3),
            {"A": 40, "B": 43, "C": 103},
            {"A": "27285036.30", "B": "4930691.12", "C": "1669791.30"},
        ),
        (
            date(2013, 7, 1),
            date(2014, 6, 30),
            {"A": 41, "B": 45, "C": 115},
            {"A": "31021477.55", "B": "5837219.66", "C": "1910507.90"},
        ),
    ],
)
async def test_its_classes_are_those_of_its_readme(
    sample_company: World, first: date, last: date, classes: dict[str, int], costs: dict[str, str]
) -> None:
    async with sample_company.database.read(
        sample_company.tenant_id, timeout_seconds=60
    ) as session:
        inputs = await abc.inputs_of(session, abc.Wish(from_date=first, to_date=last))
        page = await abc.classify(session, inputs, Choice(), "rank", PageWish(limit=1_000))

    moved = [row for row in page.rows if not row.non_moving]
    sums: dict[str, Any] = {name: Decimal(0) for name in classes}
    for row in moved:
        sums[row.computed_class] += row.usage_value
    cent = Decimal("0.01")
    assert len(page.rows) == 504 - await unused(sample_company, page.rows)
    assert Counter(row.computed_class for row in moved) == classes
    assert {name: str(sums[name].quantize(cent)) for name in sums} == costs
    assert {row.computed_class for row in page.rows if row.non_moving} == {"C"}


@pytest.mark.parametrize(
    ("first", "last", "turns"),
    [
        (date(2013, 8, 4), date(2014, 8, 3), "1.686461"),
        (date(2013, 7, 1), date(2014, 6, 30), "1.929519"),
    ],
)
async def test_its_stock_turns_as_often_as_its_readme_says(
    sample_company: World, first: date, last: date, turns: str
) -> None:
    async with sample_company.database.read(
        sample_company.tenant_id, timeout_seconds=60
    ) as session:
        wish = analytics.Wish(from_date=first, to_date=last)
        found = await analytics.totals(session, await analytics.period(session, wish))

    assert found.basis is analytics.Basis.CURRENT_STOCK
    assert (found.figures.units, str(found.figures.value)) == (335_974, "20092679.171200")
    assert str(found.figures.turns) == turns


async def unused(company: World, rows: Any) -> int:
    """Products that are no longer sold, and neither used in the window nor listed otherwise."""
    listed = {row.product_id for row in rows}
    async with company.database.read(company.tenant_id) as session:
        retired = await session.call(
            "select array_agg(id) from products where tenant_id = stock_tenant() and not active"
        )
    return len(set(retired) - listed)
