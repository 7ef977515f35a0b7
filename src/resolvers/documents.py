"""What all kinds of documents show: their number, their events, and what can be done with them."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import strawberry

from domain.documents import Machine
from domain.machines import MACHINES
from resolvers import kinds
from resolvers.authors import Author
from resolvers.fields import choices, interface, output, plain
from resolvers.lists import Info, linked
from resolvers.nodes import Node, Shown
from services import documents as service

# Before any type that uses them is declared: each kind's module imports this one.
for _machine in MACHINES:
    choices(_machine.states)
    choices(_machine.actions)


@output
class DocumentEvent(Shown):
    """Something that happened to a document. Events are never changed or deleted."""

    ordinal: int
    """1, 2, 3 … within its document."""

    action: str
    """What was done: `CREATE`, an action of the document's kind, or `COMMENT`."""

    from_status: str | None
    """The state before; absent of the event that made the document."""

    to_status: str
    """The state after."""

    comment: str | None
    """What was said about it."""

    reason: str | None
    """Why it was done, where that had to be told."""

    created_at: datetime
    """When it happened."""

    document_id: strawberry.Private[str]
    actor_id: strawberry.Private[str]
    actor_name: strawberry.Private[str]
    posting_id: strawberry.Private[str | None]

    @plain
    def event_id(self) -> strawberry.ID:
        """Names the event; opaque."""
        return strawberry.ID(f"{self.document_id}.{self.ordinal}")

    @plain
    def actor(self) -> Author:
        """Who did it."""
        return Author(id=strawberry.ID(self.actor_id), name=self.actor_name)

    @linked(kinds.POSTING)
    def posting(self) -> str | None:
        """The posting that it made; absent where no stock moved."""
        return self.posting_id


@interface
class Document(Node):
    """A thing that goes through states by named actions; docs/states.md has the table of each."""

    machine: ClassVar[Machine]

    number: str
    """Its number, such as `XFER-000123`."""

    version: int
    """Raised with each change."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it last changed."""

    created_by_id: strawberry.Private[str]
    created_by_name: strawberry.Private[str]
    kept_events: strawberry.Private[Any] = field(default=None, init=False)  # of a write's outcome

    @plain
    def created_by(self) -> Author:
        """Who made it."""
        return Author(id=strawberry.ID(self.created_by_id), name=self.created_by_name)

    @plain
    async def events(self, info: Info) -> list[DocumentEvent]:
        """What happened to it, in order."""
        return [DocumentEvent.of(row) for row in await self._events(info)]

    @plain
    async def comments(self, info: Info) -> list[DocumentEvent]:
        """What people said about it, in order: comments, and what was said with a step."""
        return [DocumentEvent.of(row) for row in await self._events(info) if row.comment]

    async def _events(self, info: Info) -> Any:
        if self.kept_events is not None:
            return self.kept_events
        loaders = info.context.loaders
        return await loaders.load(service.events_of, self.id, self.machine.kind) or []


def allowed(document: Any, info: Info) -> list[Any]:
    """What the document's state and the caller's key allow, as members of its kind's actions."""
    machine: Machine = document.machine
    names = machine.allowed(str(document.status), info.context.actor)
    return [machine.actions(name) for name in names]


def texts_of(words: type[StrEnum]) -> Mapping[str, str]:
    """What each state or action of a kind means, as the graph describes it."""
    values = vars(words)["__strawberry_definition__"].values
    return {value.name: value.description for value in values}
