"""Every mutation of the schema: what it changed of stock, holds, lots, policies is told once."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from graphql import build_schema
from sqlalchemy import text

from clients import client_of
from graph import schema
from graph_calls import calls
from two_tenants import fill
from world import World

SERVED = build_schema(schema().as_str())
CALLS = [
    call
    for call in calls(SERVED, "ours", "OURS")
    if call.is_mutation and call.name.endswith(("(required)", "(everything)"))
]
# Each of these must succeed. They are done in this order; the words in capitals are ids.
ACTS = """
receiveStock(input: {locationId: "PLACE", lines: [
  {productId: "PLAIN", quantity: 40},
  {productId: "LOTTED", lotNumber: "L-1", expiryDate: "2031-01-01", quantity: 20}]})
receiveStock(input: {locationId: "PLACE", lines: [
  {productId: "PLAIN", binId: "BIN", quantity: 5}, {productId: "OTHER", quantity: 1}]})
issueStock(input: {locationId: "PLACE", lines: [
  {productId: "PLAIN", quantity: 2}, {productId: "LOTTED", quantity: 1}]})
returnStock(input: {locationId: "PLACE", lines: [{productId: "PLAIN", quantity: 1}]})
adjustStock(input: {productId: "PLAIN", locationId: "PLACE", by: -1, reasonCode: "DAMAGE"})
setStock(input: {productId: "PLAIN", locationId: "PLACE", to: 50, ignoreExpected: true,
  reasonCode: "FOUND"})
adjustStockBatch(input: {reasonCode: "DAMAGE", lines: [
  {productId: "PLAIN", locationId: "PLACE", by: -2},
  {productId: "OTHER", locationId: "PLACE", to: 0, expectedOnHand: 1}]})
moveStock(input: {productId: "PLAIN", locationId: "PLACE", toBinId: "BIN", quantity: 4})
recordStock(input: {locationId: "PLACE", lines: [{productId: "OTHER", quantity: 9}]})
recordStockAdjustment(input: {locationId: "PLACE", reasonCode: "DAMAGE", lines: [
  {productId: "OTHER", newQuantity: 8}]})
correctLot(input: {productId: "LOTTED", locationId: "PLACE", fromLotId: "LOT", lotNumber: "L-2",
  expiryDate: "2032-01-01", quantity: 3})
placeHold(input: {type: QUALITY, reason: "look", lotId: "LOT"})
releaseHolds(input: {holdId: "HOLD"})
placeHold(input: {type: QUALITY, reason: "few", productId: "PLAIN", locationId: "PLACE",
  quantity: 3})
releaseHolds(input: {holdId: "HOLD", quantity: 1})
markExpired(input: {lotIds: ["LOT"]})
markExpired(input: {lotIds: ["LOT"], undo: true})
recallLot(input: {lotId: "LOT", reason: "bad"})
createLot(input: {productId: "LOTTED", number: "L-3", expiryDate: "2033-01-01"})
updateLot(id: "LOT", input: {expiryDate: "2030-05-05"})
createChannelPolicy(input: {channelId: "CHANNEL", safetyStock: 2})
updateChannelPolicy(id: "POLICY", input: {safetyStock: 3})
deleteChannelPolicy(id: "POLICY")
createChannelQuota(input: {channelId: "CHANNEL", productId: "PLAIN", locationId: "PLACE",
  allocated: 2})
issueStock(input: {locationId: "PLACE", channelId: "CHANNEL", lines: [
  {productId: "PLAIN", quantity: 1}]})
updateChannelQuota(id: "QUOTA", input: {allocated: 3})
deleteChannelQuota(id: "QUOTA")
updateTenantSettings(input: {lowAtpThreshold: 4})
updateTenantSettings(input: {lowAtpThreshold: 4})
"""
# What is told of each table's rows, and how a topic about one begins.
TOLD = {
    "holds": "hold.",
    "lots": "lot.",
    "channel_policies": "policy.",
    "channel_quotas": "quota.",
    "reservations": "reservation.",
}
# Follows from a posting or a promise that is told itself.
FOLLOWS = {"consumed", "updated_at", "version", "valid_from"}
BUCKETS = """
select i.id, i.on_hand, (select count(*) from ledger_entries e where e.tenant_id = i.tenant_id
  and e.inventory_item_id = i.id) as entries from inventory_items i
where i.tenant_id = stock_tenant()
"""
EVENTS = """
select topic, aggregate_id, payload, ordinal from outbox
where tenant_id = stock_tenant() and ordinal > :last order by ordinal
"""


@dataclass(frozen=True)
class State:
    """What a tenant has of that whose changes are told, and the events so far."""

    records: dict[tuple[str, str], Any]
    buckets: dict[str, tuple[Any, int]]
    settings: int  # their version
    events: list[Any]

    @classmethod
    async def of(cls, world: World, before: "State | None" = None) -> "State":
        events = before.events if before else []
        async with world.read() as session:
            records = {}
            for table, topic in TOLD.items():
                rows = await session.all(
                    text(
                        f"select to_jsonb(t) as row from {table} t where tenant_id = stock_tenant()"
                        " and id not like 'resl@_%' escape '@'"  # told with all lines, as one
                    )
                )
                for (row,) in rows:
                    told = {name: v for name, v in row.items() if name not in FOLLOWS}
                    records[topic, row["id"]] = told
            buckets = {
                row.id: (row.on_hand, row.entries) for row in await session.all(text(BUCKETS))
            }
            settings = await session.scalar(text("select version from tenant_settings"))
            last = events[-1].ordinal if events else 0
            new = await session.all(text(EVENTS).bindparams(last=last))
            return cls(records, buckets, settings, [*events, *new])


def faults(before: State, after: State) -> list[str]:
    """What was not told of the difference, or told more than once."""
    new = after.events[len(before.events) :]
    told = Counter((f"{row.topic.partition('.')[0]}.", row.aggregate_id) for row in new)
    keys = before.records.keys() | after.records.keys()
    changed = {key for key in keys if before.records.get(key) != after.records.get(key)}
    found = [
        f"{topic} {id}: {told[topic, id]} events" for topic, id in changed if told[topic, id] != 1
    ]
    if sum(row.topic == "settings.changed" for row in new) != after.settings - before.settings:
        found.append(f"settings: version {before.settings} to {after.settings}")
    entries = [entry for row in new for entry in row.payload.get("entries", ())]
    for id, (on_hand, count) in after.buckets.items():
        held, counted = before.buckets.get(id, (0, 0))
        mine = [entry for entry in entries if entry["inventoryItemId"] == id]
        if (sum(e["delta"] for e in mine), len(mine)) != (on_hand - held, count - counted):
            found.append(f"bucket {id}: {held} to {on_hand} told as {mine}")
    return found


async def test_invariant_19_every_act_tells_each_of_its_changes_once(world: World) -> None:
    names = await start(world)
    wrong: list[str] = []

    async with client_of(world) as client:
        after = await State.of(world)
        for act in re.split(r"\n(?! )", ACTS.strip()):
            before = after
            document = named(act, names)
            answer = await client.graphql(f"mutation {{ {document} {{ __typename }} }}")
            assert "errors" not in answer, (act, answer)
            after = await State.of(world, before)
            wrong += [f"{act}: {fault}" for fault in faults(before, after)]
            names |= newest(after)

    assert wrong == []
    assert {row.topic for row in after.events} == {
        *("hold.placed", "hold.released", "lot.changed", "lot.created", "policy.changed"),
        *("policy.created", "policy.deleted", "quota.changed", "quota.created", "quota.deleted"),
        *("settings.changed", "stock.posted"),
    }


def named(act: str, names: dict[str, str]) -> str:
    """The act with the ids for which words stand."""
    return re.sub(r"\b[A-Z]{3,}\b", lambda word: names.get(word[0], word[0]), act)


async def start(world: World) -> dict[str, str]:
    """What the acts begin with, by the words that stand for the ids."""
    location = await world.location()
    made = {
        "PLACE": location,
        "BIN": await world.bin(location),
        "PLAIN": await world.product(),
        "OTHER": await world.product(),
        "LOTTED": await world.product(lot_tracked=True, expiry_tracked=True),
        "CHANNEL": await world.channel(),
    }
    return {word: row.id for word, row in made.items()}


def newest(state: State) -> dict[str, str]:
    """The ids of what was made last of each kind; of lots, the first."""
    words = {"hold.": "HOLD", "policy.": "POLICY", "quota.": "QUOTA"}
    found = {words[kind]: id for kind, id in sorted(state.records) if kind in words}
    lots = sorted(id for kind, id in state.records if kind == "lot.")
    return found | ({"LOT": lots[0]} if lots else {})


async def test_invariant_19_every_mutation_tells_each_of_its_changes_once(world: World) -> None:
    """All that there are, also those that nobody has thought of above; most are refused."""
    await fill(world, "ours", "OURS", "Ours")
    wrong: list[str] = []

    async with client_of(world) as client:
        after = await State.of(world)
        for call in CALLS:
            before = after
            await client.graphql(call.text, **call.variables)
            after = await State.of(world, before)
            wrong += [f"{call.name}: {fault}" for fault in faults(before, after)]

    assert wrong == []
