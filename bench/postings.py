"""Postings with the kept sums against the same function without them, at 32 connections."""

import asyncio
import itertools
import json
import random
import re
import statistics
import time

import asyncpg

from bench.data import Data
from bench.measure import ROUNDS, Result
from domain import ids

CONNECTIONS = 32
SECONDS = 1.5
POST = "select {}($1::jsonb, $2::posting_line, 'RECEIPT')"
WITH, WITHOUT = "stock_post_one", "bench_post_without_levels"
# What the kept sums cost: locking their row, and writing it.
PARTS = (
    r"(?<=p_line.product)\s+for no key update(?=;)",
    r"v_level := stock_shifted_level\(.*?\);",
    r"if v_level.tenant_id is null then.*?end if;",
)
SAMPLE = """
select product_id, location_id, bin_id, lot_id from inventory_items
where tenant_id = $1 and location_id < 'loc_40' and hashtext(id) % 50 = 0
"""


async def run(data: Data) -> list[Result]:
    """One-line postings spread over the buckets of 39 locations."""
    buckets = await _prepare(data)
    pool = [await asyncpg.connect(data.app_url) for _ in range(CONNECTIONS)]
    try:
        done: dict[str, list[float]] = {WITH: [], WITHOUT: []}
        await _round(pool, data, buckets, WITH, 0.5)
        await _round(pool, data, buckets, WITHOUT, 0.5)
        for number in range(ROUNDS):
            for function in (WITH, WITHOUT) if number % 2 else (WITHOUT, WITH):
                done[function].append(await _round(pool, data, buckets, function, SECONDS))
    finally:
        await asyncio.gather(*(connection.close() for connection in pool))
    ratios = [a / b for a, b in zip(done[WITH], done[WITHOUT], strict=True)]
    speeds = ", ".join(f"{name} {statistics.median(one):,.0f}" for name, one in done.items())
    result = Result(
        name=f"Posting with levels : without, {CONNECTIONS} connections",
        ratios=ratios,
        goal=0.65,
        at_most=False,
        cost="postings a second",
        notes=[speeds, "without: the level's row is neither locked nor written"],
    )
    return [result]


async def _prepare(data: Data) -> list[tuple[str, ...]]:
    owner = await asyncpg.connect(data.owner_url)
    try:
        await owner.execute(await _without(owner))
        found = [tuple(row) for row in await owner.fetch(SAMPLE, data.tenant_id)]
    finally:
        await owner.close()
    random.Random(7).shuffle(found)
    return found


async def _without(owner: asyncpg.Connection) -> str:
    """The function that posts one line, as it would be without kept sums."""
    text = await owner.fetchval("select pg_get_functiondef('stock_post_one'::regproc)")
    for part in PARTS:
        text, count = re.subn(part, "", text, flags=re.DOTALL)
        assert count == 1, f"stock_post_one has {part} once"
    return text.replace("public.stock_post_one(", f"public.{WITHOUT}(")


async def _round(
    pool: list[asyncpg.Connection],
    data: Data,
    buckets: list[tuple[str, ...]],
    function: str,
    seconds: float,
) -> float:
    """Postings a second of all connections together."""
    until = time.perf_counter() + seconds
    turn = itertools.cycle(buckets)
    begin = f"BEGIN; SET LOCAL app.tenant_id = '{data.tenant_id}'"
    sql, head = (
        POST.format(function),
        {"kind": "RECEIPT", "actor": {"id": "bench", "name": "Bench"}},
    )

    async def worker(connection: asyncpg.Connection) -> int:
        count = 0
        while time.perf_counter() < until:
            product, location, bin_id, lot = next(turn)
            line = (ids.new("item_"), product, location, bin_id, lot, 1, *(None,) * 7)
            await connection.execute(begin)
            await connection.fetchval(sql, json.dumps({"id": ids.new("txn_")} | head), line)
            await connection.execute("COMMIT")
            count += 1
        return count

    begun = time.perf_counter()
    counts = await asyncio.gather(*(worker(connection) for connection in pool))
    return sum(counts) / (time.perf_counter() - begun)
