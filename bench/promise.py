"""Promises: reserving beside posting, the cube beside a page, a page that explains beside one."""

import asyncio
import itertools
import json
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from decimal import Decimal

import asyncpg
from starlette.types import ASGIApp

from bench.asgi import key_of, request
from bench.data import Data
from bench.ledger_data import Book, Bucket
from bench.measure import Act, Result, milliseconds, ratios, rounds
from bench.posting_speed import post_one
from domain.actor import SYSTEM
from gateway import logs
from gateway.serve import application
from gateway.settings import load_settings
from models.session import Database
from services import reservations, stock

CONNECTIONS = 8
SECONDS = 1.5
ROUNDS = 5
LINES = 3
MAKE = (
    """
insert into channels (tenant_id, id, name, type, position)
select $1, 'CH' || g, 'Channel ' || g, 'E_COMMERCE', g from generate_series(1, 8) g
""",
    """
insert into channel_policies (tenant_id, id, channel_id, mode, share, cap, safety_stock, spill_over)
select $1, 'policy_' || g, 'CH' || g,
  (array['SHARED','SHARED','SHARED','CAP','CAP','FENCED','SHARE','SHARE'])[g],
  case when g > 6 then 0.3 end, case when g in (4, 5) then 1000000 end, g % 3, g = 6
from generate_series(1, 8) g
""",
    """
insert into channel_quotas (tenant_id, id, channel_id, product_id, location_id, allocated)
select $1, 'quota_' || product_id || location_id, 'CH6', product_id, location_id, 100000
from stock_levels where tenant_id = $1
""",
)
MATRIX = """query ($first: Int!, $explain: Boolean!) {
  atpMatrix(locationId: "loc_01") { rows(first: $first) { nodes {
    product { id name sku }
    cells { channel { id } atp onHand reserved available severity threshold
      explain @include(if: $explain) { kind label quantity balance count refs } }
    totalOnHand totalReserved minAtp maxAtp hasCritical } } } }"""
CUBE = """query ($products: [ID!]!, $locations: [ID!]!) {
  atpCube(products: $products, locations: $locations, buckets: {size: "WEEK", count: 26}) {
    buckets { firstDay lastDay }
    cells { product { id } location { id } channel { id } atp } } }"""
PRODUCTS, LOCATIONS, CHANNELS = 50, 40, 8


async def run(data: Data, book: Book) -> list[Result]:
    """Reserving in the small company, reading in the large one."""
    return [*await _reserving(book), *await _reading(data)]


async def _reserving(book: Book) -> list[Result]:
    """Reservations of three lines for channels of all modes, at places that have quotas."""
    await _prepare(book)
    pool = [await asyncpg.connect(book.app_url) for _ in range(CONNECTIONS)]
    database = Database(book.app_url, pool_size=CONNECTIONS)
    buckets = list(book.buckets)
    random.Random(7).shuffle(buckets)
    turn = itertools.cycle(buckets)
    ways: dict[str, list[Act]] = {
        "reserving": [_reserving_lines(book, database, turn)] * CONNECTIONS,
        "posting": [_posting(book, one, turn) for one in pool],
        "posting of the program": [_posting_as_program(book, database, turn)] * CONNECTIONS,
    }
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    try:
        for number in range(ROUNDS + 1):
            for name in ways if number % 2 else reversed(ways):
                done, seconds = await _round(ways[name])
                if number:  # the first round warms up
                    speeds[name].append(done / seconds)
    finally:
        await database.close()
        await asyncio.gather(*(connection.close() for connection in pool))
    told = ", ".join(f"{name} {statistics.median(one):,.0f}" for name, one in speeds.items())
    return [
        Result(
            name=f"Reserving {LINES} lines, quotas on : {other}, {CONNECTIONS} connections",
            ratios=[a / b for a, b in zip(speeds["reserving"], speeds[other], strict=True)],
            goal=0.6 if other == "posting" else None,
            at_most=False,
            cost="transactions a second",
            notes=[told],
        )
        for other in ("posting", "posting of the program")
    ]


async def _prepare(book: Book) -> None:
    owner = await asyncpg.connect(book.owner_url)
    try:
        for sql in MAKE:
            await owner.execute(sql.replace("$1", f"'{book.tenant_id}'::uuid"))
        await owner.execute("vacuum analyze channels, channel_policies, channel_quotas")
    finally:
        await owner.close()


async def _round(workers: Sequence[Callable[[], Awaitable[None]]]) -> tuple[int, float]:
    """How often all of these have acted beside one another, and in how many seconds."""
    begun = time.perf_counter()

    async def again(act: Callable[[], Awaitable[None]]) -> int:
        count = 0
        while time.perf_counter() < begun + SECONDS:
            await act()
            count += 1
        return count

    counts = await asyncio.gather(*(again(act) for act in workers))
    return sum(counts), time.perf_counter() - begun


def _posting(book: Book, connection: asyncpg.Connection, turn: Iterator[Bucket]) -> Act:
    async def act() -> None:
        await connection.execute(book.begin)
        await post_one(connection, next(turn))
        await connection.execute("COMMIT")

    return act


def _posting_as_program(book: Book, database: Database, turn: Iterator[Bucket]) -> Act:
    async def act() -> None:
        one = next(turn)
        line = stock.Line(product_id=one.product, location_id=one.location, delta=Decimal(1))
        async with database.write(book.tenant_id) as session:
            await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[line]))

    return act


def _reserving_lines(book: Book, database: Database, turn: Iterator[Bucket]) -> Act:
    channels = itertools.cycle(range(1, CHANNELS + 1))

    async def act() -> None:
        lines = [
            reservations.LineWish(
                product_id=one.product, location_id=one.location, quantity=Decimal(1)
            )
            for one in itertools.islice(turn, LINES)
        ]
        wish = reservations.ReserveWish(channel_id=f"CH{next(channels)}", lines=lines)
        async with database.write(book.tenant_id) as session:
            await reservations.reserve(session, SYSTEM, wish)

    return act


async def _reading(data: Data) -> list[Result]:
    """With nothing kept from one answer to the next, and as a server keeps it."""
    anew = await _read(data, "nothing kept", cube_goal=8, reference_cache_mb=0)
    return [*anew, *await _read(data, "as kept", cube_goal=None)]


async def _read(data: Data, how: str, cube_goal: int | None, **settings: int) -> list[Result]:
    chosen = load_settings(database_url=data.app_url, explorer=False, log_level="error", **settings)
    logs.configure(chosen)
    database = Database(data.app_url, pool_size=1)
    try:
        key = await key_of(database, data.tenant_id)
    finally:
        await database.close()
    acts = await _questions(application(chosen), key)
    spent = await rounds(acts, time.perf_counter, calls=2, count=ROUNDS)
    return [
        Result(
            name=f"{what}, {how}",
            ratios=ratios(spent, name, "page"),
            goal=goal,
            cost="time",
            notes=[milliseconds({one: spent[one] for one in (name, "page")})],
        )
        for name, what, goal in (
            ("cube", f"Cube of 50 x {CHANNELS} x {LOCATIONS} x 26 weeks : page of 50", cube_goal),
            ("explained", "Page of 50 that explains : one that does not", 1.3),
        )
    ]


async def _questions(app: ASGIApp, key: str) -> dict[str, Act]:
    """The cube and both pages, all of the same products."""

    def asked(query: str, **variables: object) -> Act:
        body = json.dumps({"query": query, "variables": variables}).encode()
        return request(app, "POST", "/graphql", key, lambda _: body)

    page = asked(MATRIX, first=PRODUCTS, explain=False)
    rows = json.loads(await page())["data"]["atpMatrix"]["rows"]["nodes"]
    places = [f"loc_{n:02d}" for n in range(1, LOCATIONS + 1)]
    cube = asked(CUBE, products=[row["product"]["id"] for row in rows], locations=places)
    cells = json.loads(await cube())["data"]["atpCube"]["cells"]
    assert len(cells) == PRODUCTS * LOCATIONS * CHANNELS, "the cube is whole"
    return {"cube": cube, "explained": asked(MATRIX, first=PRODUCTS, explain=True), "page": page}
