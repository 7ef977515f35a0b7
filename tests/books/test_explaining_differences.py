"""The postings between two moments add up to the difference of what is on hand."""

import random
from decimal import Decimal
from typing import Any

from graph import ask, refusal
from trade import NOON, Trade
from world import World

DIFFERENCE = """
query ($first: LedgerMomentInput!, $second: LedgerMomentInput, $filter: LedgerDifferenceFilter) {
  changesBetween(first: $first, second: $second, filter: $filter) {
    change
    levels { product { id } location { id } before after change }
    postings(first: 100) { totalCount nodes {
      posting { id } change entries { change entry { delta kind product { id } } } } } } }"""
SUM = """query ($asOf: DateTime, $knownAt: Position) {
  stockLevels(first: 100, asOf: $asOf, knownAt: $knownAt) {
    nodes { product { id } location { id } onHand } } }"""


async def on_hand(world: World, at: dict[str, Any]) -> dict[tuple[str, str], Decimal]:
    rows = (await ask(world, SUM, **at))["stockLevels"]["nodes"]
    return {(row["location"]["id"], row["product"]["id"]): row["onHand"] for row in rows}


async def test_the_sum_of_the_postings_is_the_difference(world: World, run_seed: int) -> None:
    trade = await Trade.begin(world, run_seed)
    choose = random.Random(run_seed)
    moments: list[dict[str, Any]] = []
    for _ in range(24):
        await trade.go_on(hours=2, backdated=True)
        moments += [
            {"asOf": trade.now.isoformat()},
            {"knownAt": await trade.position()},
            {"asOf": trade.now.isoformat(), "knownAt": await trade.position()},
        ]

    for _ in range(10):
        first, second = choose.sample([*moments, {}], 2)
        found = (await ask(world, DIFFERENCE, first=first, second=second))["changesBetween"]
        before, after = await on_hand(world, first), await on_hand(world, second)

        pairs = before.keys() | after.keys()
        expected = {pair: after.get(pair, 0) - before.get(pair, 0) for pair in pairs}
        told = {
            (row["location"]["id"], row["product"]["id"]): row["change"] for row in found["levels"]
        }
        assert told == {pair: change for pair, change in expected.items() if change}
        for row in found["levels"]:
            pair = row["location"]["id"], row["product"]["id"]
            assert (row["before"], row["after"]) == (before.get(pair, 0), after.get(pair, 0))
        nodes = found["postings"]["nodes"]
        assert len(nodes) == found["postings"]["totalCount"]
        assert sum(node["change"] for node in nodes) == found["change"] == sum(expected.values())
        for node in nodes:
            assert sum(one["change"] for one in node["entries"]) == node["change"]


async def test_looks_at_the_buckets_that_are_asked_for(world: World) -> None:
    trade = await Trade.begin(world, 1)
    first = {"asOf": NOON.isoformat()}
    product, other = trade.products
    world.database.now = NOON.replace(hour=14)
    await world.stock(product, trade.places[0], 3)
    await world.stock(product, trade.places[0], 4, bin=trade.bins[0])
    await world.stock(other, trade.places[0], 5, lot=trade.lots[1])

    async def change(**filter: Any) -> Any:
        found = await ask(world, DIFFERENCE, first=first, filter=filter)
        return found["changesBetween"]["change"]

    assert await change() == 12
    assert await change(productIdIn=[product.id]) == 7
    assert await change(binIdIn=[trade.bins[0].id]) == 4
    assert await change(lotIdIn=[trade.lots[1].id]) == 5
    assert await change(locationIdIn=[trade.places[1].id]) == 0


async def test_names_the_moment_that_is_wrong(world: World) -> None:
    found = await refusal(world, DIFFERENCE, first={"asOf": "2040-01-01T00:00:00Z"})
    wrong = await refusal(world, DIFFERENCE, first={}, second={"knownAt": "x"})

    assert (found["code"], found["field"]) == ("FUTURE_MOMENT", "first.asOf")
    assert (wrong["code"], wrong["field"]) == ("UNKNOWN_POSITION", "second.knownAt")


async def test_there_is_none_between_a_moment_and_itself(world: World) -> None:
    await Trade.begin(world, 1)

    found = await ask(world, DIFFERENCE, first={}, second={})

    assert found["changesBetween"] == {
        "change": 0,
        "levels": [],
        "postings": {"totalCount": 0, "nodes": []},
    }
