"""The ledger in the graph: from every thing that stock hangs on, the newest first."""

import asyncio
from typing import Any

import pytest

from graph import ask
from world import World

ENTRIES = """
query ($id: ID!) { node(id: $id) { ... on %s { ledger(first: 2) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { kind delta quantityBefore quantityAfter sequence posting { id entryCount } }
} } } }
"""


class Shop:
    """A bucket of a lot in a bin, that was received three times; and another product."""

    @classmethod
    async def of(cls, world: World) -> "Shop":
        shop = cls()
        shop.ids = {}
        product, place = await world.product(), await world.location()
        bin, lot = await world.bin(place), await world.lot(product)
        item = await world.stock(product, place, 5, bin=bin, lot=lot)
        for quantity in (3, 1):
            await asyncio.sleep(0.002)  # ids are ordered by milliseconds
            await world.stock(product, place, quantity, bin=bin, lot=lot)
        await asyncio.sleep(0.002)
        await world.stock(await world.product(), await world.location(), 9)
        shop.ids = {
            "InventoryItem": item,
            "Product": product.id,
            "Location": place.id,
            "Bin": bin.id,
            "Lot": lot.id,
        }
        return shop

    ids: dict[str, str]


@pytest.mark.parametrize("kind", ["InventoryItem", "Product", "Location", "Bin", "Lot"])
async def test_each_thing_shows_its_changes_the_newest_first(world: World, kind: str) -> None:
    shop = await Shop.of(world)

    found = (await ask(world, ENTRIES % kind, id=shop.ids[kind]))["node"]["ledger"]

    assert found["totalCount"] == 3
    assert found["pageInfo"]["hasNextPage"]
    assert [told(entry) for entry in found["nodes"]] == [(1, 8, 9, 3), (3, 5, 8, 2)]
    assert found["nodes"][0]["posting"]["entryCount"] == 1


async def test_the_whole_ledger_is_paged_by_cursor(world: World) -> None:
    await Shop.of(world)
    query = """query ($after: Cursor, $filter: LedgerEntryFilter) {
      ledgerEntries(first: 3, after: $after, filter: $filter) {
        nodes { delta } pageInfo { endCursor hasNextPage } } }"""

    first = (await ask(world, query))["ledgerEntries"]
    second = (await ask(world, query, after=first["pageInfo"]["endCursor"]))["ledgerEntries"]
    returns = (await ask(world, query, filter={"kindIn": ["RETURN"]}))["ledgerEntries"]

    assert [entry["delta"] for entry in first["nodes"] + second["nodes"]] == [9, 1, 3, 5]
    assert not second["pageInfo"]["hasNextPage"]
    assert returns["nodes"] == []


async def test_a_posting_shows_its_entries_and_is_listed_by_its_actor(world: World) -> None:
    await Shop.of(world)
    query = """query ($actor: ID!) {
      postings(first: 1, filter: {actorIdIn: [$actor]}) {
        nodes { id kind entries { nodes { delta } } } } }"""

    (posting,) = (await ask(world, query, actor="system"))["postings"]["nodes"]
    none = (await ask(world, query, actor="nobody"))["postings"]["nodes"]
    by_id = await ask(world, "query ($id: ID!) { posting(id: $id) { kind } }", id=posting["id"])

    assert posting["kind"] == "RECEIPT"
    assert posting["entries"]["nodes"] == [{"delta": 9}]
    assert none == []
    assert by_id["posting"] == {"kind": "RECEIPT"}


def told(entry: dict[str, Any]) -> tuple[Any, ...]:
    names = ("delta", "quantityBefore", "quantityAfter", "sequence")
    return tuple(entry[name] for name in names)
