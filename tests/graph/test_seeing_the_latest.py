"""Two processes, each with reference data of its own: no page is older than the last write."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from clients import key_of
from world import World

SERVER = Path(__file__).parent.parent / "support" / "mortal_server.py"


def renaming(field: str) -> str:
    return (
        f"mutation($id: ID!, $to: String!) {{ update{field}(id: $id, input: {{name: $to}}) "
        "{ position } }"
    )


WRITES = {
    **{name: renaming(name.title()) for name in ("product", "category", "channel", "location")},
    "policy": "mutation($id: ID!, $to: Quantity!) { updateChannelPolicy(id: $id, "
    "input: {safetyStock: $to}) { position } }",
    "stock": "mutation($id: ID!, $product: ID!, $to: Quantity!) { receiveStock(input: "
    "{locationId: $id, lines: [{productId: $product, quantity: $to}]}) { message } }",
}


@pytest.fixture
async def servers(world: World, urls: tuple[str, str]) -> AsyncIterator[list[httpx2.AsyncClient]]:
    """Clients of two processes that serve the same database."""
    nursery = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SERVER)),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    headers = {"Authorization": f"Bearer {await key_of(world)}"}
    processes: list[int] = []
    clients: list[httpx2.AsyncClient] = []
    try:
        for _ in range(2):
            nursery.stdin.write(f"{urls[1]}\n".encode())
            told = await asyncio.wait_for(nursery.stdout.readline(), 60)
            process, url = told.decode().split()
            processes.append(int(process))
            clients.append(httpx2.AsyncClient(base_url=url, headers=headers, timeout=60))
        yield clients
    finally:
        for client in clients:
            await client.aclose()
        for id in processes:
            with suppress(ProcessLookupError):
                os.kill(id, signal.SIGKILL)
        nursery.kill()
        await nursery.wait()


class Expected:
    """A small company, and what a page of its matrix must say."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def make(self) -> None:
        self.category = await self._world.category()
        self.products = [await self._world.product(category_id=self.category.id) for _ in range(3)]
        self.location = await self._world.location()
        self.channel = await self._world.channel(f"C{id(self)}")
        self.policy = await self._world.policy(self.channel, mode="SHARED", safety_stock=0)
        things = (*self.products, self.category, self.location, self.channel)
        self.names = {thing.id: thing.name for thing in things}
        self.stock = dict.fromkeys((product.id for product in self.products), 0)
        for product in self.products:
            await self._world.stock(product, self.location, 5)
            self.stock[product.id] = 5
        self.safety = 0

    def wish(self, dice: random.Random, number: int) -> tuple[str, dict[str, Any]]:
        """A random write, which is then expected to be seen."""
        kind = dice.choice(list(WRITES))
        product = dice.choice(self.products)
        if kind == "policy":
            self.safety = number % 4
            return kind, {"id": self.policy.id, "to": self.safety}
        if kind == "stock":
            self.stock[product.id] += 1 + number % 3
            return kind, {"id": self.location.id, "product": product.id, "to": 1 + number % 3}
        things = {"product": product, "category": self.category, "location": self.location}
        id = things.get(kind, self.channel).id
        self.names[id] = f"{kind} {number}"
        return kind, {"id": id, "to": self.names[id]}

    def page(self) -> dict[str, Any]:
        """What the page says of all that is written here."""
        rows = {
            product.id: (
                self.names[product.id],
                self.names[self.category.id],
                self.names[self.channel.id],
                self.stock[product.id],
                max(0, self.stock[product.id] - self.safety),
            )
            for product in self.products
        }
        return {"location": self.names[self.location.id], "rows": rows}


def seen(page: dict[str, Any]) -> dict[str, Any]:
    rows = {
        row["productMasterId"]: (
            row["productName"],
            row["categoryName"],
            row["channels"][0]["channelName"],
            row["totalOnHand"],
            row["channels"][0]["atp"],
        )
        for row in page["products"]
    }
    return {"location": page["location"]["name"], "rows": rows}


async def test_what_either_process_has_written_is_on_the_next_page_of_both(
    world: World, servers: list[httpx2.AsyncClient], *, is_long: bool
) -> None:
    dice = random.Random(11)
    expected = Expected(world)
    await expected.make()

    for number in range(600 if is_long else 60):
        kind, variables = expected.wish(dice, number)
        body = {"query": WRITES[kind], "variables": variables}
        written = (await dice.choice(servers).post("/graphql", json=body)).json()
        assert "errors" not in written, written
        where = {"locationId": expected.location.id}
        pages = await asyncio.gather(
            *(one.get("/api/inventory/channel-location", params=where) for one in servers)
        )
        assert [seen(page.json()) for page in pages] == [expected.page()] * 2, f"{kind} {number}"
