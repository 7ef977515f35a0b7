"""The sample data of a bicycle maker, imported and held against the facts that come with it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import sample
from domain.industry_packs import reason_codes
from folders import told
from services import imports
from services.tenants import DEFAULT_PACK
from world import World

pytestmark = sample.needed

OF_THE_PACK = len(reason_codes(DEFAULT_PACK))  # every tenant begins with these
ON_HAND = """
    select p.sku, p.unit_cost, p.reorder_point, p.safety_stock, p.active,
      coalesce(sum(s.on_hand), 0) as units, count(s.location_id) as places
    from products p
    left join stock_levels s on s.tenant_id = p.tenant_id and s.product_id = p.id
    where p.tenant_id = stock_tenant()
    group by p.id, p.tenant_id, p.sku, p.unit_cost, p.reorder_point, p.safety_stock, p.active
    """
BY_LOCATION = """
    select l.code, count(*) filter (where s.on_hand > 0), sum(s.on_hand),
      round(sum(s.on_hand * p.unit_cost), 2)
    from stock_levels s
    join locations l on l.tenant_id = s.tenant_id and l.id = s.location_id
    join products p on p.tenant_id = s.tenant_id and p.id = s.product_id
    where s.tenant_id = stock_tenant() group by l.code order by l.code
    """
BY_TYPE = """
    select type, count(*), sum(quantity), min(occurred_on)::text, max(occurred_on)::text
    from movement_history where tenant_id = stock_tenant() group by type order by type
    """


async def rows(world: World, sql: str) -> list[Any]:
    async with world.database.read(world.tenant_id, timeout_seconds=60) as session:
        return list(await session.all(text(sql)))


async def test_units_and_value_on_hand(sample_company: World) -> None:
    products = await rows(sample_company, ON_HAND)

    assert sum(one.units for one in products) == 335_974
    assert sum(one.units * one.unit_cost for one in products) == Decimal("20092679.1712")
    stocked = [one for one in products if one.places]
    assert (len(stocked), sum(1 for one in stocked if one.units > 0)) == (432, 428)


async def test_products_below_their_reorder_point_and_safety_stock(sample_company: World) -> None:
    products = await rows(sample_company, ON_HAND)

    below = [one for one in products if one.units < one.reorder_point]
    assert (len(below), sum(1 for one in below if one.active)) == (79, 60)
    assert sum(1 for one in products if one.units <= one.reorder_point) == 80
    assert sum(1 for one in products if one.units < one.safety_stock) == 141


async def test_units_and_value_by_location(sample_company: World) -> None:
    assert [tuple(row) for row in await rows(sample_company, BY_LOCATION)] == [
        ("LOC-01", 167, 72_899, Decimal("246356.08")),
        ("LOC-02", 12, 5_549, Decimal("0.00")),
        ("LOC-03", 5, 186, Decimal("0.00")),
        ("LOC-04", 5, 110, Decimal("0.00")),
        ("LOC-05", 51, 20_295, Decimal("520110.94")),
        ("LOC-06", 201, 83_173, Decimal("788516.85")),
        ("LOC-07", 147, 17_319, Decimal("7244821.93")),
        ("LOC-10", 46, 13_584, Decimal("421012.52")),
        ("LOC-20", 20, 5_165, Decimal("445743.08")),
        ("LOC-30", 7, 958, Decimal("349458.15")),
        ("LOC-40", 9, 508, Decimal("145047.40")),
        ("LOC-45", 3, 332, Decimal("108594.42")),
        ("LOC-50", 251, 95_477, Decimal("1671911.62")),
        ("LOC-60", 141, 20_419, Decimal("8151106.18")),
    ]


async def test_demand_and_supply(sample_company: World) -> None:
    assert [tuple(row) for row in await rows(sample_company, BY_TYPE)] == [
        ("PURCHASE", 8_788, 2_252_382, "2011-04-16", "2014-08-03"),
        ("SALE", 121_317, -274_914, "2011-05-31", "2014-06-30"),
        ("WORK_ORDER", 72_591, 4_507_721, "2011-06-03", "2014-06-02"),
    ]


@pytest.mark.long
async def test_a_second_import_changes_nothing(sample_company: World) -> None:
    report = await imports.run(sample_company.database, sample_company.tenant_id, sample.FOLDER)

    assert told(report) == {name: (0, 0, count) for name, count in sample.COUNTS.items()}
    assert report.changes_nothing


@pytest.mark.long
async def test_an_export_is_taken_back_without_a_change(
    sample_company: World, tmp_path: Path
) -> None:
    written = await imports.export(
        sample_company.database, sample_company.tenant_id, tmp_path / "out"
    )

    report = await imports.run(sample_company.database, sample_company.tenant_id, tmp_path / "out")

    expected = sample.COUNTS | {"reason_codes": sample.COUNTS["reason_codes"] + OF_THE_PACK}
    assert written == {f"{name}.csv": count for name, count in expected.items()}
    assert report.changes_nothing
