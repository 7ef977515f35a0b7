"""Events: one for every change of a balance, hold, lot or policy, in the change's transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain import ids
from domain.json import dumps
from domain.names import camel
from models import feed
from models.session import Session

# The tables of which each change is an event of its own, and what such a record is called. Holds,
# reservations and documents are not among them: their events say what was done.
NOUNS: Mapping[str, str] = {
    "lots": "lot",
    "channel_policies": "policy",
    "channel_quotas": "quota",
    "tenant_settings": "settings",
}
_OWN = frozenset({"tenant_id", "valid_from", "valid_to"})  # of the database alone


async def emit(session: Session, topic: str, aggregate_id: str, payload: Mapping[str, Any]) -> None:
    """Write an event down, to be told once the transaction has committed.

    To be called after the locks of what changed: events are told in the order of these calls.
    Decimals and moments in the payload are written as plain JSON.
    """
    await session.run(feed.emit(ids.new("evt_"), topic, aggregate_id, payload))


async def emit_all(session: Session, events: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Write several events down in their order, each a topic, what it is about, and a payload."""
    rows = [
        {"id": ids.new("evt_"), "topic": topic, "aggregate_id": about, "payload": payload}
        for topic, about, payload in events
    ]
    await session.run(feed.emit_all(rows))


async def changed(
    session: Session, table: Any, before: Any, after: Any, reason: str | None = None
) -> None:
    """Write down what became of a locked record; nothing for a table that `NOUNS` does not name.

    The topic is the noun with `created`, `changed` or `deleted`: a record that was not there
    before, or is not there after, is None. The session's author is the actor.
    """
    noun = NOUNS.get(table.name)
    if noun is None:
        return
    act = "created" if before is None else "deleted" if after is None else "changed"
    row = before if after is None else after
    id = getattr(row, "id", None) or str(session.tenant_id)
    event = {
        "before": record(before),
        "after": record(after),
        "actor": {"id": session.author.id, "name": session.author.name},
        "reason": reason,
    }
    await emit(session, f"{noun}.{act}", id, event)


async def imported(session: Session, table: Any, import_id: str) -> None:
    """Write down each record of a table that this transaction has imported new or otherwise."""
    noun = NOUNS.get(table.name)
    if noun is None:
        return
    actor = dumps({"id": session.author.id, "name": session.author.name}).decode()
    await session.call(feed.EMIT_IMPORTED, table.name, noun, import_id, actor)


def record(row: Any) -> dict[str, Any] | None:
    """A record as events show it: names as in the API."""
    if row is None:
        return None
    shown = row._mapping  # noqa: SLF001 - the public name of a row's columns
    return {camel(name): value for name, value in shown.items() if name not in _OWN}
