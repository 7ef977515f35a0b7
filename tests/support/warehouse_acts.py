"""Put-away tasks and replenishment records in any state, and what takes them on."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM
from services import put_away
from services.replenishment import records
from world import World

Act = Callable[[str], Awaitable[Any]]
_TO_TASK = {
    "READY": (),
    "IN_PROGRESS": ("START",),
    "DONE": ("COMPLETE",),
    "CANCELLED": ("CANCEL",),
}
_TO_RECORD = {
    "PENDING": (),
    "APPROVED": ("APPROVE",),
    "ORDERED": ("APPROVE", "ORDER"),
    "PARTIALLY_RECEIVED": ("APPROVE", "ORDER", "RECEIVE"),
    "RECEIVED": ("APPROVE", "ORDER", "RECEIVE", "RECEIVE"),
    "CLOSED_SHORT": ("APPROVE", "ORDER", "CLOSE"),
    "REJECTED": ("REJECT",),
    "CANCELLED": ("CANCEL",),
}


async def task(world: World, status: str) -> tuple[str, Act]:
    """A put-away task of 5 units in this state."""
    location = await world.location()
    gate = await world.bin(location, type="RECEIVING")
    await world.bin(location)
    item = await world.stock(await world.product(), location, 5, bin=gate)
    goods = put_away.Wish(
        location_id=location.id,
        items=[put_away.ItemWish(inventory_item_id=item, quantity=Decimal(5))],
    )
    async with world.write() as session:
        made = await put_away.create(session, SYSTEM, put_away.TaskWish(goods=goods))
    part = [put_away.LineAct(line_id=made.lines[0].id, quantity=Decimal(1))]

    async def act(action: str) -> Any:
        lines = part if action == "SPLIT" else None
        wish = put_away.Act(task_id=made.task.id, lines=lines)
        async with world.write() as session:
            return await getattr(put_away, action.lower())(session, SYSTEM, wish)

    for action in _TO_TASK[status]:
        await act(action)
    return made.task.id, act


async def record(world: World, status: str) -> tuple[str, Act]:
    """A replenishment record of 2 units in this state."""
    product, location = await world.product(), await world.location()
    wish = records.Wish(product_id=product.id, location_id=location.id, quantity=Decimal(2))
    async with world.write() as session:
        made = await records.create(session, SYSTEM, wish)

    async def act(action: str) -> Any:
        step: Any = records.StepWish(record_id=made.record.id)
        if action == "RECEIVE":
            step = records.Receipt(record_id=made.record.id, quantity=Decimal(1))
        async with world.write() as session:
            return await getattr(records, action.lower())(session, SYSTEM, step)

    for action in _TO_RECORD[status]:
        await act(action)
    return made.record.id, act
