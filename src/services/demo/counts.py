"""Cycle counts in every state. None of them changes a quantity: what differs is not accepted."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.actor import Actor
from domain.pages import ListWish, PageWish
from domain.permissions import Permission
from models.session import Session
from services import cycle_counts
from services.cycle_counts import Counted, Resolution, Resolve, Step, Wish
from services.demo.products import dice
from services.stock.reading import items

LOCATION = "loc_main"
PRODUCTS = 5  # of a count
# What becomes of each count: the steps that bring it to its state.
STATES = ("DRAFT", "ASSIGNED", "COUNTING", "COUNTED", "REVIEW", "RECOUNT", "POSTED", "CANCELLED")
NOTES = {
    "DRAFT": "Fast movers of the month",
    "ASSIGNED": "Aisle A, before the shift",
    "COUNTING": "Spot check after the delivery",
    "COUNTED": "Class C, due this week",
    "REVIEW": "High value, blind",
    "RECOUNT": "Differences of last week",
    "POSTED": "Month end",
    "CANCELLED": "Was planned for the stocktake",
}


async def make(session: Session) -> int:
    """Make a count for each state; how many there are."""
    for state in STATES:
        await _make(session, state)
    return len(STATES)


def _person(session: Session, name: str) -> Actor:
    return Actor(
        tenant_id=session.tenant_id,
        key_id=name.lower(),
        name=name,
        permissions=frozenset(Permission),
    )


async def _make(session: Session, state: str) -> None:
    ann = _person(session, "Ann")
    wish = Wish(
        location_id=LOCATION,
        type="SPOT_CHECK" if state == "COUNTING" else "PARTIAL",
        product_ids=await _products(session, state),
        blind=state == "REVIEW",
        assigned_to=None if state == "DRAFT" else "Ann",
        notes=NOTES[state],
    )
    made = await cycle_counts.create(session, ann, wish)
    id, lines = made.count.id, made.lines
    if state in ("DRAFT", "ASSIGNED"):
        return
    if state == "CANCELLED":
        text = "The stocktake was moved to next quarter."
        await cycle_counts.step(session, ann, Step(count_id=id, action="CANCEL", comment=text))
        return
    await cycle_counts.step(session, ann, Step(count_id=id, action="START"))
    some = lines[: len(lines) // 2] if state == "COUNTING" else lines
    await cycle_counts.step(session, ann, Step(count_id=id, lines=_counted(some)))
    if state in ("COUNTING", "COUNTED"):
        return
    await cycle_counts.step(session, ann, Step(count_id=id, action="COMPLETE"))
    if state != "REVIEW":
        action = "RECOUNT" if state == "RECOUNT" else "REJECT"
        decision = Resolution(line_id=lines[0].id, action=action, comment="A carton was overlooked")
        wanted = Resolve(count_id=id, resolutions=[decision])
        await cycle_counts.resolve(session, _person(session, "Bob"), wanted)


def _counted(lines: Sequence[Any]) -> list[Counted]:
    """What the book says, but for the first line."""
    return [
        Counted(line_id=line.id, counted_qty=line.book + (Decimal(1) if index == 0 else 0))
        for index, line in enumerate(lines)
    ]


async def _products(session: Session, state: str) -> list[str]:
    filters = (("location_id_in", (LOCATION,)), ("has_stock", True))
    wish = ListWish(filters=filters, order="id", part=PageWish(limit=10_000))
    page = await items.page(session, wish)
    found = sorted({row.product_id for row in page.rows})
    return sorted(dice("count", state).sample(found, PRODUCTS))
