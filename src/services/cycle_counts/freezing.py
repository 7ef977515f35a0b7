"""Holds what is being counted, where the company asks for it, until nobody counts it any longer."""

from typing import Any

from domain.actor import Actor
from models.session import Session
from services import abc, holds
from services.cycle_counts import reading

COUNTING = ("COUNTING", "COUNTED", "RECOUNT")
_TYPE = "COUNT"
_DECIDED = ("RESOLVED", "SKIPPED")


async def begin(session: Session, actor: Actor, count: Any) -> None:
    """Hold the buckets that are to be counted, or counted again."""
    settings = await abc.settings(session)
    if not settings.freeze:
        return
    lines = (await reading.lines_of(session, [count.id]))[count.id]
    items = [
        line.inventory_item_id
        for line in lines
        if line.inventory_item_id is not None
        and line.status not in _DECIDED
        and (count.status != "RECOUNT" or line.status == "RECOUNT_REQUIRED")
    ]
    wish = holds.Wish(type=_TYPE, reason=f"Counted in {count.number}", reference=count.number)
    await holds.freeze(session, actor.author, wish, items)


async def end(session: Session, actor: Actor, count: Any) -> None:
    """Free them again."""
    await holds.thaw(session, actor.author, _TYPE, count.number)
