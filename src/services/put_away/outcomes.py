"""What put-away tasks are asked to do, and what an act on one gives: all of it as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.machines.put_away import PUT_AWAY
from models import put_away
from models.session import Session
from services import documents
from services.put_away import reading
from services.put_away.suggesting import Wish

REGISTER = documents.Register(PUT_AWAY, put_away.put_away_tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWish:
    """A wish for a task: what `Wish` says, and what is noted with it."""

    goods: Wish
    reference: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAct:
    """What is done with a line: with so many of its units, and which bin they go into."""

    line_id: str
    quantity: Decimal | None = None
    bin_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is done with a task; without lines, with all that are open."""

    task_id: str
    lines: Sequence[LineAct] | None = None
    comment: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A task with its lines and events as they stand after an act; `change` where stock moved."""

    task: Any
    lines: Sequence[Any]
    events: Sequence[Any]
    change: Any
    split: Any
    message: str
    touched: Sequence[tuple[str, str]]


async def of(
    session: Session, id: str, message: str, *, change: Any = None, split: Any = None
) -> Outcome:
    """The task as it stands now, with what was moved or split off."""
    return Outcome(
        task=(await reading.tasks.by_ids(session, [id]))[id],
        lines=(await reading.lines_of(session, [id])).get(id, []),
        events=(await documents.events_of(session, [id], PUT_AWAY.kind))[id],
        change=change,
        split=split,
        message=message,
        touched=list(change.touched) if change else [],
    )
