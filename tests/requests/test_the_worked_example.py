"""The worked example of docs/stock-requests.md, computed: its table is what the dashboard says."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from clients import client_of
from services.requests import allocating, deciding, issuing
from ward import NURSE, Ward
from world import World

PAGE = Path(__file__).parents[2] / "docs" / "stock-requests.md"


def told() -> dict[str, str]:
    """The last table of the page: the number by its name."""
    text = PAGE.read_text(encoding="utf-8").partition("| number | is |")[2]
    return dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", text, re.MULTILINE))


def clock(world: World, hour: int) -> None:
    world.database.now = datetime(2026, 6, 15, hour, tzinfo=UTC)


async def test_the_dashboard_says_what_the_table_says(world: World) -> None:
    ward = await Ward.of(world)
    gauze, gloves = await ward.product(8), await ward.product(4)
    one = await at(ward, 8, None, (gauze, 10), (gloves, 4))
    clock(world, 10)
    one = await ward.approve(one)
    two = await at(ward, 10, None, (gloves, 6))
    clock(world, 11)
    one = await sent(ward, one)
    clock(world, 12)
    await world.stock(gloves, ward.store, 6)
    wish = {"line_id": two.lines[0].id, "approved_quantity": Decimal(5)}
    two = await ward.approve(two, wish)
    clock(world, 15)
    two = await sent(ward, two)
    await at(ward, 15, None, (gauze, 3))
    clock(world, 17)
    one, two = await ward.receive(one), await ward.receive(two)

    async with client_of(world) as client:
        shown = (await client.get("/api/stock-requests/dashboard"))["dashboard"]

    hours = shown["averageHours"]
    assert (one.request.status, two.request.status) == ("RECEIVED", "CLOSED")
    assert told() == {
        "units sent of asked for": f"{sum_of(shown, 'issuedQuantity')} of 20",
        "fill rate": f"{shown['fillRate']}",
        "lines sent whole": f"{round(shown['lineFillRate'] * 3)} of 3",
        "line fill rate": f"{shown['lineFillRate']}",
        "submit to approve": f"{hours['submitToApprove']:g} hours",
        "approve to issue": f"{hours['approveToIssue']:g} hours",
        "submit to receive": f"{hours['submitToReceive']:g} hours",
        "back-order lines": f"{shown['backOrderLines']}",
        "pending approvals": f"{shown['pendingApprovals']}",
    }


async def at(ward: Ward, hour: int, _use: Any, *lines: tuple[Any, int]) -> Any:
    clock(ward.world, hour)
    return await ward.act(deciding.submit, await ward.request(*lines), by=NURSE)


async def sent(ward: Ward, made: Any) -> Any:
    return await ward.act(issuing.issue, await ward.act(allocating.allocate, made))


def sum_of(shown: Any, name: str) -> int:
    return int(sum(row[name] for row in shown["topProducts"]))
