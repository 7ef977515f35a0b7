"""Postings against the bare guarded UPDATE, and against the same work in five statements."""

import asyncio
import itertools
import json
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence

import asyncpg

from bench import ledger_data
from bench.ledger_data import Book, Bucket
from bench.measure import Result
from domain import ids

CONNECTIONS = (1, 8, 32)
ROUNDS = 5
SECONDS = 0.8
WHY = (
    "what one function saves are round trips, which cost some 0.1 ms on one machine and the waits "
    "of a network between two"
)
ACTOR = {"id": "bench", "name": "Bench"}
# By nothing, so that what it leaves needs no entry; the row is written all the same.
GUARDED = """
update inventory_items set on_hand = on_hand + $2
where tenant_id = stock_tenant() and id = $1 and on_hand + $2 >= 0
"""
POST = "select stock_post($1::jsonb, $2::posting_line[])"
# What an application does without the posting function: each statement waits for the one before.
LOCK = """
select pg_advisory_xact_lock_shared(hashtextextended(stock_tenant()::text || 'period', 0)),
  (select closed_through from tenant_settings where tenant_id = stock_tenant()), clock_timestamp()
from stock_levels where tenant_id = stock_tenant() and location_id = $1 and product_id = $2
for no key update
"""
CHANGE = """
update inventory_items
set on_hand = on_hand + 1, version = version + 1, entry_count = entry_count + 1,
  last_occurred_at = greatest(last_occurred_at, $2), updated_at = $2
where tenant_id = stock_tenant() and id = $1 and on_hand + 1 >= 0
returning on_hand, entry_count, last_occurred_at
"""
DOCUMENT = """
insert into postings (id, kind, actor, occurred_at, recorded_at, xid, entry_count)
values ($1, 'RECEIPT', $2, $3, $4, pg_current_xact_id()::text::bigint, 1)
"""
ENTRY = """
insert into ledger_entries (posting_id, ordinal, inventory_item_id, sequence, product_id,
  location_id, kind, delta, quantity_after, occurred_at, recorded_at)
values ($1, 1, $2, $3, $4, $5, 'RECEIPT', 1, $6, $7, $8)
"""
REST = """
with kept as (
  update stock_levels s set on_hand = q.on_hand, expired = q.expired, held = q.held,
    reserved = q.reserved, next_expiry = q.next_expiry
  from live_level(stock_tenant(), $1, $2) q
  where s.tenant_id = stock_tenant() and s.location_id = $1 and s.product_id = $2
)
insert into outbox (id, topic, aggregate_id, payload) values ($3, 'stock.posted', $3, $4)
"""
CHECK = """
select (select count(*) from postings) as postings,
  (select count(*) from ledger_entries) as entries,
  (select count(*) from outbox where topic = 'stock.posted') as events,
  (select sum(entry_count) from inventory_items) as counted,
  (select count(*) from inventory_items i where i.on_hand <> (select sum(e.delta)
    from ledger_entries e where e.tenant_id = i.tenant_id and e.inventory_item_id = i.id)
  ) as buckets,
  (select count(*) from stock_levels s where s.on_hand <> (select sum(i.on_hand)
    from inventory_items i where i.tenant_id = s.tenant_id and i.location_id = s.location_id
    and i.product_id = s.product_id)) as levels
"""

Act = Callable[[asyncpg.Connection, Bucket], Awaitable[None]]


async def run(book: Book) -> list[Result]:
    """Each number of connections, over all buckets and on one; then the count of it all."""
    pool = [await asyncpg.connect(book.app_url) for _ in range(max(CONNECTIONS))]
    buckets = list(book.buckets)
    random.Random(7).shuffle(buckets)
    found: list[Result] = []
    posted = 0
    try:
        for name, chosen in (("spread", buckets), ("hot", buckets[:1])):
            for count in CONNECTIONS:
                speeds, acknowledged = await _compare(book, pool[:count], chosen)
                posted += acknowledged
                found += _results(f"{name}, {count} connections", speeds, is_goal=name == "spread")
    finally:
        await asyncio.gather(*(connection.close() for connection in pool))
    await _check(book, posted)
    return found


def _results(where: str, speeds: dict[str, list[float]], *, is_goal: bool) -> list[Result]:
    told = ", ".join(f"{name} {statistics.median(one):,.0f}" for name, one in speeds.items())
    return [
        Result(
            name=f"Posting : {other}, {where}",
            ratios=[a / b for a, b in zip(speeds["posting"], speeds[other], strict=True)],
            goal=goal if is_goal else None,
            at_most=False,
            cost="transactions a second",
            notes=[told] if other == "guarded UPDATE" else [WHY] if is_goal else [],
        )
        for other, goal in (("guarded UPDATE", 0.3), ("five statements", 1.3))
    ]


async def _compare(
    book: Book, pool: Sequence[asyncpg.Connection], buckets: Sequence[Bucket]
) -> tuple[dict[str, list[float]], int]:
    """Transactions a second of each way in each round, and how many were postings."""
    ways: dict[str, Act] = {
        "posting": post_one,
        "guarded UPDATE": _update,
        "five statements": _step_by_step,
    }
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    posted = 0
    for number in range(ROUNDS + 1):
        for name in ways if number % 2 else reversed(ways):
            done, seconds = await _round(book, pool, buckets, ways[name])
            posted += done * (name != "guarded UPDATE")
            if number:  # the first round warms up
                speeds[name].append(done / seconds)
    return speeds, posted


async def _round(
    book: Book, pool: Sequence[asyncpg.Connection], buckets: Sequence[Bucket], act: Act
) -> tuple[int, float]:
    turn = itertools.cycle(buckets)
    begun = time.perf_counter()

    async def worker(connection: asyncpg.Connection) -> int:
        count = 0
        while time.perf_counter() < begun + SECONDS:
            await connection.execute(book.begin)
            await act(connection, next(turn))
            await connection.execute("COMMIT")
            count += 1
        return count

    counts = await asyncio.gather(*(worker(connection) for connection in pool))
    return sum(counts), time.perf_counter() - begun


async def post_one(connection: asyncpg.Connection, bucket: Bucket) -> None:
    head = json.dumps({"id": ids.new("txn_"), "kind": "RECEIPT", "actor": ACTOR})
    line = (ids.new("item_"), bucket.product, bucket.location, None, None, 1, *(None,) * 7)
    await connection.fetchval(POST, head, [line])


async def _update(connection: asyncpg.Connection, bucket: Bucket) -> None:
    assert await connection.execute(GUARDED, bucket.item, 0) == "UPDATE 1"


async def _step_by_step(connection: asyncpg.Connection, bucket: Bucket) -> None:
    id = ids.new("txn_")
    _, closed, now = await connection.fetchrow(LOCK, bucket.location, bucket.product)
    assert closed is None, "the books are open"
    after, sequence, moment = await connection.fetchrow(CHANGE, bucket.item, now)
    await connection.execute(DOCUMENT, id, json.dumps(ACTOR), moment, now)
    place = (bucket.product, bucket.location)
    await connection.execute(ENTRY, id, bucket.item, sequence, *place, after, moment, now)
    entry = {"ordinal": 1, "inventoryItemId": bucket.item, "sequence": sequence, "delta": 1}
    entry |= {"productId": place[0], "locationId": place[1], "quantityAfter": str(after)}
    event = json.dumps({"id": id, "kind": "RECEIPT", "actor": ACTOR, "entries": [entry]})
    await connection.execute(REST, bucket.location, bucket.product, id, event)


async def _check(book: Book, posted: int) -> None:
    """Count over again what the postings have left; a company begins with one for each location."""
    owner = await asyncpg.connect(book.owner_url)
    try:
        found = dict(await owner.fetchrow(CHECK))
    finally:
        await owner.close()
    documents = posted + len(ledger_data.LOCATIONS)
    entries = posted + len(book.buckets)
    assert found == {
        "postings": documents,
        "entries": entries,
        "events": documents,
        "counted": entries,
        "buckets": 0,
        "levels": 0,
    }, found
