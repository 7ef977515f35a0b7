"""Every posting can be taken back once, unless its units are gone, promised, held or counted."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import text

from domain.actor import SYSTEM, Author
from domain.errors import InsufficientStock, NotReversible
from graph import answer, ask, refusal, statements
from models.session import Database
from reversals import POSTING, REVERSE, act, codes, stock_of
from services import books, stock
from world import World

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
AUTHOR = Author("key_test", "Test")


async def received(world: World, quantity: int = 10, **line: Any) -> tuple[str, str]:
    """A posting that received units, and the bucket in which they are."""
    product, location = await world.product(), await world.location()
    wish = stock.Line(
        product_id=product.id, location_id=location.id, delta=Decimal(quantity), **line
    )
    async with world.write() as session:
        posted = await stock.post(
            session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[wish])
        )
    return posted.id, posted.entries[0].inventory_item_id


async def reverse(world: World, id: str) -> None:
    async with world.write() as session:
        await books.reverse(session, AUTHOR, books.Reversal(posting_id=id, reason="a mistake"))


async def test_links_both_ways_and_keeps_reason_and_reference(world: World) -> None:
    product, location = await world.product(), await world.location()
    line = {"productId": product.id, "quantity": 10}
    first = await act(world, "receiveStock", locationId=location.id, reference="PO-1", lines=[line])
    assert await codes(world, first) == []

    done = (await ask(world, REVERSE, id=first))["reversePosting"]

    (entry,) = done["entries"]
    item = entry.pop("item")
    assert entry == {"delta": -10, "quantityBefore": 10, "quantityAfter": 0, "kind": "RECEIPT"}
    assert done["items"] == [{"id": item["id"], "onHand": 0}]
    assert done["message"] == f"Took {first} back."
    second = done["posting"].pop("id")
    assert done["posting"] == {
        "kind": "RECEIPT",
        "comment": "a mistake",
        "reference": "PO-1",
        "reasonCode": {"id": "reason_receipt"},
        "reverses": {"id": first},
    }
    assert done["reversed"] == {"id": first, "reversedBy": {"id": second}, "canReverse": False}
    assert await codes(world, first) == ["ALREADY_REVERSED"]
    assert await codes(world, second) == ["IS_REVERSAL"]


async def test_refuses_a_second_time_and_changes_nothing(world: World) -> None:
    first, _ = await received(world)
    await reverse(world, first)
    before = await stock_of(world)

    found = await refusal(world, REVERSE, id=first)

    assert (found["code"], found["field"]) == ("NOT_REVERSIBLE", "postingId")
    assert [one["code"] for one in found["details"]["blockers"]] == ["ALREADY_REVERSED"]
    assert await stock_of(world) == before


async def test_one_of_two_at_once_wins(world: World) -> None:
    first, _ = await received(world)

    found = await asyncio.gather(*(reverse(world, first) for _ in range(4)), return_exceptions=True)

    assert sorted(type(one).__name__ for one in found) == ["NoneType", *["NotReversible"] * 3]
    assert await stock_of(world) == [[], []]


async def test_says_every_reason_why_not(world: World) -> None:
    world.database.now = NOON
    gone, item = await received(world)
    async with world.write() as session:
        row = await session.one(text(f"select * from inventory_items where id = '{item}'"))
        line = stock.Line(product_id=row.product_id, location_id=row.location_id, delta=Decimal(-4))
        await stock.post(session, stock.Posting(kind="ISSUE", author=SYSTEM, lines=[line]))
    promised, other = await received(world)
    await world.reserve(other, 3)
    held, third = await received(world)
    hold = {"type": "QUALITY", "reason": "look", "inventoryItemId": third, "quantity": 2}
    place = "mutation ($input: PlaceHoldInput!) { placeHold(input: $input) { hold { id } } }"
    await ask(world, place, input=hold)
    counted, fourth = await received(world)
    world.database.now = NOON + timedelta(hours=1)
    async with world.write() as session:
        row = await session.one(text(f"select * from inventory_items where id = '{fourth}'"))
        line = stock.Line(product_id=row.product_id, location_id=row.location_id, target=Decimal(9))
        await stock.post(session, stock.Posting(kind="COUNT", author=SYSTEM, lines=[line]))

    found = (await ask(world, POSTING, id=gone))["posting"]["blockers"]

    details = {"onHand": 6, "reserved": 0, "held": 0, "asked": 10}
    assert found == [
        {
            "code": "INSUFFICIENT_STOCK",
            "message": "Units of it are gone.",
            "item": {"id": item},
            "details": details,
        }
    ]
    assert await codes(world, promised) == ["RESERVED"]
    assert await codes(world, held) == ["STOCK_HELD"]
    assert await codes(world, counted) == ["COUNTED_SINCE"]


async def test_units_that_are_held_or_promised_by_number_at_the_location_stay(
    world: World,
) -> None:
    first, item = await received(world)
    async with world.read() as session:
        row = await session.one(text(f"select * from inventory_items where id = '{item}'"))
    hold = {"type": "QUALITY", "reason": "look", "quantity": 2}
    hold |= {"productId": row.product_id, "locationId": row.location_id}
    place = "mutation ($input: PlaceHoldInput!) { placeHold(input: $input) { hold { id } } }"

    await ask(world, place, input=hold)

    assert await codes(world, first) == ["STOCK_HELD"]


async def test_a_part_of_a_document_is_not_taken_back_alone(world: World) -> None:
    product, location = await world.product(), await world.location()
    line = stock.Line(product_id=product.id, location_id=location.id, delta=Decimal(1))
    async with world.write() as session:
        wish = stock.Posting(
            kind="RECEIPT",
            author=SYSTEM,
            lines=[line],
            document_type="TRANSFER",
            document_id="xfer_1",
        )
        posted = await stock.post(session, wish)

    assert await codes(world, posted.id) == ["PART_OF_DOCUMENT"]
    with pytest.raises(NotReversible):
        await reverse(world, posted.id)


async def test_a_move_that_is_taken_back_brings_mark_and_holds_along(world: World) -> None:
    product, location = await world.product(), await world.location()
    bin = await world.bin(location)
    item = await world.stock(product, location, 10)
    hold = {"type": "QUALITY", "reason": "look", "inventoryItemId": item, "quantity": 4}
    place = "mutation ($input: PlaceHoldInput!) { placeHold(input: $input) { hold { id } } }"
    await ask(world, place, input=hold)
    mark = (
        "mutation ($id: ID!) { markExpired(input: {items: [{inventoryItemId: $id}]}) { message } }"
    )
    before = await stock_of(world)
    move = {"inventoryItemId": item, "toBinId": bin.id, "quantity": 10}
    moved = await act(world, "moveStock", **move)
    assert await stock_of(world) != before

    await reverse(world, moved)

    assert await stock_of(world) == before
    await ask(world, mark, id=item)
    marked = await stock_of(world)
    again = await act(world, "moveStock", **move)
    await reverse(world, again)
    assert await stock_of(world) == marked


async def test_a_count_that_is_taken_back_was_none(world: World) -> None:
    world.database.now = NOON
    item = await world.stock(await world.product(), await world.location(), 10)
    before = await stock_of(world)
    world.database.now = NOON + timedelta(hours=1)
    async with world.read() as session:
        row = await session.one(text(f"select * from inventory_items where id = '{item}'"))
    line = stock.Line(product_id=row.product_id, location_id=row.location_id, target=Decimal(7))
    async with world.write() as session:
        posted = await stock.post(session, stock.Posting(kind="COUNT", author=SYSTEM, lines=[line]))
    counted = await stock_of(world)
    world.database.now = NOON + timedelta(hours=2)

    await reverse(world, posted.id)

    assert await stock_of(world) == before
    items = """query ($asOf: DateTime) { inventoryItems(asOf: $asOf) {
      nodes { onHand lastCountedAt } } }"""
    then = await ask(world, items, asOf=(NOON + timedelta(hours=1)).isoformat())
    now = await ask(world, items, asOf=(NOON + timedelta(hours=2)).isoformat())
    assert then["inventoryItems"]["nodes"] == [
        {"onHand": 7, "lastCountedAt": "2026-06-01T13:00:00Z"}
    ]
    assert now["inventoryItems"]["nodes"] == [{"onHand": 10, "lastCountedAt": None}]
    assert counted != before


async def test_stock_that_was_sent_for_destruction_comes_back_unmarked(world: World) -> None:
    product, location = await world.product(), await world.location()
    ruin = await world.location()
    item = await world.stock(product, location, 10)
    before = await stock_of(world)
    destroy = """mutation ($item: ID!, $to: ID!) { destroyStock(input: {
      items: [{inventoryItemId: $item}], destinationLocationId: $to}) { posting { id } } }"""
    found = await ask(world, destroy, item=item, to=ruin.id)
    posting_id = found["destroyStock"]["posting"]["id"]

    await reverse(world, posting_id)

    assert await stock_of(world) == before
    await world.stock(product, ruin, 1)
    async with world.read() as session:
        assert await session.scalar(text("select sum(expired) from item_quantities")) == 0


async def test_needs_the_right_and_a_reason(world: World) -> None:
    first, _ = await received(world)

    found = await answer(world, REVERSE, permissions=["inventory.read"], id=first)
    empty = await refusal(world, REVERSE.replace("a mistake", " "), id=first)
    unknown = await refusal(world, REVERSE, id="txn_nobody")

    assert found["errors"][0]["code"] == "FORBIDDEN"
    assert (empty["code"], empty["field"]) == ("INVALID", "reason")
    assert (unknown["code"], unknown["message"]) == (
        "NOT_FOUND",
        "Posting not found or not accessible",
    )


async def test_a_rehearsal_takes_nothing_back(world: World) -> None:
    first, _ = await received(world)
    before = await stock_of(world)

    done = (await ask(world, REVERSE, id=first, dry=True))["reversePosting"]

    assert done["entries"][0]["delta"] == -10
    assert await stock_of(world) == before


async def test_the_reasons_of_many_postings_are_read_in_constant_statements(world: World) -> None:
    text = "query ($n: Int!) { postings(first: $n) { nodes { id canReverse blockers { code } } } }"
    counts = []
    for _ in range(6):
        await received(world)
    for n in (1, 6):
        async with statements(world) as found:
            await ask(world, text, n=n)
        counts.append(len(found))

    assert counts == [3, 3]


KINDS = sorted(stock.posting.KINDS)
numbers = st.decimals("0.5", 9, places=1, allow_nan=False, allow_infinity=False)


class Taken:
    """A tenant with three buckets, for one generated example after the other."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def example(self, kind: str, lines: list[tuple[int, Decimal]]) -> None:
        world = await World.make(self.database)
        product, location = await world.product(), await world.location()
        bins = [None, await world.bin(location), await world.bin(location)]
        for bin in bins:
            await world.stock(product, location, 20, bin=bin)
        before = await stock_of(world)
        wish = [
            stock.Line(
                product_id=product.id,
                location_id=location.id,
                bin_id=bins[n].id if bins[n] else None,
                delta=delta,
            )
            for n, delta in lines
        ]
        try:
            async with world.write() as session:
                posted = await stock.post(
                    session, stock.Posting(kind=kind, author=AUTHOR, lines=wish)
                )
        except InsufficientStock:
            return

        await reverse(world, posted.id)

        assert await stock_of(world) == before
        with pytest.raises(NotReversible):
            await reverse(world, posted.id)
        assert await stock_of(world) == before


@pytest.mark.parametrize("kind", KINDS)
def test_invariant_15_what_is_taken_back_leaves_every_balance_as_it_was(
    kind: str, urls: tuple[str, str], run_seed: int, *, is_long: bool
) -> None:
    sums_to_zero = kind in ("TRANSFER", "MOVE", "LOT_CORRECTION")
    bucket = st.integers(0, 2)
    pairs = st.tuples(bucket, bucket, numbers).map(lambda t: [(t[0], -t[2]), (t[1], t[2])])
    single = st.tuples(bucket, st.one_of(numbers, numbers.map(lambda n: -n))).map(lambda t: [t])
    one = pairs if sums_to_zero else single
    drawn = st.lists(one, min_size=1, max_size=1 if kind in ("MOVE", "LOT_CORRECTION") else 3)

    with asyncio.Runner() as runner:
        database = Database(urls[1], pool_size=2)

        @seed(run_seed)
        @settings(
            max_examples=60 if is_long else 6,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(lines=drawn.map(lambda parts: [line for part in parts for line in part]))
        def check(lines: list[tuple[int, Decimal]]) -> None:
            runner.run(Taken(database).example(kind, lines))

        try:
            check()
        finally:
            runner.run(database.close())


async def test_invariant_15_holds_for_history_that_was_taken_over(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 5)
    before = await stock_of(world)
    keys = f"null, '{product.id}', '{location.id}', null, null"
    line = f"row({keys}, {{}}, null, null, null, 2, null, null, null)"
    sql = (
        "select stock_post(jsonb_build_object('id', 'txn_import', 'kind', 'IMPORT', 'actor',"
        " jsonb_build_object('id', 'import', 'name', 'Import')),"
        f" array[{line.format(4)}, {line.format(-3)}]::posting_line[], true,"
        " array['RECEIPT', 'ISSUE'])"
    )
    async with world.write() as session:
        await session.call(sql)
    assert await stock_of(world) != before

    await reverse(world, "txn_import")

    assert await stock_of(world) == before
    async with world.read() as session:
        rows = await session.all(
            text(
                "select e.kind, e.delta from ledger_entries e join postings p"
                " on p.tenant_id = e.tenant_id and p.id = e.posting_id"
                " where p.reverses_id is not null order by e.ordinal"
            )
        )
    assert [tuple(row) for row in rows] == [("ISSUE", 3), ("RECEIPT", -4)]
