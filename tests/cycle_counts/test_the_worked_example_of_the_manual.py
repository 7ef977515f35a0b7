"""The table of docs/counting.md, done step by step."""

import re
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from domain.actor import SYSTEM
from graph import actor_of
from services import cycle_counts, stock
from services.cycle_counts import Counted, Resolution, Resolve, Step, Wish, reading
from world import World

MANUAL = Path(__file__).parents[2] / "docs" / "counting.md"
HELD = "select on_hand from inventory_items where tenant_id = stock_tenant()"
SIGNS = {"received": 1, "sold": -1, "told late that there went out": -1}


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


async def test_the_numbers_are_those_of_the_manual(world: World) -> None:
    lines_ = MANUAL.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines_]
    rows = [row for row in cells if row and re.fullmatch(r"\d\d:\d\d", row[0])]
    actor = actor_of(world)
    product, location = await world.product(), await world.location()
    count: Any = None
    for at, act, units, book, expected, variance in rows:
        moment = datetime.combine(datetime(2026, 6, 30, tzinfo=UTC), time.fromisoformat(at), UTC)
        world.database.now = max(world.database.now or moment, moment)
        async with world.write() as session:
            if act in SIGNS:
                delta = SIGNS[act] * Decimal(units)
                late = moment if "late" in act else None
                line = stock.Line(
                    product_id=product.id, location_id=location.id, delta=delta, occurred_at=late
                )
                kind = "RECEIPT" if delta > 0 else "ISSUE"
                await stock.post(session, stock.Posting(kind=kind, author=SYSTEM, lines=[line]))
            elif act == "counted":
                count = await cycle_counts.create(
                    session, actor, Wish(location_id=location.id, type="FULL")
                )
                wrote = Counted(line_id=count.lines[0].id, counted_qty=Decimal(units))
                wish = Step(count_id=count.count.id, action="COMPLETE", lines=[wrote])
                await cycle_counts.step(session, actor, wish)
            else:
                accept = Resolution(line_id=count.lines[0].id, action="ACCEPT")
                resolve = Resolve(count_id=count.count.id, resolutions=[accept])
                await cycle_counts.resolve(session, actor, resolve)
        async with world.read() as session:
            held = await session.call(HELD)
            lines = (
                (await reading.lines_of(session, [count.count.id]))[count.count.id] if count else []
            )
        shown = (lines[0].book, lines[0].variance) if lines else (None, None)
        assert (held, *shown) == (number(book), number(expected), number(variance)), act
    assert len(rows) == 5
