"""What lists and pages of documents cost: exact numbers, whatever there is."""

from typing import Any

import pytest

import counting_acts
import warehouse_acts
from clients import client_of
from graph import statements
from transfer_acts import Moving
from ward import Ward
from world import World


async def transfer(world: World, status: str) -> tuple[str, Any]:
    move = await Moving.make(world)
    await move.to(status)
    return move.id, move.act


async def stock_request(world: World, status: str) -> tuple[str, Any]:
    ward = await Ward.of(world)
    made = await ward.allocated((await ward.product(5), 1), (await ward.product(5), 2))
    assert made.request.status == status
    return made.request.id, None


# By the path of the list: how a document is made, and the statements of the list and of its page.
PAGES: dict[str, tuple[Any, str, int, int | None]] = {
    "inventory/transfers": (transfer, "IN_TRANSIT", 2, 4),
    "inventory/cycle-count": (counting_acts.cycle_count, "REVIEW", 3, 3),
    "inventory/put-away": (warehouse_acts.task, "IN_PROGRESS", 3, None),
    "inventory/replenishment": (warehouse_acts.record, "ORDERED", 2, None),
    "stock-requests": (stock_request, "ALLOCATED", 2, 3),
}


@pytest.mark.parametrize("path", PAGES)
async def test_lists_and_pages_of_documents_cost_exactly_so_many_statements(
    world: World, other_world: World, path: str
) -> None:
    make, status, listed, shown = PAGES[path]
    costs = set()
    for place, number in ((world, 1), (other_world, 4)):
        made = [await make(place, status) for _ in range(number)]
        at = f"/api/{path}"
        async with client_of(place) as client:
            costs.add((await cost(place, client, at), await page(place, client, at, made, shown)))

    assert costs == {(listed, shown)}


async def page(world: World, client: Any, at: str, made: Any, shown: int | None) -> int | None:
    return None if shown is None else await cost(world, client, f"{at}/{made[-1][0]}")


async def cost(world: World, client: Any, path: str) -> int:
    """Statements of a GET once everything it keeps is kept."""
    assert (await client.rest("GET", path)).status_code == 200
    async with statements(world) as seen:
        await client.rest("GET", path)
    return len(seen)
