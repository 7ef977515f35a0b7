"""Cycle counts in any state, and what takes them on."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from graph import actor_of
from services import cycle_counts
from services.cycle_counts import Approval, Counted, Resolution, Resolve, Step, Wish
from world import World

Act = Callable[[str], Awaitable[Any]]
_TO: dict[str, tuple[str, ...]] = {
    "DRAFT": (),
    "ASSIGNED": ("ASSIGN",),
    "COUNTING": ("START", "SAVE_ONE"),
    "COUNTED": ("START", "SAVE"),
    "REVIEW": ("START", "SAVE", "COMPLETE"),
    "RECOUNT": ("START", "SAVE", "COMPLETE", "AGAIN"),
    "POSTED": ("START", "SAVE", "COMPLETE", "RESOLVE"),
    "CANCELLED": ("CANCEL",),
}


async def cycle_count(world: World, status: str) -> tuple[str, Act]:
    """A count of two buckets in this state; what is counted again, another person counts."""
    location = await world.location()
    for _ in range(2):
        await world.stock(await world.product(), location, 10)
    ann = actor_of(world)
    bob = replace(ann, key_id="key_bob", name="Bob")
    async with world.write() as session:
        wish = Wish(location_id=location.id, type="FULL")
        made = await cycle_counts.create(session, ann, wish)
    id, first = made.count.id, made.lines[0].id
    numbers = [Counted(line_id=line.id, counted_qty=Decimal(9)) for line in made.lines]
    again = Resolution(line_id=first, action="RECOUNT")
    steps = {
        "EDIT": Step(count_id=id, values={"notes": "The upper shelf as well"}),
        "ASSIGN": Step(count_id=id, values={"assigned_to": "Ann"}),
        "SAVE": Step(count_id=id, action="SAVE", lines=numbers),
        "SAVE_ONE": Step(count_id=id, action="SAVE", lines=numbers[:1]),
        **{one: Step(count_id=id, action=one) for one in ("START", "COMPLETE", "REOPEN", "CANCEL")},
    }

    async def act(action: str) -> Any:
        async with world.write() as session:
            if action in steps:
                return await cycle_counts.step(session, who, steps[action])
            if action == "APPROVE":
                approval = Approval(count_id=id, line_ids=[first])
                return await cycle_counts.approve(session, bob, approval)
            decided = [again] if action == "AGAIN" else []
            wanted = Resolve(count_id=id, resolutions=decided, rest=None if decided else "ALL")
            return await cycle_counts.resolve(session, bob, wanted)

    who = ann
    for action in _TO[status]:
        await act(action)
    if status == "RECOUNT":
        who = bob
        for action in ("SAVE", "COMPLETE"):
            steps[action] = Step(count_id=id, action=action, lines=numbers[:1])
    return id, act
