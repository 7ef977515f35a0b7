"""Posting a document changes balances, ledger and kept sums together, or nothing."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.actor import SYSTEM
from domain.errors import InsufficientStock, StaleQuantity
from models.lists.ledger import POSTINGS, entries_of
from models.lists.listing import by_ids
from models.lists.stock import INVENTORY_ITEMS
from services import stock
from services.stock import changes
from services.stock.posting import post_shown
from world import World


def line(product: Any, location: Any, delta: int, **more: Any) -> stock.Line:
    return stock.Line(product_id=product.id, location_id=location.id, delta=Decimal(delta), **more)


async def test_writes_the_entry_the_balance_and_the_kept_sum(world: World) -> None:
    product, location = await world.product(), await world.location()

    item_id = await world.stock(product, location, 20)

    async with world.read() as session:
        item = await session.one(text("select on_hand, reserved, version from inventory_items"))
        level = await session.one(text("select on_hand, expired, held, reserved from stock_levels"))
        entry = await session.one(
            text("select inventory_item_id, kind, delta, quantity_after from ledger_entries")
        )
    assert tuple(item) == (20, 0, 1)
    assert tuple(level) == (20, 0, 0, 0)
    assert tuple(entry) == (item_id, "RECEIPT", 20, 20)


async def test_shows_what_it_has_made_as_the_lists_show_it(world: World) -> None:
    product, location = await world.product(unit_cost=Decimal("2.5")), await world.location()
    pen = await world.bin(location, type="QUARANTINE")
    lot = await world.lot(product, expiry=date(2020, 1, 1))
    buckets = [{}, {"bin_id": pen.id}, {"lot_id": lot.id}, {}]
    lines = [line(product, location, n, **more) for n, more in enumerate(buckets, 1)]
    wish = stock.Posting(kind="RECEIPT", author=SYSTEM, lines=lines, reference="PO-1")

    async with world.write() as session:
        rows = await post_shown(session, wish)
        change = changes.made(rows, "Done")
        found = [
            await session.one(by_ids(POSTINGS, [change.posting.id])),
            *await session.all(entries_of(change.posting.id)),
            *[await session.one(by_ids(INVENTORY_ITEMS, [one.id])) for one in change.items],
        ]

    assert [(one.on_hand, one.held, one.expired) for one in change.items] == [
        (5, 0, 0),
        (2, 2, 0),
        (3, 0, 3),
    ]
    shown = [change.posting, *change.entries, *change.items]
    assert [vars(one) for one in shown] == [row._asdict() for row in found]


async def test_invariant_05_refuses_to_take_more_than_there_is(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 5)
    wish = stock.Posting(
        kind="ISSUE",
        author=SYSTEM,
        lines=[line(product, location, -3), line(product, location, -3)],
    )

    with pytest.raises(InsufficientStock) as refusal:
        async with world.write() as session:
            await stock.post(session, wish)

    assert refusal.value.details == {"line": 1, "onHand": 2, "asked": 3}
    async with world.read() as session:
        assert await session.scalar(text("select count(*) from ledger_entries")) == 1


@pytest.mark.parametrize("kind", ["TRANSFER", "MOVE", "LOT_CORRECTION"])
async def test_invariant_03_what_stays_in_the_house_sums_to_zero(world: World, kind: str) -> None:
    product, here, there = await world.product(), await world.location(), await world.location()
    await world.stock(product, here, 5)
    lines = [line(product, here, -3), line(product, there, 2)]

    with pytest.raises(Exception, match="must sum to zero"):
        async with world.write() as session:
            await stock.post(session, stock.Posting(kind=kind, author=SYSTEM, lines=lines))

    async with world.read() as session:
        assert await session.scalar(text("select count(*) from ledger_entries")) == 1


async def test_refuses_a_stale_expectation(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 5)
    wish = stock.Posting(
        kind="COUNT", author=SYSTEM, lines=[line(product, location, 1, expected=Decimal(4))]
    )

    with pytest.raises(StaleQuantity) as refusal:
        async with world.write() as session:
            await stock.post(session, wish)

    assert refusal.value.details == {"line": 0, "onHand": 5, "expected": 4}


async def test_invariant_05_gives_the_last_unit_to_one_of_many(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 3)

    async def take() -> bool:
        try:
            async with world.write() as session:
                await stock.post(
                    session,
                    stock.Posting(kind="ISSUE", author=SYSTEM, lines=[line(product, location, -1)]),
                )
        except InsufficientStock:
            return False
        return True

    taken = await asyncio.gather(*(take() for _ in range(8)))

    assert sum(taken) == 3


async def test_a_bucket_is_never_written_under_the_id_of_another(world: World) -> None:
    product, here, there = await world.product(), await world.location(), await world.location()
    item = await world.stock(product, here, 5)
    keys = f"'{item}', '{product.id}', '{there.id}', null, null"
    line = f"row({keys}, 3, null, null, null, null, null, null, null)"

    with pytest.raises(Exception, match="every bucket is written"):
        async with world.write() as session:
            await session.call(
                """select stock_post('{"id": "txn_x", "kind": "RECEIPT", "actor": {}}',"""
                f" array[{line}::posting_line])"
            )

    async with world.read() as session:
        rows = await session.all(text("select location_id, on_hand from inventory_items"))
    assert [tuple(row) for row in rows] == [(here.id, 5)]
