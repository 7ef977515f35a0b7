"""Transfers before anything is promised: written, changed, handed in, talked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import NotFound
from domain.machines.transfers import TRANSFERS
from domain.machines.transfers import TransferAction as A
from domain.quantities import ZERO
from models import records, transferring
from models import transfers as tables
from models.session import Session
from services import checks
from services.documents import Advance
from services.transfers import outcomes, reading, wishes
from services.transfers.outcomes import REGISTER, Outcome
from services.transfers.wishes import LineWish, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A change of a line of a draft; a quantity of 0 takes it away, None leaves it as it is."""

    line_id: str
    quantity: Decimal | None = None
    dest_bin_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of a draft: `values` of its head by column, and `lines` in place of the old.

    In place of new lines, `changes` change some of those that it has.
    """

    transfer_id: str
    values: Mapping[str, Any]
    lines: Sequence[LineWish] | None = None
    changes: Sequence[LineChange] = ()
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A comment on a transfer, or what is said with a step that needs nothing else."""

    transfer_id: str
    comment: str | None = None
    expected_version: int | None = None


async def create(session: Session, author: Author, wish: Wish) -> Outcome:
    """Make a transfer as a draft, or hand it in at once.

    Raises:
        Invalid and its kinds: a value breaks a rule.
        NotFound: something that is named is not there.
    """
    (made,) = await create_all(session, author, [wish])
    if wish.submit:
        (made,) = await submit_all(session, author, [made])
    return await outcomes.of(session, made.id, f"Created {made.number}.")


async def create_all(session: Session, author: Author, wanted: Sequence[Wish]) -> list[Any]:
    """Make transfers as drafts, in their order; the statements are the same for any number.

    Raises:
        Invalid, NotFound: as of `create`.
    """
    await wishes.check(session, wanted)
    given = [wish.number for wish in wanted if wish.number]
    drawn = iter(await REGISTER.numbers(session, len(wanted) - len(given), given))
    numbers = [wish.number or next(drawn) for wish in wanted]
    heads = [_head(author, number, wish) for number, wish in zip(numbers, wanted, strict=True)]
    added = {row.id: row for row in await session.all(records.add_all(tables.transfers, heads))}
    rows = [added[head["id"]] for head in heads]
    lines = [
        line
        for row, wish in zip(rows, wanted, strict=True)
        for line in wishes.line_rows(row.id, wish)
    ]
    await session.all(records.add_all(tables.transfer_lines, lines))
    await REGISTER.made(session, author, rows)
    return rows


async def edit(session: Session, author: Author, wish: Edit) -> Outcome:
    """Change a draft; lines that are given take the place of all that it has.

    Raises:
        IllegalStep: it is no draft any longer.
        StaleVersion: it is not at the expected version.
        Invalid, NotFound: as of `create`.
    """
    row = await REGISTER.get_locked(session, wish.transfer_id, A.EDIT, wish.expected_version)
    values = dict(wish.values)
    lines = wish.lines
    if lines is None:
        old = (await reading.lines_of(session, [row.id])).get(row.id, [])
        lines = _changed(old, wish.changes)
    whole = _whole(row, values, lines)
    await wishes.check(session, [whole])
    if wish.lines is not None or wish.changes:
        await session.run(transferring.drop_lines(row.id))
        await session.all(records.add_all(tables.transfer_lines, wishes.line_rows(row.id, whole)))
        values |= _sums(lines)
    step = Advance(action=A.EDIT, values=values)
    row = await REGISTER.advance(session, author, row, step)
    return await outcomes.of(session, row.id, f"Changed {row.number}.")


async def submit(session: Session, author: Author, note: Note) -> Outcome:
    """Hand a draft in for approval.

    Raises:
        IllegalStep: it is no draft.
        StaleVersion: it is not at the expected version.
    """
    checks.notes({"comment": note.comment}, "comment")
    row = await REGISTER.get_locked(session, note.transfer_id, A.SUBMIT, note.expected_version)
    (row,) = await submit_all(session, author, [row], note.comment)
    return await outcomes.of(session, row.id, f"Submitted {row.number}.")


async def comment(session: Session, author: Author, note: Note) -> Outcome:
    """Say something about a transfer, whatever its state.

    Raises:
        Invalid: it says nothing, or is too long.
    """
    row = await REGISTER.get_locked(session, note.transfer_id, None, note.expected_version)
    await REGISTER.comment(session, author, row, note.comment or "")
    return await outcomes.of(session, row.id, f"Commented on {row.number}.")


async def submit_all(
    session: Session, author: Author, rows: Sequence[Any], text: str | None = None
) -> list[Any]:
    """Hand locked drafts in; the statements are the same for any number."""
    values = {"submitted_at": await session.scalar(records.now())}
    step = Advance(action=A.SUBMIT, values=values, comment=text)
    return await REGISTER.advance_all(session, author, rows, step)


def _head(author: Author, number: str, wish: Wish) -> dict[str, Any]:
    return {
        "id": ids.new("xfer_"),
        "number": number,
        "source_location_id": wish.source_location_id,
        "dest_location_id": wish.dest_location_id,
        "expected_on": wish.expected_on,
        "reference": wish.reference,
        "comment": wish.comment,
        "origin_type": wish.origin_type,
        "origin_id": wish.origin_id,
        "created_by": {"id": author.id, "name": author.name},
        "status": TRANSFERS.initial,
        **_sums(wish.lines),
    }


def _sums(lines: Sequence[LineWish]) -> dict[str, Any]:
    return {
        "line_count": len(lines),
        "total_quantity": sum((line.quantity for line in lines), ZERO),
    }


def _whole(row: Any, values: Mapping[str, Any], lines: Sequence[LineWish]) -> Wish:
    """The transfer as it is to be."""
    names = ("source_location_id", "dest_location_id", "expected_on", "reference", "comment")
    head = {name: values.get(name, getattr(row, name)) for name in names}
    return Wish(**head, lines=lines)


def _changed(old: Sequence[Any], changes: Sequence[LineChange]) -> list[LineWish]:
    """The lines of a draft, those that are changed as they are to be."""
    wishes_by_id = {line.id: _wish_of(line) for line in old}
    for index, change in enumerate(changes):
        wish = wishes_by_id.get(change.line_id)
        if wish is None:
            raise NotFound("Transfer line", f"lines[{index}].lineId")
        if change.quantity == ZERO:
            del wishes_by_id[change.line_id]
            continue
        wishes_by_id[change.line_id] = replace(
            wish,
            quantity=wish.quantity if change.quantity is None else change.quantity,
            dest_bin_id=change.dest_bin_id or wish.dest_bin_id,
        )
    return list(wishes_by_id.values())


def _wish_of(line: Any) -> LineWish:
    return LineWish(
        line_id=line.id,
        product_id=line.product_id,
        quantity=line.quantity,
        lot_id=line.lot_id,
        source_bin_id=line.source_bin_id,
        inventory_item_id=line.inventory_item_id,
        dest_bin_id=line.dest_bin_id,
    )
