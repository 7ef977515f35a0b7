"""Events: one for every change of a balance, hold, lot or policy, in the change's transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain import ids
from models import feed
from models.session import Session


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
