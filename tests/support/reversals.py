"""Postings that are taken back over the graph, and what keeps them from it."""

from typing import Any

from sqlalchemy import text

from graph import ask
from world import World

REVERSE = """mutation ($id: ID!, $dry: Boolean) {
  reversePosting(input: {postingId: $id, reason: "a mistake"}, dryRun: $dry) {
    posting { id kind comment reference reasonCode { id } reverses { id } }
    reversed { id reversedBy { id } canReverse }
    entries { delta quantityBefore quantityAfter kind item { id } }
    items { id onHand } message } }"""
POSTING = """query ($id: ID!) { posting(id: $id) { canReverse
  blockers { code message item { id } details } } }"""


async def stock_of(world: World) -> Any:
    """Everything that a posting changes, bucket by bucket and level by level."""
    query = """
        select id, on_hand, reserved, expired, held, last_counted_at, recalled
        from item_quantities where on_hand <> 0 or held <> 0 order by id"""
    levels = """
        select location_id, product_id, on_hand, expired, held, reserved
        from stock_levels_now where on_hand <> 0 order by 1, 2"""
    async with world.read() as session:
        found = [await session.all(text(one)) for one in (query, levels)]
    return [[tuple(row) for row in rows] for rows in found]


async def act(world: World, mutation: str, **input: Any) -> str:
    """Do one act on stock; the id of its posting."""
    name = mutation[0].upper() + mutation[1:]
    text = f"mutation ($input: {name}Input!) {{ {mutation}(input: $input) {{ posting {{ id }} }} }}"
    return str((await ask(world, text, input=input))[mutation]["posting"]["id"])


async def codes(world: World, id: str) -> list[str]:
    found = (await ask(world, POSTING, id=id))["posting"]
    assert found["canReverse"] is (found["blockers"] == [])
    return [one["code"] for one in found["blockers"]]
