"""What each step of a transfer does to stock, and to its transit account."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from domain.actor import SYSTEM
from domain.promise_errors import FefoReasonRequired
from domain.request_errors import ReasonRequired
from services import holds, stock, transfers
from transfer_acts import Moving, levels, use
from world import World

D = Decimal


async def rows(world: World, sql: str, **values: Any) -> list[Any]:
    async with world.read() as session:
        return list(await session.all(text(sql).bindparams(**values)))


async def test_each_step_moves_stock_between_its_accounts(world: World) -> None:
    move = await Moving.make(world, 10, stocked=20)

    await move.to("APPROVED")
    assert (await move.on_hand(move.source), await move.line()) == ((20, 10), {})
    await move.act("PICK")
    assert (await move.on_hand(move.source), await move.line()) == ((20, 10), {"picked": 10})
    await move.act("SHIP")
    assert await move.on_hand(move.source) == (10, 0)
    assert await move.line() == {"picked": 10, "shipped": 10, "in_transit": 10}
    await move.act("RECEIVE")
    assert await move.on_hand(move.dest) == (10, 0)
    assert await move.line() == {"picked": 10, "shipped": 10, "received": 10}
    assert (await move.act("CLOSE")).transfer.status == "CLOSED"


async def test_invariant_3_a_transfer_posting_sums_to_zero_with_its_transit(world: World) -> None:
    move = await Moving.make(world)
    await move.to("PARTIALLY_RECEIVED")

    sums = await rows(
        world,
        """select sum(a.delta) as delta from (
             select posting_id, delta from ledger_entries
             union all select posting_id, delta from transit_entries) a
           join postings p on p.id = a.posting_id where p.kind = 'TRANSFER' group by p.id""",
    )

    assert [row.delta for row in sums] == [0, 0]
    assert await rows(world, "select * from ledger_check_postings()") == []


async def test_invariant_3_a_transfer_posting_without_its_transit_is_refused(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 5)
    line = stock.Line(product_id=product.id, location_id=location.id, delta=D(-1))

    with pytest.raises(asyncpg.PostgresError, match="must sum to zero"):
        async with world.write() as session:
            await stock.post(session, stock.Posting(kind="TRANSFER", author=SYSTEM, lines=[line]))

    assert await levels(world, location, product) == (5, 0)


async def test_invariant_12_a_transit_account_that_lines_do_not_tell_is_refused(
    world: World,
) -> None:
    move = await Moving.make(world)
    await move.to("PARTIALLY_RECEIVED")
    wrong = "update transfer_lines set received = 0, returned = 1 where tenant_id = $1"
    async with world.write() as session:
        await session.call(wrong, world.tenant_id)

    with pytest.raises(asyncpg.PostgresError, match="does not tell what its transit"):
        await move.act("RECEIVE")


async def test_invariant_2_the_transit_account_is_appended_to_only(world: World) -> None:
    move = await Moving.make(world)
    await move.to("IN_TRANSIT")

    for sql in ("delete from transit_entries", "update transit_entries set delta = 1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.write() as session:
                await session.call(f"{sql} where tenant_id = $1", world.tenant_id)


async def test_one_transfer_is_shipped_and_received_in_several_parts(world: World) -> None:
    move = await Moving.make(world, 10)
    await move.to("APPROVED")
    line = await move.line_id()

    first = await move.act("SHIP", lines=[transfers.ShipLine(line_id=line, quantity=D(4))])
    arrived = await move.act("RECEIVE")
    second = await move.act("SHIP")
    whole = await move.act("RECEIVE")

    statuses = [one.transfer.status for one in (first, arrived, second, whole)]
    assert statuses == ["IN_TRANSIT", "PARTIALLY_RECEIVED", "PARTIALLY_RECEIVED", "RECEIVED"]
    assert await move.line() == {"picked": 10, "shipped": 10, "received": 10}
    assert await move.on_hand(move.dest) == (10, 0)


async def test_what_is_displaced_by_a_hold_is_shipped_from_where_it_went(world: World) -> None:
    move = await Moving.make(world, 10)
    other = await world.stock(move.product, move.source, 20, bin=await world.bin(move.source))
    await move.to("APPROVED")
    first = transfers.ShipLine(line_id=await move.line_id(), quantity=D(4))
    begun = await move.act("SHIP", lines=[first])
    item = begun.entries[0].inventory_item_id
    hold = holds.Wish(
        type="QUALITY", reason="smells", inventory_item_id=item, displace_reservations=True
    )
    async with world.write() as session:
        await holds.place(session, SYSTEM, hold)

    rest = await move.act("SHIP")
    back = await move.act("CANCEL", in_transit="RETURN")

    moved = [(one.inventory_item_id, int(one.delta)) for one in (*begun.entries, *rest.entries)]
    assert moved == [(item, -4), (other, -6)]
    returned = {one.inventory_item_id: int(one.delta) for one in back.entries}
    assert returned == {item: 4, other: 6}
    assert await move.on_hand(move.source) == (40, 0)


async def test_damaged_units_arrive_on_hold(world: World) -> None:
    move = await Moving.make(world, 10)
    await move.to("IN_TRANSIT")
    line = transfers.ReceiveLine(line_id=await move.line_id(), quantity=D(7), damaged=D(2))

    outcome = await move.act("RECEIVE", lines=[line])

    assert outcome.transfer.status == "PARTIALLY_RECEIVED"
    assert await move.line() == {
        "picked": 10,
        "shipped": 10,
        "received": 7,
        "damaged": 2,
        "in_transit": 1,
    }
    found = await rows(world, "select type, quantity, reference, location_id from holds")
    number = outcome.transfer.number
    assert [tuple(row) for row in found] == [("DAMAGE", 2, number, move.dest.id)]
    level = await rows(
        world, "select on_hand, held from stock_levels_now where location_id = :l", l=move.dest.id
    )
    assert [tuple(row) for row in level] == [(9, 2)]


async def test_damaged_units_in_a_bin_for_damage_need_no_hold(world: World) -> None:
    move = await Moving.make(world, 3)
    await move.to("IN_TRANSIT")
    bin = await world.bin(move.dest, type="DAMAGE")
    line = transfers.ReceiveLine(
        line_id=await move.line_id(), quantity=D(2), damaged=D(1), damaged_bin_id=bin.id
    )

    await move.act("RECEIVE", lines=[line])

    assert await rows(world, "select id from holds") == []
    level = await rows(
        world, "select on_hand, held from stock_levels_now where location_id = :l", l=move.dest.id
    )
    assert [tuple(row) for row in level] == [(3, 1)]


async def test_what_is_missing_is_given_up_for_a_reason(world: World) -> None:
    move = await Moving.make(world, 10)
    await move.to("PARTIALLY_RECEIVED")

    with pytest.raises(ReasonRequired):
        await move.act("CLOSE", reason=None)
    outcome = await move.act("CLOSE", reason="Fell off the lorry")

    assert outcome.transfer.status == "CLOSED_SHORT"
    assert await move.line() == {"picked": 10, "shipped": 10, "received": 1, "short": 9}
    assert outcome.events[-1].reason == "Fell off the lorry"
    assert await move.on_hand(move.source) == (10, 0)


async def test_closing_frees_what_was_not_shipped(world: World) -> None:
    move = await Moving.make(world, 10)
    await move.to("APPROVED")
    line = await move.line_id()
    await move.act("SHIP", lines=[transfers.ShipLine(line_id=line, quantity=D(4))])
    await move.act("RECEIVE")
    assert await move.on_hand(move.source) == (16, 6)

    outcome = await move.act("CLOSE", reason=None)

    assert outcome.transfer.status == "CLOSED_SHORT"
    assert await move.on_hand(move.source) == (16, 0)
    assert [(one.quantity, one.shipped) for one in outcome.allocations] == [(4, 4)]


@pytest.mark.parametrize("status", ["APPROVED", "PICKED"])
async def test_cancelling_before_shipping_frees_all(world: World, status: str) -> None:
    move = await Moving.make(world, 10)
    await move.to(status)

    outcome = await move.act("CANCEL")

    assert (outcome.transfer.status, outcome.posting) == ("CANCELLED", None)
    assert (await move.on_hand(move.source), await move.line()) == ((20, 0), {})


async def test_cancelling_in_transit_brings_units_back_to_their_buckets(world: World) -> None:
    move = await Moving.make(world, 10, stocked=20)
    await move.to("PARTIALLY_RECEIVED")

    outcome = await move.act("CANCEL", reason=None)

    assert outcome.transfer.status == "CLOSED_SHORT"
    assert [(entry.kind, entry.delta) for entry in outcome.entries] == [("TRANSFER", 9)]
    assert await move.on_hand(move.source) == (19, 0)
    assert await move.line() == {"picked": 10, "shipped": 10, "received": 1, "returned": 9}


async def test_cancelling_in_transit_can_write_off_for_a_reason(world: World) -> None:
    move = await Moving.make(world, 10)
    await move.to("IN_TRANSIT")

    with pytest.raises(ReasonRequired):
        await move.act("CANCEL", reason=None, in_transit="WRITE_OFF")
    outcome = await move.act("CANCEL", in_transit="WRITE_OFF")

    assert (outcome.transfer.status, outcome.posting) == ("CANCELLED", None)
    assert await move.line() == {"picked": 10, "shipped": 10, "short": 10}
    assert await move.on_hand(move.source) == (10, 0)


async def shelf(world: World, *expiries: int) -> tuple[Moving, list[Any], list[str]]:
    """A submitted transfer of 5, and lots of 5 units that expire so many days from now."""
    move = await Moving.make(world, 5, stocked=0)
    lots = [
        await world.lot(move.product, expiry=date(2031, 1, 1) + timedelta(days=days))
        for days in expiries
    ]
    items = [await world.stock(move.product, move.source, 5, lot=lot) for lot in lots]
    await move.act("SUBMIT")
    return move, lots, items


async def test_what_expires_first_goes_first_and_lots_stay_what_they_are(world: World) -> None:
    move, lots, items = await shelf(world, 30, 10, 20)

    approved = await move.act("APPROVE")
    await move.act("SHIP")
    received = await move.act("RECEIVE")

    assert [one.inventory_item_id for one in approved.allocations] == [items[1]]
    assert [entry.lot_id for entry in received.entries] == [lots[1].id]


async def test_picking_another_lot_needs_a_reason_and_is_kept(world: World) -> None:
    move, lots, items = await shelf(world, 10, 20)
    await move.act("APPROVE")
    pick = transfers.PickLine(
        line_id=await move.line_id(), quantity=D(2), inventory_item_id=items[1]
    )

    with pytest.raises(FefoReasonRequired) as refused:
        await move.act("PICK", lines=[pick])
    assert refused.value.details == {"passedOverInventoryItemId": items[0]}
    picked = await move.act("PICK", lines=[replace(pick, reason="Blocked aisle")])

    kept = [
        (one.inventory_item_id, one.quantity, one.picked, one.passed_over_id, one.override_reason)
        for one in picked.allocations
    ]
    assert kept == [
        (items[0], 3, 0, None, None),
        (items[1], 2, 2, items[0], "Blocked aisle"),
    ]
    await move.act("SHIP")
    received = await move.act("RECEIVE")
    assert [(entry.lot_id, entry.delta) for entry in received.entries] == [(lots[1].id, 2)]
    assert received.transfer.status == "PARTIALLY_RECEIVED"


async def test_what_expires_before_it_would_arrive_is_not_taken(world: World) -> None:
    today = (await rows(world, "select stock_today() as today"))[0].today
    move = await Moving.make(world, 5, stocked=0, expected_on=today + timedelta(days=9))
    soon, late = [
        await world.lot(move.product, expiry=today + timedelta(days=days)) for days in (3, 30)
    ]
    await world.stock(move.product, move.source, 5, lot=soon)
    item = await world.stock(move.product, move.source, 5, lot=late)

    approved = await move.to("SUBMITTED")
    outcome = await approved.act("APPROVE")

    assert [one.inventory_item_id for one in outcome.allocations] == [item]


async def test_a_move_between_bins_is_one_pair_without_transit(world: World) -> None:
    product, location = await world.product(), await world.location()
    here, there = await world.bin(location), await world.bin(location)
    lot = await world.lot(product)
    await world.stock(product, location, 5, bin=here, lot=lot)
    line = transfers.LineWish(product_id=product.id, quantity=D(3), dest_bin_id=there.id)
    wish = transfers.Wish(
        source_location_id=location.id, dest_location_id=location.id, lines=[line], submit=True
    )
    made = await use(world, transfers.create, wish)
    move = Moving(world, made.transfer.id, product, location, location)
    await move.act("APPROVE")

    outcome = await move.act("SHIP")

    assert outcome.transfer.status == "RECEIVED"
    moved = [(entry.bin_id, entry.lot_id, entry.delta) for entry in outcome.entries]
    assert moved == [(here.id, lot.id, -3), (there.id, lot.id, 3)]
    assert await move.line() == {"picked": 3, "shipped": 3, "received": 3}


async def test_what_is_on_its_way_is_expected_once(world: World) -> None:
    move = await Moving.make(world, 10, expected_on=date(2031, 5, 1))
    sql = "select kind, quantity, due_on, location_id from expected_supply order by kind"
    await move.to("SUBMITTED")
    assert await rows(world, sql) == []

    await move.act("APPROVE")
    where = (date(2031, 5, 1), move.dest.id)
    assert [tuple(row) for row in await rows(world, sql)] == [("APPROVED", 10, *where)]
    one = transfers.ShipLine(line_id=await move.line_id(), quantity=D(4))
    await move.act("SHIP", lines=[one])
    assert [tuple(row) for row in await rows(world, sql)] == [
        ("APPROVED", 6, *where),
        ("IN_TRANSIT", 4, *where),
    ]
    await move.act("RECEIVE")
    await move.act("CLOSE")
    assert await rows(world, sql) == []
