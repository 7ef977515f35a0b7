"""What moves stock, at size: suggestions and classes of all, and documents of many lines."""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import text

from bench.data import Data
from bench.measure import Act, Result, backend_cpu, milliseconds, ratios, rounds
from domain.actor import SYSTEM, Actor
from domain.pages import PageWish
from domain.permissions import Permission
from models.session import Database, Session
from services import abc, cycle_counts, replenishment, transfers
from services.cycle_counts import Counted
from services.transfers import reading as transfers_reading

SOURCE, DEST = "loc_01", "loc_02"
PATIENCE = 60  # seconds: what a busy machine takes longer for is measured all the same
ROUNDS = 3
NAMES = [f"prod_{n:05d}" for n in range(1, 2001)]
# What suggestions have to read: settings, kept sums, and the entries of three months.
READ = """
select (select count(*) from inventory_levels where tenant_id = stock_tenant()),
  (select sum(on_hand) from stock_levels_now where tenant_id = stock_tenant()),
  (select sum(delta) from ledger_entries where tenant_id = stock_tenant()
    and occurred_at > now() - interval '90 days')
"""


async def make(data: Data) -> Data:
    """A copy of the benchmark's database, with settings and demand."""
    name = f"{data.name}_motion"
    owner = await asyncpg.connect(data.handle.owner_url)
    try:
        sql = "select exists (select from pg_database where datname = $1)"
        if await owner.fetchval(sql, name):
            return replace(data, name=name)
        data.handle.drop_database(f"{name}_new")
        await owner.execute(f'create database "{name}_new" template "{data.name}"')
        filled = await asyncpg.connect(data.handle.urls(f"{name}_new")[0])
        try:
            await filled.execute(f"set app.tenant_id = '{data.tenant_id}'")
            for part in Path(__file__).with_suffix(".sql").read_text().strip().split(";\n"):
                await filled.execute(part)
            await filled.execute("vacuum analyze inventory_levels, ledger_entries, postings")
        finally:
            await filled.close()
        await owner.execute(f'alter database "{name}_new" rename to "{name}"')
    finally:
        await owner.close()
    return replace(data, name=name)


async def run(data: Data) -> list[Result]:
    """Reading all of it by database CPU, and writing documents by the time of many lines to few."""
    database = Database(data.app_url, pool_size=1)
    try:
        return [*await _reading(database, data), *await _writing(database, data)]
    finally:
        await database.close()


async def _reading(database: Database, data: Data) -> list[Result]:
    places = "800,000 places of 20,000 products"
    everything = f"suggestions for {places}"
    one_place = "suggestions for 20,000 products of one location"
    classes = "ABC of 20,000 products"
    acts: dict[str, Act] = {
        everything: _suggesting(database, data, replenishment.Wish()),
        one_place: _suggesting(database, data, replenishment.Wish(location_id=SOURCE)),
        classes: _classifying(database, data),
        "what all suggestions read": _summing(database, data),
    }
    async with database.read(data.tenant_id) as session:
        pid = int(await session.call("select pg_backend_pid()"))
    spent = await rounds(acts, backend_cpu(pid), calls=1, count=ROUNDS)
    other = "what all suggestions read"
    return [
        Result(
            name=f"{name} : {other}",
            ratios=ratios(spent, name, other),
            cost="database CPU",
            notes=[milliseconds({one: spent[one] for one in (name, other)})],
        )
        for name in (everything, one_place, classes)
    ]


def _suggesting(database: Database, data: Data, wish: replenishment.Wish) -> Act:
    async def act() -> None:
        async with database.read(data.tenant_id, timeout_seconds=PATIENCE) as session:
            found = await replenishment.suggest(session, wish)
        assert len(found.suggestions) == wish.limit < found.count, "the page is full"

    return act


def _classifying(database: Database, data: Data) -> Act:
    async def act() -> None:
        async with database.read(data.tenant_id, timeout_seconds=PATIENCE) as session:
            inputs = await abc.inputs_of(session, abc.Wish())
            found = await abc.classify(session, inputs, abc.Choice(), "rank", PageWish(limit=50))
        assert len(found.rows) == 50, "the page is full"  # noqa: PLR2004 - as asked for above

    return act


def _summing(database: Database, data: Data) -> Act:
    async def act() -> None:
        async with database.read(data.tenant_id, timeout_seconds=PATIENCE) as session:
            await session.all(text(READ))

    return act


@dataclass(frozen=True)
class Step:
    """A step that is measured for many lines and for a tenth of them."""

    name: str
    lines: int
    prepared: Callable[[Session, int], Awaitable[Any]]
    taken: Callable[[Session, Any], Awaitable[Any]]


async def _writing(database: Database, data: Data) -> list[Result]:
    return [await _compared(database, data, step) for step in STEPS]


async def _compared(database: Database, data: Data, step: Step) -> Result:
    """Time and statements of the step for all lines and for a tenth of them; nothing is kept."""
    few = step.lines // 10
    spent: dict[int, list[float]] = {step.lines: [], few: []}
    counts: dict[int, int] = {}
    for _ in range(ROUNDS + 1):
        for lines, times in spent.items():
            seconds, counts[lines] = await _taken(database, data, step, lines)
            times.append(seconds)
    many, little = (times[1:] for times in spent.values())  # the first are to warm up
    assert len(set(counts.values())) == 1, f"{step.name} takes more statements for more lines"
    note = f"{_middle(many)} : {_middle(little)}, {counts[few]} statements each"
    return Result(
        name=f"{step.name} of {step.lines:,} lines : of {few}",
        ratios=[a / b for a, b in zip(many, little, strict=True)],
        goal=12,
        cost="time",
        notes=[note],
    )


def _middle(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.0f} ms"


async def _taken(database: Database, data: Data, step: Step, lines: int) -> tuple[float, int]:
    seen: list[str] = []
    database.listener = seen.append
    async with database.write(data.tenant_id, dry_run=True, timeout_seconds=PATIENCE) as session:
        prepared = await step.prepared(session, lines)
        asked, before = len(seen), time.perf_counter()
        await step.taken(session, prepared)
        seconds, count = time.perf_counter() - before, len(seen) - asked
    database.listener = None
    return seconds, count


async def _shipped(session: Session, lines: int) -> transfers.Receipt:
    made = await transfers.create(
        session,
        SYSTEM,
        transfers.Wish(
            source_location_id=SOURCE,
            dest_location_id=DEST,
            lines=[
                transfers.LineWish(product_id=one, quantity=Decimal(1)) for one in NAMES[:lines]
            ],
            submit=True,
        ),
    )
    id = made.transfer.id
    await transfers.approve(session, SYSTEM, transfers.Note(transfer_id=id))
    await transfers.ship(session, SYSTEM, transfers.Shipment(transfer_id=id))
    rows = (await transfers_reading.lines_of(session, [id]))[id]
    parts = [transfers.ReceiveLine(line_id=row.id, quantity=Decimal(1)) for row in rows]
    return transfers.Receipt(transfer_id=id, lines=parts)


async def _received(session: Session, wish: transfers.Receipt) -> None:
    await transfers.receive(session, SYSTEM, wish)


def _counter(session: Session) -> Actor:
    return Actor(
        tenant_id=session.tenant_id,
        key_id=SYSTEM.id,
        name=SYSTEM.name,
        permissions=frozenset(Permission),
    )


async def _counted(session: Session, lines: int) -> cycle_counts.Step:
    # loc_01 has one or two buckets of a product; the first of each line's number are counted.
    wish = cycle_counts.Wish(location_id=SOURCE, type="PARTIAL", product_ids=NAMES[:lines])
    made = await cycle_counts.create(session, _counter(session), wish)
    numbers = [Counted(line_id=one.id, counted_qty=Decimal(9)) for one in made.lines[:lines]]
    return cycle_counts.Step(count_id=made.count.id, action="COMPLETE", lines=numbers)


async def _completed(session: Session, wish: cycle_counts.Step) -> None:
    await cycle_counts.step(session, _counter(session), wish)


async def _suggested(session: Session, lines: int) -> replenishment.Acceptance:
    found = await replenishment.suggest(
        session, replenishment.Wish(location_id=SOURCE, limit=lines)
    )
    items: Sequence[replenishment.Item] = [
        replenishment.Item(product_id=one.row.product_id, location_id=SOURCE)
        for one in found.suggestions
    ]
    return replenishment.Acceptance(items=items)


async def _accepted(session: Session, wish: replenishment.Acceptance) -> None:
    await replenishment.accept(session, SYSTEM, wish)


STEPS = (
    Step("receiving a transfer", 500, _shipped, _received),
    Step("completing a count", 2000, _counted, _completed),
    Step("accepting suggestions", 500, _suggested, _accepted),
)
