"""replenishment.csv: numbers out of range, methods that lack one, shares and circles of sources."""

import pytest

from folders import ImportFolder
from world import World

START = {
    "products": "sku,name\nTEA,Tea\nMUG,Mug\n",
    "locations": "code,name,type\nA,A,SITE\nB,B,SITE\nC,C,SITE\n",
}
HEAD = "sku,locationCode,method,orderQuantity,serviceLevel,coverDays,demandWindowDays,demandShare"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("TEA,A,FIXED,,,,,", "orderQuantity is needed by FIXED"),
        ("TEA,A,EOQ,,,,,", "orderCost is needed by EOQ"),
        ("TEA,A,DAYS_OF_COVER,,,,,", "coverDays is needed by DAYS_OF_COVER"),
        ("TEA,A,REORDER_POINT,,0.3,,,", "must be from 0.5 to 0.999"),
        ("TEA,A,REORDER_POINT,,,,0,", "must be from 1 to 730"),
        ("TEA,A,MIN_MAX,,,,,", "needs minQuantity and maxQuantity in levels.csv"),
    ],
)
async def test_a_bad_row_is_refused(folder: ImportFolder, row: str, problem: str) -> None:
    told = await folder.write(**START, replenishment=f"{HEAD}\n{row}\n").refused()

    assert all("replenishment.csv" in one and "2" in one for one in told)
    assert any(problem.rpartition(" is ")[2] in one for one in told), told


async def test_shares_are_at_most_one_together(folder: ImportFolder) -> None:
    rows = "TEA,A,REORDER_POINT,,,,,0.6\nTEA,B,REORDER_POINT,,,,,0.5\n"

    (told,) = await folder.write(**START, replenishment=f"{HEAD}\n{rows}").refused()

    assert "1.1" in told
    assert "more than 1" in told


async def test_sources_must_not_come_back(folder: ImportFolder) -> None:
    rows = "TEA,A,B\nTEA,B,C\nTEA,C,A\nMUG,A,B\n"
    head = "sku,locationCode,replenishmentLocationCode"

    told = await folder.write(**START, levels=f"{head}\n{rows}").refused()

    assert len(told) == 3
    assert all("comes back to" in one for one in told)


async def test_rows_go_to_the_level_that_is_there(folder: ImportFolder, world: World) -> None:
    levels = "sku,locationCode,minQuantity,maxQuantity\nTEA,A,5,20\n"
    rows = f"{HEAD}\nTEA,A,MIN_MAX,,,,,\nMUG,B,REORDER_POINT,,,,,\n"

    await folder.write(**START, levels=levels, replenishment=rows).take()

    async with world.read() as session:
        found = await session.call(
            "select array_agg(replenishment_method || ' ' || coalesce(max_quantity, 0)"
            " order by replenishment_method) from inventory_levels where tenant_id = stock_tenant()"
        )
    assert found == ["MIN_MAX 20.000000", "REORDER_POINT 0"]
