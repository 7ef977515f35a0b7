"""A file brings records into line with it: only what differs changes, with version and history."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from folders import SMALL, ImportFolder, told
from world import World


async def rows(world: World, sql: str) -> list[Any]:
    async with world.read() as session:
        return [tuple(row) for row in await session.all(text(sql))]


async def test_leaves_alone_what_the_file_does_not_say(folder: ImportFolder, world: World) -> None:
    await folder.write(products="sku,name,unitCost,barcode,colour\nTEA,Tea,1.5,99,green\n").take()

    report = await folder.write(products="sku,name,barcode\nTEA,Green tea,\n").take()

    assert told(report) == {"products": (0, 1, 0)}
    now = "select name, unit_cost, barcode, attributes, version from products"
    assert await rows(world, now) == [("Green tea", 1.5, None, {"colour": "green"}, 2)]
    former = "select name, barcode, version, valid_to >= valid_from from products_history"
    assert await rows(world, former) == [("Tea", "99", 1, True)]


async def test_merges_attributes(folder: ImportFolder, world: World) -> None:
    await folder.write(products="sku,name,colour,size\nTEA,Tea,green,XL\n").take()

    await folder.write(products="sku,name,colour,origin\nTEA,Tea,,Japan\n").take()

    found = await rows(world, "select attributes from products")
    assert found == [({"size": "XL", "origin": "Japan"},)]


async def test_keeps_an_id_and_renames_by_it(folder: ImportFolder, world: World) -> None:
    await folder.write(products="id,sku,name\nerp-17,TEA,Tea\n").take()

    report = await folder.write(products="id,sku,name\nerp-17,TEA-2,Tea\n").take()

    assert told(report) == {"products": (0, 1, 0)}
    assert await rows(world, "select id, sku from products") == [("erp-17", "TEA-2")]
    folder.write(products="id,sku,name\nerp-18,TEA-2,Tea\n")
    assert await folder.refused() == [
        'products.csv:2 id "erp-18": is not the id it has here: erp-17'
    ]


async def test_moves_a_branch_with_all_below_it(folder: ImportFolder, world: World) -> None:
    tree = "id,code,name,parentCode\na,A,A,{}\nb,B,B,A\nc,C,C,B\nd,D,D,\n"
    await folder.write(categories=tree.format("")).take()

    report = await folder.write(categories=tree.format("D")).take()

    assert told(report) == {"categories": (0, 1, 3)}
    assert await rows(world, "select id, path, version from categories order by id") == [
        ("a", ["d", "a"], 2),
        ("b", ["d", "a", "b"], 1),
        ("c", ["d", "a", "b", "c"], 1),
        ("d", ["d"], 1),
    ]


async def test_finds_products_by_their_new_name_and_pack(
    folder: ImportFolder, world: World
) -> None:
    await folder.write(products="sku,name,packs\nTEA,Tea,CASE=12:4711\n").take()

    report = await folder.write(products="sku,name,packs\nTEA,Tea,CASE=10:4712\n").take()

    assert told(report) == {"products": (0, 1, 0)}
    async with world.read() as session:
        found = [
            await session.scalar(text(f"select count(*) from product_search_ids(array['%{w}%'])"))
            for w in ("tea", "4711", "4712")
        ]
    assert found == [1, 0, 1]
    assert await rows(world, "select code, quantity, barcode from product_packs") == [
        ("CASE", 10, "4712")
    ]


async def test_raises_the_reference_version_only_with_a_change(
    folder: ImportFolder, world: World
) -> None:
    versions = "select reference from tenant_versions where tenant_id = stock_tenant()"
    await folder.write(**SMALL).take()
    before = await rows(world, versions)

    await folder.write(lots="lotNumber,sku\nL1,TEA\n").take()

    assert await rows(world, versions) > before


async def test_stock_in_a_bin_that_becomes_held_is_held_at_once(
    folder: ImportFolder, world: World
) -> None:
    bins = "locationCode,code,type\nWH,B1,{}\n"
    stock = "sku,locationCode,binCode,quantity\nTEA,WH,B1,40\nTEA,WH,,2\n"
    await folder.write(**SMALL).write(bins=bins.format("STANDARD"), stock=stock).take()

    await folder.write(bins=bins.format("QUARANTINE")).take()

    assert await rows(world, "select on_hand, held from stock_levels") == [(42, 40)]


async def test_stock_of_a_lot_that_has_expired_is_expired_at_once(
    folder: ImportFolder, world: World
) -> None:
    world.database.now = datetime(2026, 6, 1, tzinfo=UTC)
    stock = "sku,locationCode,lotNumber,quantity\nTEA,WH,L1,40\n"
    await folder.write(**SMALL).write(stock=stock).take()

    report = await folder.write(lots="lotNumber,expiryDate\nL1,2026-05-31\n").take()

    assert told(report)["lots"] == (0, 1, 0)
    assert await rows(world, "select on_hand, expired from stock_levels") == [(40, 40)]
    assert await rows(world, "select expiry_date, version from lots_history") == [(None, 1)]


async def test_stock_fills_the_expiry_date_of_a_lot_and_contradicts_none(
    folder: ImportFolder, world: World
) -> None:
    stock = "sku,locationCode,lotNumber,expiryDate,quantity\nTEA,WH,L1,{},40\n"
    await folder.write(**SMALL).write(stock=stock.format("")).take()
    await folder.write(stock=stock.format("2031-01-31")).take()
    folder.write(stock=stock.format("2031-02-28"))

    assert await folder.refused() == [
        (
            'stock.csv:2 expiryDate "2031-02-28": contradicts what is known of the lot, which'
            " expires on 2031-01-31; lots.csv may change that"
        )
    ]
    await folder.write(lots="lotNumber,expiryDate\nL1,2031-02-28\n").take()
    assert await rows(world, "select expiry_date::text from lots") == [("2031-02-28",)]


async def test_warns_of_what_is_taken_as_found(folder: ImportFolder, world: World) -> None:
    world.database.now = datetime(2026, 6, 1, tzinfo=UTC)
    folder.write(**SMALL).write(
        products="sku,name,lotTracked,quantityStep\nTEA,Tea,true,1\nMUG,Mug,false,0.5\n",
        stock="""
            sku,locationCode,lotNumber,expiryDate,quantity
            TEA,WH,,,4
            TEA,SHOP,L1,2026-05-31,4
            MUG,WH,,,0.75
            """,
    )

    report = await folder.take()

    assert [str(warning) for warning in report.warnings] == [
        'stock.csv:2 lotNumber "": is missing, though lots of TEA are tracked',
        'stock.csv:3 expiryDate "2026-05-31": is in the past',
        'stock.csv:4 quantity "0.75": is no multiple of the quantityStep 0.5 of MUG',
    ]


async def test_warns_of_a_lot_that_no_product_has(folder: ImportFolder) -> None:
    stock = "sku,locationCode,lotNumber,quantity\nTEA,WH,L1,40\n"
    folder.write(**SMALL).write(stock=stock, lots="lotNumber,expiryDate\nL1,\nL2,2031-01-31\n")

    report = await folder.take()

    assert [str(warning) for warning in report.warnings] == [
        'lots.csv:3 lotNumber "L2": is no lot of any product: name its sku to make it'
    ]


@pytest.mark.parametrize("table", ["products", "locations", "inventory_items"])
async def test_invariant_20_an_import_touches_one_tenant(
    folder: ImportFolder, other_world: World, table: str
) -> None:
    await other_world.product(id="p1", sku="TEA", name="Theirs")

    await folder.write(**SMALL).write(products="id,sku,name\np1,TEA,Tea\np2,MUG,Mug\n").take()

    theirs = "select name, version from products"
    assert await rows(other_world, theirs) == [("Theirs", 1)]
    held = 1 if table == "products" else 0
    assert await rows(other_world, f"select count(*) from {table}") == [(held,)]
