"""Moves a count on: started, counted in several sittings, completed, reopened, called off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.actor import Actor
from domain.count_errors import CountIncomplete
from domain.errors import Invalid
from domain.machines.cycle_counts import CycleCountAction as A
from domain.permissions import Permission
from models import counting
from models import records as statements
from models.session import Session
from services import abc, checks
from services.cycle_counts import (
    creating,
    deciding,
    freezing,
    outcomes,
    reading,
    resolving,
    rules,
    saving,
)
from services.cycle_counts.outcomes import REGISTER, Outcome
from services.cycle_counts.saving import Counted
from services.documents import Advance


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is to be done with a count: an action, numbers, or `values` of its head by column.

    Without an action numbers are saved, and the head is edited.
    """

    count_id: str
    action: str | None = None
    lines: Sequence[Counted] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A comment on a count."""

    count_id: str
    comment: str


async def step(session: Session, actor: Actor, wish: Step) -> Outcome:
    """Take the step: the head is edited first, numbers are saved before a count is completed.

    Raises:
        NotFound: there is no such count, or line.
        StaleVersion: it is not at the expected version.
        IllegalStep: its state does not allow the action.
        Invalid and its kinds, SameCounter, LineResolved: a number breaks a rule.
        CountIncomplete: nothing was counted, or lines are still to be counted again.
    """
    _check(wish)
    count = await REGISTER.get_locked(session, wish.count_id, None, wish.expected_version)
    is_frozen = count.status in freezing.COUNTING
    if wish.values:
        count = await _edit(session, actor, count, wish)
    if wish.action in (A.START, A.REOPEN):
        count = await _begin(session, actor, count, wish)
    if wish.lines:
        count = await saving.save(session, actor, count, wish.lines)
    if not is_frozen and count.status in freezing.COUNTING:
        await freezing.begin(session, actor, count)
    if wish.action in (A.COMPLETE, A.CANCEL):
        await freezing.end(session, actor, count)
    entries: Sequence[Any] = ()
    if wish.action == A.COMPLETE:
        count, entries = await _complete(session, actor, count, wish.comment)
    if wish.action == A.CANCEL:
        cancel = Advance(action=A.CANCEL, comment=wish.comment)
        count = await REGISTER.advance(session, actor.author, count, cancel)
    return await outcomes.of(session, count.id, _message(wish, count), entries)


async def comment(session: Session, actor: Actor, note: Note) -> Outcome:
    """Say something about a count, whatever its state.

    Raises:
        Invalid: it says nothing, or is too long.
    """
    count = await REGISTER.get_locked(session, note.count_id, None)
    await REGISTER.comment(session, actor.author, count, note.comment)
    return await outcomes.of(session, count.id, f"Commented on {count.number}.")


def _check(wish: Step) -> None:
    checks.notes({"comment": wish.comment, **wish.values}, "comment", "notes")
    if wish.action == A.SAVE and not wish.lines:
        raise Invalid("lines", "At least one line is needed.")
    if wish.action == A.CANCEL and wish.lines:
        raise Invalid("lines", "A count that is called off takes no numbers.")
    if wish.action is None and not wish.lines and not wish.values:
        raise Invalid("action", "Give an action, lines, or what is to be changed.")


async def _edit(session: Session, actor: Actor, count: Any, wish: Step) -> Any:
    """Change the head; who is to count is a step of its own.

    What it hides and adjusts by itself is for those to say who may see it.
    """
    if not {"blind", "auto_adjust"}.isdisjoint(wish.values):
        actor.require(Permission.INVENTORY_CYCLECOUNT, Permission.INVENTORY_READ)
    values = dict(wish.values)
    if "assigned_to" in values:
        assigned = await creating.assignee(session, values.pop("assigned_to"))
        to = count.status
        if to in ("DRAFT", "ASSIGNED"):
            to = "DRAFT" if assigned is None else "ASSIGNED"
        told = Advance(action=A.ASSIGN, to=to, values={"assigned_to": assigned})
        count = await REGISTER.advance(session, actor.author, count, told)
    if values:
        checks.given(values, REGISTER.table)
        edit = Advance(action=A.EDIT, values=values)
        count = await REGISTER.advance(session, actor.author, count, edit)
    return count


async def _begin(session: Session, actor: Actor, count: Any, wish: Step) -> Any:
    values = {}
    if wish.action == A.START:
        values["started_at"] = await session.scalar(statements.now())
    told = Advance(action=str(wish.action), values=values, comment=wish.comment)
    count = await REGISTER.advance(session, actor.author, count, told)
    if wish.action == A.REOPEN:
        await session.run(counting.reopen(count.id))
    return count


async def _complete(
    session: Session, actor: Actor, count: Any, text: str | None
) -> tuple[Any, Sequence[Any]]:
    """End the counting: judge each line, skip those without a number, and adjust if wished.

    Nothing is adjusted for who may only count: he would see by it whether he was right.
    """
    REGISTER.machine.step(count.status, A.COMPLETE)
    lines = (await reading.lines_of(session, [count.id]))[count.id]
    _check_counted(lines)
    settings = await abc.settings(session)
    judged = [_judged(line, settings) for line in lines if line.status != "RESOLVED"]
    if judged:
        await session.run(counting.set_statuses(judged))
    decided = deciding.Decided()
    if count.auto_adjust and Permission.INVENTORY_READ in actor.permissions:
        decided = await resolving.adjust(session, actor, count)
    left = [line for line in lines if line.status != "RESOLVED" and line.counted_qty is not None]
    is_over = len(decided.line_ids) == len(left)
    now = await session.scalar(statements.now())
    told = Advance(
        action=A.COMPLETE,
        to="POSTED" if is_over else "REVIEW",
        values={"completed_at": now, **({"posted_at": now} if is_over else {})},
        comment=text,
        posting_id=decided.posting_id,
    )
    count = await REGISTER.advance(session, actor.author, count, told)
    return count, decided.entries


def _check_counted(lines: Sequence[Any]) -> None:
    again = sum(1 for line in lines if line.status == "RECOUNT_REQUIRED")
    if again:
        text = f"{again} lines are still to be counted again."
        raise CountIncomplete(text, field="lines", details={"lines": again})
    if not any(line.counted_qty is not None for line in lines):
        raise CountIncomplete(
            "Nothing was counted yet.", field="lines", details={"lines": len(lines)}
        )


def _judged(line: Any, settings: abc.Settings) -> dict[str, Any]:
    if line.counted_qty is None:
        return {"id": line.id, "status": "SKIPPED", "within_tolerance": None}
    is_within = rules.is_within(line, settings)
    status = "WITHIN_TOLERANCE" if is_within else "COUNTED"
    return {"id": line.id, "status": status, "within_tolerance": is_within}


_DONE = {
    A.START: "Started",
    A.COMPLETE: "Completed",
    A.CANCEL: "Cancelled",
    A.REOPEN: "Reopened",
}


def _message(wish: Step, count: Any) -> str:
    if wish.action in _DONE:
        return f"{_DONE[A(wish.action)]} {count.number}."
    if wish.lines:
        several = "line" if len(wish.lines) == 1 else "lines"
        return f"Saved {len(wish.lines)} {several} of {count.number}."
    return f"Changed {count.number}."
