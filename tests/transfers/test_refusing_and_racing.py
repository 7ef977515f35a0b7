"""Steps that are refused, and steps that are taken at once."""

import asyncio
from decimal import Decimal

import pytest

from domain.errors import ExceedsOpen, InsufficientStock, OverReceipt, QuantityRefused, StockHeld
from services import holds, transfers
from transfer_acts import Moving, use
from world import World

D = Decimal


async def test_more_than_is_free_is_refused_and_nothing_is_reserved(world: World) -> None:
    move = await Moving.make(world, 10, stocked=9)
    await move.to("SUBMITTED")

    with pytest.raises(InsufficientStock) as refused:
        await move.act("APPROVE")

    assert refused.value.details == {"line": 0, "asked": 10, "available": 9}
    assert await move.on_hand(move.source) == (9, 0)


async def test_a_bin_on_hold_is_not_shipped_from(world: World) -> None:
    move = await Moving.make(world, 5, stocked=0)
    bin = await world.bin(move.source)
    await world.stock(move.product, move.source, 5, bin=bin)
    await move.to("APPROVED")
    hold = holds.Wish(type="QUALITY", reason="Smells", bin_id=bin.id)
    await use(world, holds.place, hold)

    with pytest.raises(StockHeld):
        await move.act("SHIP")
    assert (await move.on_hand(move.source), await move.line()) == ((5, 5), {})

    other = await Moving.make(world, 5, stocked=0)
    held = await world.bin(other.source, type="QUARANTINE")
    await world.stock(other.product, other.source, 5, bin=held)
    await other.to("SUBMITTED")
    with pytest.raises(StockHeld):
        await other.act("APPROVE")


async def test_more_than_is_left_is_neither_picked_shipped_nor_received(world: World) -> None:
    move = await Moving.make(world, 10)
    await move.to("APPROVED")
    line = await move.line_id()

    with pytest.raises(ExceedsOpen) as picked:
        await move.act("PICK", lines=[transfers.PickLine(line_id=line, quantity=D(11))])
    with pytest.raises(ExceedsOpen) as shipped:
        await move.act("SHIP", lines=[transfers.ShipLine(line_id=line, quantity=D(11))])
    with pytest.raises(QuantityRefused):
        await move.act("SHIP", lines=[transfers.ShipLine(line_id=line, quantity=D(0))])
    await move.act("SHIP")
    lines = [transfers.ReceiveLine(line_id=line, quantity=D(8), damaged=D(3))]
    with pytest.raises(OverReceipt) as received:
        await move.act("RECEIVE", lines=lines)

    assert picked.value.details == shipped.value.details == {"asked": 11, "open": 10}
    assert received.value.details == {"asked": 11, "inTransit": 10}
    assert await move.line() == {"picked": 10, "shipped": 10, "in_transit": 10}


async def test_invariant_12_receipts_at_once_never_take_the_same_units(world: World) -> None:
    move = await Moving.make(world, 30, stocked=30)
    await move.to("IN_TRANSIT")
    line = await move.line_id()

    async def receive(good: int, damaged: int) -> bool:
        one = transfers.ReceiveLine(line_id=line, quantity=D(good), damaged=D(damaged))
        try:
            await move.act("RECEIVE", lines=[one])
        except OverReceipt:
            return False
        return True

    done = await asyncio.gather(*(receive(5, 2) for _ in range(6)))

    assert sum(done) == 4
    assert await move.line() == {
        "picked": 30,
        "shipped": 30,
        "received": 20,
        "damaged": 8,
        "in_transit": 2,
    }
    assert await move.on_hand(move.dest) == (28, 0)


async def test_invariant_7_transfers_that_are_approved_at_once_never_share_units(
    world: World,
) -> None:
    first = await Moving.make(world, 6, stocked=20)
    moves = [first]
    for _ in range(4):
        line = transfers.LineWish(product_id=first.product.id, quantity=D(6))
        wish = transfers.Wish(
            source_location_id=first.source.id, dest_location_id=first.dest.id, lines=[line]
        )
        made = await use(world, transfers.create, wish)
        moves.append(Moving(world, made.transfer.id, first.product, first.source, first.dest))
    for move in moves:
        await move.act("SUBMIT")

    async def approve(move: Moving) -> bool:
        try:
            await move.act("APPROVE")
        except InsufficientStock:
            return False
        return True

    done = await asyncio.gather(*(approve(move) for move in moves))

    assert sum(done) == 3
    assert await first.on_hand(first.source) == (20, 18)
