"""Transfers of transfers.csv: on their way or set aside as the file says, and never made twice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.actor import SYSTEM
from domain.errors import Conflict
from folders import SMALL, ImportFolder, told
from services import imports, stock, transfers
from services.transfers import reading
from transfer_acts import use
from world import World

D = Decimal
FILE = """
    transferNumber,lineNumber,sourceLocationCode,destLocationCode,sku,quantity,inTransit,expectedDate,reference
    XFER-000041,1,WH,SHOP,TEA,6,true,2030-05-01,R-7
    XFER-000041,2,WH,SHOP,TEA,10,false,2030-05-01,R-7
    OLD/9,1,SHOP,WH,MUG,3,,,
    """


SUPPLY = """select e.kind, l.code, e.quantity::integer as units, e.due_on, e.source_number
    from expected_supply e join locations l on l.tenant_id = e.tenant_id and l.id = e.location_id
    where e.tenant_id = stock_tenant() order by 1, 2, 3"""
LEVELS = """select p.sku, l.code, s.on_hand, s.reserved from stock_levels_now s
    join products p on p.tenant_id = s.tenant_id and p.id = s.product_id
    join locations l on l.tenant_id = s.tenant_id and l.id = s.location_id
    where s.tenant_id = stock_tenant() order by 1, 2"""
HEAD = "about where it goes, when, or its reference"
NUMBERED = "select id from transfers where tenant_id = stock_tenant() and number = 'XFER-000041'"


async def rows(world: World, sql: str) -> list[tuple[Any, ...]]:
    async with world.read() as session:
        return [tuple(row) for row in await session.all(text(sql))]


async def test_open_transfers_are_expected_on_their_day_and_stock_stays_what_it_is(
    folder: ImportFolder, world: World
) -> None:
    report = await folder.write(**SMALL, transfers=FILE).take()

    assert told(report)["transfers"] == (3, 0, 0)
    assert await rows(world, SUPPLY) == [
        ("APPROVED", "SHOP", 10, date(2030, 5, 1), "XFER-000041"),
        ("IN_TRANSIT", "SHOP", 6, date(2030, 5, 1), "XFER-000041"),
        ("IN_TRANSIT", "WH", 3, None, "OLD/9"),
    ]
    assert await rows(world, LEVELS) == [
        ("MUG", "SHOP", 0, 0),
        ("MUG", "WH", 0, 0),
        ("TEA", "SHOP", D("2.5"), 0),
        ("TEA", "WH", 40, 10),
    ]


async def test_they_are_received_and_shipped_like_any_other_and_are_not_made_again(
    folder: ImportFolder, world: World
) -> None:
    await folder.write(**SMALL, transfers=FILE).take()
    again = await folder.take()
    ((id,),) = await rows(world, NUMBERED)
    await use(world, transfers.ship, transfers.Shipment(transfer_id=id))
    await use(world, transfers.receive, transfers.Receipt(transfer_id=id))
    (folder.path / "stock.csv").unlink()

    late = await folder.take()

    assert again.changes_nothing
    assert late.changes_nothing
    assert await rows(world, LEVELS) == [
        ("MUG", "SHOP", 0, 0),
        ("MUG", "WH", 0, 0),
        ("TEA", "SHOP", D("18.5"), 0),
        ("TEA", "WH", 30, 0),
    ]
    async with world.read() as session:
        lines = (await reading.lines_of(session, [id]))[id]
    assert [(line.shipped, line.received, line.in_transit) for line in lines] == [
        (6, 6, 0),
        (10, 10, 0),
    ]


async def test_numbers_that_were_brought_along_are_not_drawn_again(
    folder: ImportFolder, world: World
) -> None:
    await folder.write(**SMALL, transfers=FILE).take()
    product, source, dest = await world.product(), await world.location(), await world.location()
    line = transfers.LineWish(product_id=product.id, quantity=D(1))
    wish = transfers.Wish(source_location_id=source.id, dest_location_id=dest.id, lines=[line])

    made = await use(world, transfers.create, wish)

    assert made.transfer.number == "XFER-000042"


async def test_what_cannot_be_set_aside_stops_the_import_until_it_is_there(
    folder: ImportFolder, world: World
) -> None:
    await folder.write(**SMALL).take()
    ((tea, place),) = await rows(
        world,
        "select p.id, l.id from products p, locations l"
        " where p.tenant_id = stock_tenant() and p.sku = 'TEA'"
        " and l.tenant_id = stock_tenant() and l.code = 'WH'",
    )
    (folder.path / "stock.csv").unlink()
    folder.write(transfers=FILE.replace("TEA,10,", "TEA,41,"))

    with pytest.raises(Conflict, match=r"cannot go on: .* --resume") as stopped:
        await folder.take()

    assert await rows(world, SUPPLY) == []
    async with world.write() as session:
        line = stock.Line(product_id=tea, location_id=place, delta=D(1))
        await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[line]))
    id = stopped.value.details["importId"]
    await imports.resume(world.database, world.tenant_id, id)
    assert [row[0] for row in await rows(world, SUPPLY)] == ["APPROVED", "IN_TRANSIT", "IN_TRANSIT"]


async def test_rows_that_cannot_be_are_refused(folder: ImportFolder, world: World) -> None:
    del world
    problems = await folder.write(
        **SMALL
        | {"products": "sku,name,lotTracked,quantityStep\nTEA,Tea,true,0.5\nMUG,Mug,false,1\n"},
        transfers="""
            transferNumber,lineNumber,sourceLocationCode,destLocationCode,sku,lotNumber,quantity,reference
            A,1,WH,WH,MUG,,1,
            B,1,WH,SHOP,MUG,,1,first
            B,2,WH,SHOP,MUG,,1,other
            C,1,WH,SHOP,TEA,,1,
            C,2,WH,SHOP,TEA,L-9,1,
            D,1,WH,SHOP,MUG,,1.5,
            D,1,WH,NONE,MUG,,1,
            """,
    ).refused()

    assert problems == [
        'transfers.csv:2 destLocationCode "WH": is where it comes from',
        f'transfers.csv:4 transferNumber "B": says something else than line 3 {HEAD}',
        'transfers.csv:5 lotNumber "": is needed: the lots of TEA are tracked',
        'transfers.csv:6 lotNumber "L-9": names no known lot of TEA',
        'transfers.csv:7 quantity "1.5": is no multiple of 1',
        'transfers.csv:8 transferNumber "D / 1": is in line 7 already',
        'transfers.csv:8 destLocationCode "NONE": names no known location',
        f'transfers.csv:8 transferNumber "D": says something else than line 7 {HEAD}',
    ]
