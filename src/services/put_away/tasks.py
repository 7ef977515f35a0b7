"""Put-away tasks: made with suggested bins, started, picked, completed, split, called off."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import BinRefused, DuplicateLine, Invalid, QuantityRefused
from domain.machines.put_away import PUT_AWAY
from domain.machines.put_away import PutAwayAction as A
from domain.machines.put_away import PutAwayStatus as S
from domain.quantities import ZERO, plain
from domain.request_errors import UnknownLine
from models import locations, put_away, putting_away
from models import records as statements
from models.session import Session
from services import checks, holds, records
from services.documents import Advance
from services.put_away import outcomes, reading, suggesting
from services.put_away.outcomes import REGISTER, Act, LineAct, Outcome, TaskWish
from services.put_away.suggesting import Suggested
from services.stock import acting

_OPEN = ("PENDING", "PICKED")


async def create(session: Session, author: Author, wish: TaskWish) -> Outcome:
    """Make a task whose lines have the bins that are suggested, and keep room for them.

    The location's row stays locked until the transaction ends: of two tasks made at once the
    second sees the bins as the first has filled them.

    Raises:
        As of `suggest`.
    """
    checks.texts({"reference": wish.reference}, "reference")
    checks.notes({"comment": wish.comment}, "comment")
    await _lock(session, wish.goods.location_id)
    found = await suggesting.suggest(session, wish.goods)
    (number,) = await REGISTER.numbers(session, 1)
    head = {
        "id": ids.new("put_"),
        "number": number,
        "status": PUT_AWAY.initial,
        "location_id": wish.goods.location_id,
        "line_count": len(found),
        "strategy": wish.goods.strategy,
        "reference": wish.reference,
        "comment": wish.comment,
        "created_by": {"id": author.id, "name": author.name},
    }
    task = await session.one(statements.add_all(put_away.put_away_tasks, [head]))
    lines = [_line(task.id, ordinal, one) for ordinal, one in enumerate(found, 1)]
    await session.all(statements.add_all(put_away.put_away_lines, lines))
    await REGISTER.made(session, author, [task])
    return await outcomes.of(session, task.id, f"Created {number}.")


async def start(session: Session, author: Author, act: Act) -> Outcome:
    """Begin with a task.

    Raises:
        IllegalStep: it is begun or over.
    """
    task = await _locked(session, act, A.START)
    values = {"started_at": await session.scalar(statements.now())}
    await _advance(session, author, task, act, Advance(action=A.START, values=values))
    return await outcomes.of(session, task.id, f"Started {task.number}.")


async def pick(session: Session, author: Author, act: Act) -> Outcome:
    """Say which lines were taken up; the books do not change before they are put down.

    Raises:
        IllegalStep: the task is over.
        UnknownLine: a line is none of its open ones.
    """
    task = await _locked(session, act, A.PICK)
    chosen = await _chosen(session, task, act)
    await _change(session, [{**_columns(line), "status": "PICKED"} for line, _ in chosen])
    now = await session.scalar(statements.now())
    values = {"started_at": task.started_at or now}
    await _advance(session, author, task, act, Advance(action=A.PICK, values=values))
    return await outcomes.of(session, task.id, f"Picked {len(chosen)} lines of {task.number}.")


async def complete(session: Session, author: Author, act: Act) -> Outcome:
    """Say what was put where: the stock is in its new bins from now on, held stock too.

    A line that gets fewer units than it has, or 0, is short: the rest stays where it is. The task
    is done once none of its lines is open. Task, location and level rows stay locked until the
    transaction ends; the statements are the same for any number of lines.

    Raises:
        IllegalStep: the task is over.
        UnknownLine: a line is none of its open ones.
        BinRefused: a bin is of another location, or a line has none.
        BinUnfit: a bin that was not suggested is not right for the goods.
        InsufficientStock: less is there, or more of it is promised.
    """
    task = await _locked(session, act, A.COMPLETE)
    chosen = await _chosen(session, task, act)
    await _lock(session, task.location_id)
    put = [_put(line, wish, index) for index, (line, wish) in enumerate(chosen)]
    await _check_bins(session, task, put)
    moved = [(line, quantity, bin_id) for line, quantity, bin_id in put if quantity]
    change = await _move(session, author, task, act, moved) if moved else None
    await _change(session, [_done(*one) for one in put])
    rows = (await reading.lines_of(session, [task.id]))[task.id]
    is_over = all(row.status not in _OPEN for row in rows)
    now = await session.scalar(statements.now())
    values = {"started_at": task.started_at or now, "completed_at": now if is_over else None}
    step = Advance(
        action=A.COMPLETE,
        to=S.DONE if is_over else S.IN_PROGRESS,
        values=values,
        posting_id=change.posting.id if change else None,
    )
    await _advance(session, author, task, act, step)
    total = plain(sum((quantity for _, quantity, _ in put), ZERO))
    return await outcomes.of(
        session, task.id, f"Put away {total} units of {task.number}.", change=change
    )


async def split(session: Session, author: Author, act: Act) -> Outcome:
    """Move lines, or so many units of them, into a task of their own that waits for somebody.

    Raises:
        IllegalStep: the task is over.
        UnknownLine: a line is none of its open ones.
        QuantityRefused: more units than a line has.
        Invalid: nothing would be left in the task.
    """
    task = await _locked(session, act, A.SPLIT)
    if not act.lines:
        raise Invalid("lines", "Name the lines that are to be split off.")
    chosen = await _chosen(session, task, act)
    (number,) = await REGISTER.numbers(session, 1)
    names = ("location_id", "strategy", "reference", "comment")
    head = {
        "id": ids.new("put_"),
        "number": number,
        "status": PUT_AWAY.initial,
        "line_count": len(chosen),
        "created_by": {"id": author.id, "name": author.name},
        **{name: getattr(task, name) for name in names},
    }
    twin = await session.one(statements.add_all(put_away.put_away_tasks, [head]))
    left = await _divide(session, task, twin, chosen)
    values = {"line_count": left}
    told = {"splitTaskId": twin.id}
    await _advance(session, author, task, act, Advance(action=A.SPLIT, values=values, told=told))
    await REGISTER.made(session, author, [twin], f"Split off {task.number}.")
    shown = (await reading.tasks.by_ids(session, [twin.id]))[twin.id]
    return await outcomes.of(session, task.id, f"Split {number} off {task.number}.", split=shown)


async def cancel(session: Session, author: Author, act: Act) -> Outcome:
    """Call off what was not put away; it stays where it is, and its room is free.

    Raises:
        IllegalStep: the task is over.
    """
    task = await _locked(session, act, A.CANCEL)
    await _advance(session, author, task, act, Advance(action=A.CANCEL))
    return await outcomes.of(session, task.id, f"Cancelled {task.number}.")


async def comment(session: Session, author: Author, act: Act) -> Outcome:
    """Say something about a task, whatever its state.

    Raises:
        Invalid: it says nothing, or is too long.
    """
    task = await REGISTER.get_locked(session, act.task_id, None, act.expected_version)
    await REGISTER.comment(session, author, task, act.comment or "")
    return await outcomes.of(session, task.id, f"Commented on {task.number}.")


async def _lock(session: Session, location_id: str) -> None:
    """Have who else puts goods away at the location wait until the transaction ends."""
    await records.require(session, locations.locations, "Location", location_id, "locationId")
    await records.get_locked(session, locations.locations, "Location", location_id)


async def _locked(session: Session, act: Act, action: A) -> Any:
    checks.notes({"comment": act.comment}, "comment")
    return await REGISTER.get_locked(session, act.task_id, action, act.expected_version)


async def _advance(session: Session, author: Author, task: Any, act: Act, step: Advance) -> None:
    said = Advance(
        action=step.action,
        to=step.to,
        values=step.values,
        comment=act.comment,
        posting_id=step.posting_id,
        told=step.told,
    )
    await REGISTER.advance(session, author, task, said)


async def _chosen(session: Session, task: Any, act: Act) -> list[tuple[Any, LineAct]]:
    """The open lines that the act names, or all of them, with what is to be done with each."""
    rows = (await reading.lines_of(session, [task.id]))[task.id]
    there = {row.id: row for row in rows if row.status in _OPEN}
    if act.lines is None:
        return [(row, LineAct(line_id=row.id)) for row in there.values()]
    seen: dict[str, int] = {}
    for index, line in enumerate(act.lines):
        if line.line_id not in there:
            raise UnknownLine(f"lines[{index}].lineId")
        first = seen.setdefault(line.line_id, index)
        if first != index:
            text = f"lines[{index}] is the same line as lines[{first}]."
            raise DuplicateLine(f"lines[{index}].lineId", text, line=first)
    return [(there[line.line_id], line) for line in act.lines]


def _put(line: Any, wish: LineAct, index: int) -> tuple[Any, Decimal, str | None]:
    """A line, how many units of it were put away, and into which bin."""
    quantity = line.quantity if wish.quantity is None else wish.quantity
    if not ZERO <= quantity <= line.quantity:
        text = f"lines[{index}].quantity must be from 0 to {plain(line.quantity)}."
        raise QuantityRefused(f"lines[{index}].quantity", text, planned=plain(line.quantity))
    bin_id = wish.bin_id or line.bin_id
    if bin_id is None and quantity:
        raise BinRefused(f"lines[{index}].binId", f"lines[{index}] needs a bin.")
    return line, quantity, bin_id


async def _check_bins(
    session: Session, task: Any, put: Sequence[tuple[Any, Decimal, str | None]]
) -> None:
    """Hold bins that were not suggested against the rules; those that were have room already."""
    others = {
        n for n, (line, quantity, bin_id) in enumerate(put) if quantity and bin_id != line.bin_id
    }
    if not others:
        return
    shelves = await suggesting.look(
        session, task.location_id, [line.product_id for line, *_ in put]
    )
    item_ids = sorted({put[n][0].inventory_item_id for n in others})
    sources = {row.id: row for row in await session.all(putting_away.sources(item_ids))}
    for index in sorted(others):
        line, quantity, bin_id = put[index]
        assert bin_id is not None, "a line that is put away has a bin"
        goods = shelves.goods(sources[line.inventory_item_id])
        acting.quantity(sources[line.inventory_item_id], quantity, f"lines[{index}].quantity")
        suggesting.into(shelves, goods, quantity, bin_id, f"lines[{index}].binId")


async def _move(
    session: Session,
    author: Author,
    task: Any,
    act: Act,
    moved: Sequence[tuple[Any, Decimal, str | None]],
) -> Any:
    lines = [
        {"inventory_item_id": line.inventory_item_id, "quantity": quantity, "to_bin_id": bin_id}
        for line, quantity, bin_id in moved
    ]
    head = {"reference": task.number, "comment": act.comment}
    document = (PUT_AWAY.kind, str(task.id))
    return await holds.move_all(session, author, lines, head, document=document)


async def _divide(
    session: Session, task: Any, twin: Any, chosen: Sequence[tuple[Any, LineAct]]
) -> int:
    """Give the twin its lines; how many are left in the task."""
    rows = (await reading.lines_of(session, [task.id]))[task.id]
    changed, added = [], []
    for ordinal, (line, wish) in enumerate(chosen, 1):
        part = line.quantity if wish.quantity is None else wish.quantity
        if not ZERO < part <= line.quantity:
            text = f"lines[{ordinal - 1}].quantity must be up to {plain(line.quantity)}."
            field = f"lines[{ordinal - 1}].quantity"
            raise QuantityRefused(field, text, planned=plain(line.quantity))
        if part == line.quantity:
            changed.append({**_columns(line), "task_id": twin.id, "ordinal": ordinal})
            continue
        changed.append({**_columns(line), "quantity": line.quantity - part})
        added.append(_copy(line, twin.id, ordinal, part))
    left = len(rows) - sum(1 for one in changed if one["task_id"] == twin.id)
    if not left:
        raise Invalid("lines", "Nothing would be left in the task.")
    await _change(session, changed)
    if added:
        await session.all(statements.add_all(put_away.put_away_lines, added))
    return left


async def _change(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await session.run(putting_away.change_lines(rows))


def _columns(line: Any) -> dict[str, Any]:
    names = ("id", "task_id", "ordinal", "status", "quantity", "put_quantity", "bin_id")
    return {name: getattr(line, name) for name in names}


def _done(line: Any, quantity: Decimal, bin_id: str | None) -> dict[str, Any]:
    status = "DONE" if quantity == line.quantity else "SHORT"
    return {**_columns(line), "status": status, "put_quantity": quantity, "bin_id": bin_id}


def _line(task_id: str, ordinal: int, one: Suggested) -> dict[str, Any]:
    chosen, rule = one.chosen, one.chosen.rule
    return {
        "id": ids.new("putl_"),
        "task_id": task_id,
        "ordinal": ordinal,
        "inventory_item_id": one.source.id,
        "product_id": one.source.product_id,
        "lot_id": one.source.lot_id,
        "source_bin_id": one.source.bin_id,
        "quantity": chosen.quantity,
        "suggested_bin_id": chosen.bin_id,
        "bin_id": chosen.bin_id,
        "strategy": rule.strategy if rule else None,
        "rule_id": rule.id if rule else None,
        "rejected": list(chosen.rejected),
        "status": "PENDING",
        "put_quantity": ZERO,
    }


def _copy(line: Any, task_id: str, ordinal: int, quantity: Decimal) -> dict[str, Any]:
    names = (
        "inventory_item_id",
        "product_id",
        "lot_id",
        "source_bin_id",
        "suggested_bin_id",
        "bin_id",
        "strategy",
        "rule_id",
        "rejected",
        "status",
        "put_quantity",
    )
    kept = {name: getattr(line, name) for name in names}
    own = {"id": ids.new("putl_"), "task_id": task_id, "ordinal": ordinal, "quantity": quantity}
    return {**kept, **own}
