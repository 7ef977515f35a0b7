"""Movements at a location become the ledger's history; the others are demand and supply."""

from decimal import Decimal
from typing import Any

from sqlalchemy import text

from folders import SMALL, ImportFolder, told
from world import World

HEADER = "occurredAt,sku,type,quantity,locationCode,reference\n"


async def entries(world: World) -> list[Any]:
    """Kind, delta, balance after it and day of every ledger entry, as they were recorded."""
    async with world.read() as session:
        found = await session.all(
            text(
                "select e.kind, e.delta, e.quantity_after, e.occurred_at::date::text, e.reference"
                " from ledger_entries e join postings p on p.id = e.posting_id"
                " where e.tenant_id = stock_tenant() order by p.recorded_at, p.xid, e.ordinal"
            )
        )
    return [tuple(row) for row in found]


async def test_opens_a_bucket_so_that_no_moment_is_negative(
    folder: ImportFolder, world: World
) -> None:
    folder.write(**SMALL).write(
        stock="sku,locationCode,quantity\nTEA,WH,40\n",
        movements=HEADER
        + "2025-01-03,TEA,SALE,-8,WH,SO3\n2025-01-01,TEA,SALE,-5,WH,SO1\n"
        + "2025-01-02,TEA,PURCHASE,10,WH,PO1\n2025-01-03,TEA,SALE,-1,WH,SO4\n",
    )

    report = await folder.take()

    assert (report.opened, told(report)["movements"]) == (1, (4, 0, 0))
    today = (await entries(world))[-1][3]
    assert await entries(world) == [
        ("RECEIPT", 5, 5, "2025-01-01", "opening balance"),
        ("ISSUE", -5, 0, "2025-01-01", "SO1"),
        ("RECEIPT", 10, 10, "2025-01-02", "PO1"),
        ("ISSUE", -8, 2, "2025-01-03", "SO3"),
        ("ISSUE", -1, 1, "2025-01-03", "SO4"),
        ("COUNT", 39, 40, today, None),
    ]


async def test_takes_each_movement_once(folder: ImportFolder, world: World) -> None:
    rows = (
        "2025-01-01,TEA,SALE,-5,WH,SO1\n2025-01-01,TEA,SALE,-5,WH,SO1\n2025-01-02,MUG,SALE,-1,,\n"
    )
    await folder.write(**SMALL).write(movements=HEADER + rows).take()
    before = await entries(world)

    again = await folder.take()
    more = await folder.write(movements=HEADER + rows + "2025-01-01,TEA,SALE,-5.0,WH,SO1\n").take()

    assert told(again)["movements"] == (0, 0, 3)
    assert told(more)["movements"] == (1, 0, 3)
    assert (await entries(world))[: len(before)] == before


async def test_follows_a_count_in_the_history(folder: ImportFolder, world: World) -> None:
    folder.write(**SMALL).write(
        stock="sku,locationCode,quantity\n",
        movements=HEADER + "2025-01-01,TEA,SALE,-5,WH,\n2025-01-02,TEA,COUNT,3,WH,\n"
        "2025-01-03,TEA,SALE,-2,WH,\n",
    )

    await folder.take()

    assert [entry[:3] for entry in await entries(world)] == [
        ("RECEIPT", 5, 5),
        ("ISSUE", -5, 0),
        ("COUNT", 3, 3),
        ("ISSUE", -2, 1),
    ]


async def test_refuses_what_cannot_have_happened(folder: ImportFolder, world: World) -> None:
    folder.write(**SMALL).write(
        movements="""
            occurredAt,sku,type,quantity,locationCode,binCode
            2025-01-02,TEA,COUNT,3,WH,
            2025-01-03,TEA,SALE,-4,WH,
            2025-01-03,TEA,SALE,4,WH,
            2025-01-03,TEA,PURCHASE,-4,WH,
            2999-01-03,TEA,PURCHASE,4,WH,
            2025-01-03,TEA,COUNT,4,,
            2025-13-03,TEA,STOLEN,4,,
            """
    )

    problems = await folder.refused()

    assert problems == [
        'movements.csv:3 quantity "-4": takes more than the 3 that are left of the last COUNT',
        'movements.csv:4 quantity "4": must be negative, as what goes out is in this file',
        'movements.csv:5 quantity "-4": must not be negative: the type says the direction',
        'movements.csv:6 occurredAt "2999-01-03": is in the future',
        'movements.csv:7 locationCode "": is missing: a COUNT is of one place',
        (
            'movements.csv:8 occurredAt "2025-13-03": must be a date such as 2026-01-31 or a moment'
            " such as 2026-01-31T14:30:00Z"
        ),
        (
            'movements.csv:8 type "STOLEN": must be one of PURCHASE, RECEIPT, WORK_ORDER,'
            " TRANSFER_IN, RETURN, SALE, ISSUE, CONSUME, DAMAGE, EXPIRE, TRANSFER_OUT,"
            " ADJUSTMENT, COUNT"
        ),
    ]
    assert await entries(world) == []


async def test_older_movements_leave_the_present_balance_as_it_is(
    folder: ImportFolder, world: World
) -> None:
    await folder.write(**SMALL).take()
    (folder.path / "stock.csv").unlink()

    await folder.write(movements=HEADER + "2025-01-01,TEA,PURCHASE,7,WH,\n").take()

    assert [entry[:3] for entry in await entries(world) if entry[1] in (40, 7, -7)] == [
        ("RECEIPT", 40, 40),
        ("RECEIPT", 7, 47),
        ("COUNT", -7, 40),
    ]


async def test_keeps_movements_without_a_location_apart(folder: ImportFolder, world: World) -> None:
    folder.write(
        products="sku,name\nTEA,Tea\n",
        channels="code,name,type\nDTC,Web,E_COMMERCE\n",
        movements="""
            occurredAt,sku,type,quantity,unitCost,unitPrice,channelCode,reference
            2025-01-01,TEA,SALE,3,,9.5,DTC,SO1
            2025-01-01T23:30:00-02:00,TEA,PURCHASE,12,1.123456,,,PO1
            """,
    )

    await folder.take()

    async with world.read() as session:
        kept = await session.all(
            text(
                "select direction, type, quantity, unit_cost, unit_price, channel_id, reference,"
                " occurred_on::text from movement_history order by 1"
            )
        )
        balances = await session.scalar(text("select count(*) from inventory_items"))
    assert [tuple(row) for row in kept] == [
        ("DEMAND", "SALE", -3, None, Decimal("9.5"), "DTC", "SO1", "2025-01-01"),
        ("SUPPLY", "PURCHASE", 12, Decimal("1.123456"), None, None, "PO1", "2025-01-02"),
    ]
    assert balances == 0


async def test_invariant_01_balances_are_the_sums_of_their_entries(
    folder: ImportFolder, world: World
) -> None:
    folder.write(**SMALL).write(
        bins="locationCode,code\nWH,N/A-0\n",
        stock="sku,locationCode,binCode,lotNumber,quantity\nTEA,WH,N/A-0,L1,4\nTEA,WH,,,2\n",
        movements="""
            occurredAt,sku,type,quantity,locationCode,binCode,lotNumber
            2025-01-01,TEA,ADJUSTMENT,-2,WH,N/A-0,L1
            2025-01-02,TEA,TRANSFER_IN,5,WH,N/A-0,L1
            2025-01-03,TEA,DAMAGE,-1,WH,,
            2025-01-04,TEA,EXPIRE,-9,WH,,L2
            2025-01-05,TEA,RETURN,1,WH,,L2
            """,
    )

    await folder.take()

    async with world.read() as session:
        wrong = await session.scalar(
            text(
                "select count(*) from inventory_items i where on_hand <> (select sum(e.delta) from"
                " ledger_entries e where e.tenant_id = i.tenant_id and e.inventory_item_id = i.id)"
            )
        )
        held = await session.all(text("select on_hand from inventory_items order by 1"))
    assert wrong == 0
    assert [row.on_hand for row in held] == [1, 2, 4]
