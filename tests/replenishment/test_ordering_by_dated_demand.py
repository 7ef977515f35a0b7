"""DEMAND_DATED orders by the balances of days, and not by a mean demand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.actor import SYSTEM
from domain.errors import MethodIncomplete
from services import replenishment, reservations
from services.replenishment import Wish
from world import World

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
MANUAL = Path(__file__).parents[2] / "docs" / "replenishment.md"
NUMBERS = {"method": "DEMAND_DATED", "min_quantity": Decimal(5), "max_quantity": Decimal(20)}


def on(days: int) -> date:
    return (START + timedelta(days=days)).date()


async def advised(world: World, arrives: int) -> Any:
    """What is said of 12 on hand, 10 promised for the eighth day, and 20 that come some day."""
    world.database.now = START
    product, location = await world.product(), await world.location()
    await world.channel("A")
    await world.stock(product, location, 12)
    vendor = await world.vendor()
    await world.order(vendor, product, 20, location_id=location.id, due_on=on(arrives))
    line = reservations.LineWish(
        product_id=product.id,
        location_id=location.id,
        quantity=Decimal(10),
        needed_on=on(8),
    )
    values = {"product_id": product.id, "location_id": location.id, "lead_time_days": 10}
    async with world.write() as session:
        wish = reservations.ReserveWish(channel_id="A", lines=[line], ttl_seconds=7 * 24 * 3600)
        await reservations.reserve(session, SYSTEM, wish)
        await replenishment.configure(session, SYSTEM, values | NUMBERS, None)
    async with world.read() as session:
        found = await replenishment.suggest(session, Wish(only_below=False))
    (suggestion,) = found.suggestions
    return suggestion


async def test_orders_what_the_least_balance_lacks(world: World) -> None:
    suggestion = await advised(world, arrives=12)

    row, steps = suggestion.row, {one.step: one.quantity for one in suggestion.steps}
    assert (steps["PROJECTED"], steps["TARGET"], steps["SHORTFALL"]) == (2, 20, 18)
    assert (row.quantity, row.priority, row.stock_out_date) == (18, "MEDIUM", None)
    assert "the balance falls to 2" in MANUAL.read_text(encoding="utf-8")


async def test_orders_nothing_while_arrivals_cover_what_is_promised(world: World) -> None:
    row = (await advised(world, arrives=6)).row

    assert (row.quantity, row.target - row.shortfall, row.priority) == (0, 12, "LOW")


async def test_needs_a_minimum(world: World) -> None:
    product, location = await world.product(), await world.location()
    values = {"product_id": product.id, "location_id": location.id, "method": "DEMAND_DATED"}

    with pytest.raises(MethodIncomplete) as refused:
        async with world.write() as session:
            await replenishment.configure(session, SYSTEM, values, None)

    assert refused.value.field == "minQuantity"
