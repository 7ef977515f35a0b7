"""Every condition on ledger entries and postings gives just what fulfils it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.actor import Author
from graph import ask
from services import stock
from world import World

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ENTRIES = """query ($filter: LedgerEntryFilter) { ledgerEntries(filter: $filter) {
  totalCount nodes { reference quantityBefore quantityAfter } } }"""
POSTINGS = """query ($filter: PostingFilter) { postings(filter: $filter) {
  totalCount nodes { reference } } }"""


async def filled(world: World) -> dict[str, Any]:
    """Two postings that have nothing in common: `first` and `second`."""
    ids: dict[str, Any] = {}
    for n, name in enumerate(("first", "second")):
        world.database.now = NOON + timedelta(hours=n)
        product, location = await world.product(), await world.location()
        bin, lot = await world.bin(location), await world.lot(product)
        channel = await world.channel(f"CH{n}")
        async with world.read() as session:
            reason = await session.call(
                "select id from reason_codes order by code offset $1 limit 1", n
            )
        keys = {"product_id": product.id, "location_id": location.id, "bin_id": bin.id}
        line = stock.Line(**keys, lot_id=lot.id, delta=Decimal(5), channel_id=channel.id)
        wish = stock.Posting(
            kind=("RECEIPT", "RETURN")[n],
            author=Author(f"key_{n}", name),
            lines=[line],
            reason_code_id=reason,
            reference=name,
            document_type=("ORDER", "REQUEST")[n],
            document_id=f"doc_{n}",
        )
        async with world.write() as session:
            posted = await stock.post(session, wish)
        given = {
            "inventoryItemIdIn": posted.entries[0].inventory_item_id,
            "productIdIn": product.id,
            "locationIdIn": location.id,
            "binIdIn": bin.id,
            "lotIdIn": lot.id,
            "channelIdIn": channel.id,
            "idIn": posted.id,
            "postingIdIn": posted.id,
        }
        ids |= {f"{key} {n}": value for key, value in {**given, **_told(wish)}.items()}
    return ids


def _told(wish: stock.Posting) -> dict[str, Any]:
    return {
        "reasonCodeIdIn": wish.reason_code_id,
        "referenceIn": wish.reference,
        "kindIn": wish.kind,
        "actorIdIn": wish.author.id,
        "documentTypeIn": wish.document_type,
        "documentIdIn": wish.document_id,
    }


BOTH = (
    "inventoryItemIdIn",
    "productIdIn",
    "locationIdIn",
    "binIdIn",
    "lotIdIn",
    "channelIdIn",
    "reasonCodeIdIn",
    "referenceIn",
    "kindIn",
    "actorIdIn",
    "documentTypeIn",
    "documentIdIn",
)


@pytest.mark.parametrize(
    ("query", "names"), [(ENTRIES, (*BOTH, "postingIdIn")), (POSTINGS, (*BOTH, "idIn"))]
)
async def test_by_everything_that_an_entry_or_its_document_says(
    world: World, query: str, names: tuple[str, ...]
) -> None:
    ids = await filled(world)

    found = {}
    for name in names:
        for n in (0, 1):
            answer = await ask(world, query, filter={name: [ids[f"{name} {n}"]]})
            (connection,) = answer.values()
            rows = [row["reference"] for row in connection["nodes"]]
            found[name, n] = (rows, connection["totalCount"])

    assert found == {(name, n): ([("first", "second")[n]], 1) for name in names for n in (0, 1)}


@pytest.mark.parametrize("query", [ENTRIES, POSTINGS])
@pytest.mark.parametrize("name", ["occurredAt", "recordedAt"])
async def test_by_the_period(world: World, query: str, name: str) -> None:
    await filled(world)
    middle = (NOON + timedelta(minutes=30)).isoformat()

    async def found(**ends: str) -> list[str]:
        (connection,) = (await ask(world, query, filter={name: ends})).values()
        return [row["reference"] for row in connection["nodes"]]

    assert await found(to=middle) == ["first"]
    assert await found(**{"from": middle}) == ["second"]
    assert await found() == ["second", "first"]


async def test_an_entry_says_what_there_was_before_and_after(world: World) -> None:
    ids = await filled(world)

    found = await ask(world, ENTRIES, filter={"binIdIn": [ids["binIdIn 0"]]})

    assert found["ledgerEntries"]["nodes"] == [
        {"reference": "first", "quantityBefore": 0, "quantityAfter": 5}
    ]


async def test_postings_are_found_by_whether_they_were_taken_back(world: World) -> None:
    for _ in range(2):
        await world.stock(await world.product(), await world.location(), 1)
    reverse = """mutation ($id: ID!) {
      reversePosting(input: {postingId: $id, reason: "wrong"}) { message } }"""
    listed = """query ($is: Boolean) { postings(filter: {isReversed: $is}) { nodes { id
      reverses { id } } } }"""
    first, second = (await ask(world, listed, **{"is": False}))["postings"]["nodes"]
    await ask(world, reverse, id=first["id"])

    taken = (await ask(world, listed, **{"is": True}))["postings"]["nodes"]
    reversal, standing = (await ask(world, listed, **{"is": False}))["postings"]["nodes"]

    assert [row["id"] for row in taken] == [first["id"]]
    assert reversal["reverses"] == {"id": first["id"]}
    assert standing["id"] == second["id"]
