"""Importing a folder puts a company's reference data and stock in place."""

from typing import Any

from sqlalchemy import text

from folders import SMALL, ImportFolder, told
from world import World


async def rows(world: World, sql: str) -> list[Any]:
    async with world.read() as session:
        return [tuple(row) for row in await session.all(text(sql))]


async def test_makes_products_locations_and_stock(folder: ImportFolder, world: World) -> None:
    report = await folder.write(**SMALL).take()

    assert told(report) == {"products": (2, 0, 0), "locations": (2, 0, 0), "stock": (3, 0, 0)}
    assert report.posted == 3
    stock = await rows(
        world,
        "select p.sku, l.code, i.on_hand, s.on_hand, i.version from inventory_items i"
        " join products p on p.id = i.product_id join locations l on l.id = i.location_id"
        " join stock_levels s on s.product_id = p.id and s.location_id = l.id"
        " where p.tenant_id = stock_tenant() order by 1, 2",
    )
    assert stock == [("MUG", "WH", 0, 0, 1), ("TEA", "SHOP", 2.5, 2.5, 1), ("TEA", "WH", 40, 40, 1)]


async def test_changes_nothing_the_second_time(folder: ImportFolder, world: World) -> None:
    await folder.write(**SMALL).take()

    report = await folder.take()

    assert told(report) == {"products": (0, 0, 2), "locations": (0, 0, 2), "stock": (0, 0, 3)}
    assert (report.changes_nothing, report.posted) == (True, 0)
    assert await rows(world, "select count(*) from postings") == [(1,)]
    assert await rows(world, "select distinct version from products") == [(1,)]


async def test_posts_the_difference_as_a_count(folder: ImportFolder, world: World) -> None:
    await folder.write(**SMALL).take()

    report = await folder.write(stock="sku,locationCode,quantity\nTEA,WH,37\nMUG,WH,0\n").take()

    assert told(report)["stock"] == (0, 1, 1)
    entries = await rows(
        world, "select kind, delta, quantity_after from ledger_entries where kind <> 'RECEIPT'"
    )
    assert entries == [("COUNT", -3, 37)]


async def test_empties_what_is_left_out_only_when_complete(
    folder: ImportFolder, world: World
) -> None:
    await folder.write(**SMALL).take()
    folder.write(stock="sku,locationCode,quantity\nTEA,WH,40\n")

    kept = await folder.take()
    emptied = await folder.take(complete=True)

    assert (kept.emptied, emptied.emptied) == (0, 1)
    assert await rows(world, "select on_hand from inventory_items order by 1") == [
        (0,),
        (0,),
        (40,),
    ]


async def test_leaves_no_staged_rows_behind(folder: ImportFolder, world: World) -> None:
    await folder.write(**SMALL).take()

    assert await rows(world, "select count(*) from import_rows") == [(0,)]
    assert await rows(world, "select count(*) from import_lines") == [(0,)]
    assert await rows(world, "select state, planned_batches, posted_batches from imports") == [
        ("DONE", 1, 1)
    ]
