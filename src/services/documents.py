"""The life of a document of any kind: made with a number, moved by steps, told by its events.

Each event is kept with the document and goes out as the topic `<kind>.<action>`, such as
`transfer.ship`.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.actor import Author
from domain.documents import COMMENT, CREATE, Machine
from domain.errors import Invalid
from models import documents
from models import records as statements
from models.session import Session
from services import checks, outbox, records

Row = Any
_DRAWN = re.compile(r"[0-9]{6,9}")
DIGITS = 6  # of a number such as XFER-000123; more where they are needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """A step that is taken: `to` where it leads to several states, `values` that change besides.

    The rest tells of it: `told` is what the outbox says beside the event itself.
    """

    action: str
    to: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    reason: str | None = None
    posting_id: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a document, which has its state after it."""

    document: Row
    step: Advance
    from_status: str | None


@dataclass(frozen=True, slots=True)
class Register:
    """The documents of one kind: their table, and the machine that moves them."""

    machine: Machine
    table: Any

    async def numbers(self, session: Session, count: int, given: Sequence[str] = ()) -> list[str]:
        """New numbers, such as `XFER-000123`.

        Those that were given to others from elsewhere, and look like ours, are never drawn. The
        kind's last number stays locked until the transaction ends.
        """
        prefix = f"{self.machine.prefix}-"
        ours = [one.removeprefix(prefix) for one in given if one.startswith(prefix)]
        above = max((int(one) for one in ours if _DRAWN.fullmatch(one)), default=0)
        last = await session.scalar(documents.draw(self.machine.kind, count, above))
        return [f"{prefix}{n:0{DIGITS}}" for n in range(last - count + 1, last + 1)]

    async def get_locked(
        self, session: Session, id: str, action: str | None, expected_version: int | None = None
    ) -> Row:
        """The document, locked until the transaction ends, if its state allows the action.

        Without an action any state will do.

        Raises:
            NotFound: there is none that this tenant can see.
            StaleVersion: it is not at the expected version.
            IllegalStep: its state does not allow the action.
        """
        thing = self.machine.thing.capitalize()
        document = await records.get_locked(session, self.table, thing, id, expected_version)
        if action is not None:
            self.machine.step(document.status, action)
        return document

    async def made(
        self, session: Session, author: Author, rows: Sequence[Row], comment: str | None = None
    ) -> None:
        """Tell that documents were made, in the states in which they are."""
        step = Advance(action=CREATE, comment=comment)
        await self.record(session, author, [Event(row, step, None) for row in rows])

    async def advance(self, session: Session, author: Author, document: Row, step: Advance) -> Row:
        """Take a step of a locked document: its new state, its event, and the outbox's.

        Raises:
            IllegalStep: the state does not allow the action.
        """
        values = {**step.values, "status": self._target(document, step)}
        changed = await records.change(session, self.table, document, values, touched=True)
        await self.record(session, author, [Event(changed, step, document.status)])
        return changed

    async def advance_all(
        self, session: Session, author: Author, rows: Sequence[Row], step: Advance
    ) -> list[Row]:
        """Take the same step of locked documents, all or none; three statements for all of them.

        Raises:
            IllegalStep: a document's state does not allow the action.
        """
        to = {self._target(row, step) for row in rows}
        assert len(to) == 1, "one step leads all of them to one state"
        values = {**step.values, "status": to.pop()}
        found = await session.all(
            statements.change_all(self.table, [row.id for row in rows], values)
        )
        by_id = {row.id: row for row in found}
        changed = [by_id[row.id] for row in rows]
        events = [Event(by_id[row.id], step, row.status) for row in rows]
        await self.record(session, author, events)
        return changed

    def _target(self, document: Row, step: Advance) -> str:
        allowed = self.machine.step(document.status, step.action)
        to = step.to or next(iter(allowed.to))
        assert to in allowed.to, f"{step.action} leads to {allowed.to}, not to {to}"
        assert step.to or len(allowed.to) == 1, f"{step.action} leads to one of {allowed.to}"
        return str(to)

    async def comment(self, session: Session, author: Author, document: Row, text: str) -> None:
        """Add a comment to a locked document, in any state.

        Raises:
            Invalid: it says nothing, or is too long.
        """
        if not text.strip():
            raise Invalid("comment", "comment must not be empty.")
        checks.notes({"comment": text}, "comment")
        step = Advance(action=COMMENT, comment=text)
        await self.record(session, author, [Event(document, step, document.status)])

    async def record(self, session: Session, author: Author, events: Sequence[Event]) -> None:
        """Keep events of different documents, and emit them; two statements for all.

        The documents are locked, or were made by this transaction.
        """
        who = {"id": author.id, "name": author.name}
        rows = [_columns(event) | {"actor": who} for event in events]
        await session.run(documents.append(self.machine.kind, rows))
        topic = self.machine.kind.lower()
        await outbox.emit_all(
            session,
            [
                (f"{topic}.{event.step.action.lower()}", event.document.id, _payload(event, who))
                for event in events
            ],
        )


async def events_of(
    session: Session, ids: Sequence[str], document_type: str
) -> Mapping[str, list[Row]]:
    """The events of each of these documents of a kind, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in await session.all(documents.events_of(document_type, ids)):
        found[row.document_id].append(row)
    return found


def _columns(event: Event) -> dict[str, Any]:
    return {
        "document_id": event.document.id,
        "action": str(event.step.action),
        "from_status": event.from_status,
        "to_status": event.document.status,
        "comment": event.step.comment,
        "reason": event.step.reason,
        "posting_id": event.step.posting_id,
    }


def _payload(event: Event, who: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": event.document.number,
        "before": event.from_status,
        "after": event.document.status,
        "comment": event.step.comment,
        "reason": event.step.reason,
        "postingId": event.step.posting_id,
        "actor": who,
        **event.step.told,
    }
