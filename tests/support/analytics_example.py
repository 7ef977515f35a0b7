"""The stock of the manual's example of analytics, and what else its tests begin with."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from domain.actor import SYSTEM
from services import analytics, stock
from world import World

PERIOD = {"from_date": date(2026, 3, 1), "to_date": date(2026, 3, 10)}


class Act(NamedTuple):
    """So many units that came or went on this day of March, at noon."""

    day: int
    kind: str
    delta: int


def noon(day: int) -> datetime:
    """Noon of this day of March."""
    return datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=day - 1)


async def post(world: World, act: Act, product: Any, location: Any, lot: Any = None) -> None:
    """Post it, with the clock at that day."""
    world.database.now = noon(act.day)
    line = stock.Line(
        product_id=product.id,
        location_id=location.id,
        lot_id=lot.id if lot else None,
        delta=Decimal(act.delta),
    )
    async with world.write() as session:
        await stock.post(session, stock.Posting(kind=act.kind, author=SYSTEM, lines=[line]))


async def example(world: World) -> tuple[Any, Any]:
    """100 gloves at 2.00 are there from 1 March on; 40 are issued on the 4th, 60 on the 9th."""
    world.database.now = noon(1)
    location = await world.location()
    category = await world.category()
    product = await world.product(unit_cost=Decimal(2), category_id=category.id)
    for act in (Act(1, "RECEIPT", 100), Act(4, "ISSUE", -40), Act(9, "ISSUE", -60)):
        await post(world, act, product, location)
    world.database.now = noon(11)
    return product, location


async def totals(world: World, **wish: Any) -> analytics.Totals:
    """The totals of the example's period, unless told."""
    async with world.read() as session:
        period = await analytics.period(session, analytics.Wish(**{**PERIOD, **wish}))
        return await analytics.totals(session, period)
