"""Writes down what was counted, as often as needed, and stock that nobody expected there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.actor import Actor
from domain.count_errors import CountedAhead, LineResolved, SameCounter
from domain.errors import DuplicateLine, Invalid, NotFound
from domain.machines.cycle_counts import CycleCountAction as A
from domain.quantities import ZERO
from models import counting, cycle_counts
from models import records as statements
from models.session import Session
from services import checks
from services.cycle_counts import reading
from services.cycle_counts.outcomes import REGISTER
from services.documents import Advance
from services.stock import acting, buckets
from services.stock.buckets import Bucket

AHEAD = timedelta(seconds=60)  # clocks of hand-held devices are off by less


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A number for a line, for a bucket by its item, or for stock found where none was expected.

    `counted_at` is when somebody looked; now unless told.
    """

    counted_qty: Decimal
    line_id: str | None = None
    inventory_item_id: str | None = None
    product_id: str | None = None
    bin_id: str | None = None
    lot_id: str | None = None
    lot_number: str | None = None
    counted_at: datetime | None = None
    notes: str | None = None

    @property
    def bucket(self) -> dict[str, Any]:
        """What it says of its bucket, by the names of `buckets.find`."""
        names = ("inventory_item_id", "product_id", "bin_id", "lot_id", "lot_number")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


async def save(session: Session, actor: Actor, count: Any, numbers: Sequence[Counted]) -> Any:
    """Write numbers down in a locked count; the count. A fixed number of statements.

    Raises:
        NotFound: a line, item, product, bin or lot is not there.
        DuplicateLine: two numbers are for one line.
        LineResolved: it was decided on a line already.
        SameCounter: a line must be counted again by another person.
        CountedAhead: a number is said to be of the future.
        QuantityRefused, Invalid and its kinds: a value breaks a rule.
        IllegalStep: the count is not being counted.
    """
    REGISTER.machine.step(count.status, A.SAVE)
    if len(numbers) > counting.SAVED_MAX:
        raise Invalid("lines", f"There are at most {counting.SAVED_MAX} lines at once.")
    lines = {line.id: line for line in (await reading.lines_of(session, [count.id]))[count.id]}
    named = await _named(session, count, lines, numbers)
    now = await session.scalar(statements.now())
    rows = [
        _row(actor, lines[id], number, f"lines[{index}].", now)
        for index, (id, number) in enumerate(zip(named, numbers, strict=True))
    ]
    await session.run(counting.save_counts(rows))
    await session.run(counting.keep_takes(rows))
    saved = set(named)
    is_left = any(
        line.status in ("PENDING", "RECOUNT_REQUIRED") and line.id not in saved
        for line in lines.values()
    )
    going = "RECOUNT" if count.status == "RECOUNT" else "COUNTING"
    values: dict[str, Any] = {"line_count": len(lines)}
    if count.started_at is None:
        values["started_at"] = now
    told = Advance(action=A.SAVE, to=going if is_left else "COUNTED", values=values)
    return await REGISTER.advance(session, actor.author, count, told)


async def _named(
    session: Session, count: Any, lines: dict[str, Any], numbers: Sequence[Counted]
) -> list[str]:
    """The line of each number; lines of found stock are made, and added to `lines`."""
    by_item = {line.inventory_item_id: line.id for line in lines.values()}
    named: list[str | None] = []
    for index, number in enumerate(numbers):
        field = f"lines[{index}]."
        if number.line_id is not None and number.bucket:
            raise Invalid(f"{field}lineId", f"{field}lineId or a bucket is given, and not both.")
        if number.line_id is not None and number.line_id not in lines:
            raise NotFound("Line", f"{field}lineId")
        item_id = number.inventory_item_id
        named.append(number.line_id or (by_item.get(item_id) if item_id else None))
    found = [index for index, id in enumerate(named) if id is None]
    if found:
        made = await _found(session, count, lines, {i: numbers[i] for i in found})
        named = [made.get(index, id) for index, id in enumerate(named)]
    first: dict[str, int] = {}
    for index, id in enumerate(named):
        assert id is not None, "every number has its line"
        if first.setdefault(id, index) != index:
            text = f"lines[{index}] is for the same line as lines[{first[id]}]."
            raise DuplicateLine(f"lines[{index}]", text, line=first[id])
    return [id for id in named if id is not None]


async def _found(
    session: Session, count: Any, lines: dict[str, Any], numbers: Mapping[int, Counted]
) -> dict[int, str]:
    """The lines of numbers that name a bucket: those that are there, or new ones at the end."""
    for index, number in numbers.items():
        if not number.bucket:
            text = f"lines[{index}].lineId or inventoryItemId is required."
            raise Invalid(f"lines[{index}].lineId", text)
    wanted = [{**number.bucket, **_place(count, number)} for number in numbers.values()]
    there = await buckets.find(session, wanted, makes_lots=True)
    known = {(line.product_id, line.bin_id, line.lot_id): line.id for line in lines.values()}
    made: dict[int, str] = {}
    rows = []
    ordinal = await session.scalar(counting.last_ordinal(count.id))
    for (index, number), bucket in zip(numbers.items(), there, strict=True):
        if bucket.location_id != count.location_id:
            field = f"lines[{index}].inventoryItemId"
            raise Invalid(field, f"{field} is at another location.")
        key = (bucket.product.id, bucket.bin_id, bucket.lot_id)
        if key not in known:
            ordinal += 1
            known[key] = f"cline_{count.id.removeprefix('count_')}_{ordinal}"
            rows.append(_line(count, known[key], ordinal, bucket, number))
        made[index] = known[key]
    if rows:
        await session.all(statements.add_all(cycle_counts.count_lines, rows))
        new = await session.all(counting.lines_by_ids([row["id"] for row in rows]))
        lines.update({line.id: line for line in new})
    return made


def _place(count: Any, number: Counted) -> dict[str, str]:
    return {} if number.inventory_item_id else {"location_id": count.location_id}


def _line(count: Any, id: str, ordinal: int, bucket: Bucket, number: Counted) -> dict[str, Any]:
    return {
        "id": id,
        "count_id": count.id,
        "ordinal": ordinal,
        "inventory_item_id": number.inventory_item_id,
        "product_id": bucket.product.id,
        "location_id": bucket.location_id,
        "bin_id": bucket.bin_id,
        "lot_id": bucket.lot_id,
        "status": "PENDING",
    }


def _row(actor: Actor, line: Any, number: Counted, field: str, now: datetime) -> dict[str, Any]:
    """The number as it is kept, held against its line."""
    if line.status in ("RESOLVED", "SKIPPED"):
        text = "It was decided on the line already."
        raise LineResolved(text, field=f"{field}lineId", details={"lineId": line.id})
    before = (line.counted_by or {}).get("id")
    if line.status == "RECOUNT_REQUIRED" and before == actor.author.id:
        text = "Another person must count the line again."
        raise SameCounter(text, field=f"{field}lineId", details={"lineId": line.id})
    checks.notes({f"{field}notes": number.notes}, f"{field}notes")
    counted_at = number.counted_at or now
    if counted_at > now + AHEAD:
        raise CountedAhead(f"{field}countedAt", f"{field}countedAt must not be ahead.")
    return {
        "id": line.id,
        "counted_qty": acting.quantity(line, number.counted_qty, f"{field}countedQty", ZERO),
        # A clock that is a little ahead must not make later sales count as earlier ones; JSON would
        # round the moment to seconds.
        "counted_at": min(counted_at, now).isoformat(),
        "counted_by": {"id": actor.author.id, "name": actor.author.name},
        "notes": number.notes,
    }
