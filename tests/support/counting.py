"""A company with stock to be counted, and the acts of counting over REST."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clients import Client
from world import World

AT = "/api/inventory/cycle-count"


@dataclass
class Warehouse:
    """A location with two bins: five units of ONE in the first, ten of TWO in the second."""

    world: World
    location: Any
    bins: tuple[Any, Any]
    products: tuple[Any, Any]
    items: tuple[str, str]

    @classmethod
    async def make(cls, world: World) -> "Warehouse":
        location = await world.location(code="MAIN", name="Main")
        bins = (
            await world.bin(location, code="A-1", pick_order=1),
            await world.bin(location, code="A-2", pick_order=2),
        )
        products = (
            await world.product(sku="ONE", name="First", unit_cost=Decimal(10)),
            await world.product(sku="TWO", name="Second", unit_cost=Decimal(2)),
        )
        items = (
            await world.stock(products[0], location, 5, bin=bins[0]),
            await world.stock(products[1], location, 10, bin=bins[1]),
        )
        return cls(world, location, bins, products, items)


async def create(client: Client, location: Any, **more: Any) -> dict[str, Any]:
    """A full count of the location, as REST gives it."""
    body = {"locationId": location.id, "type": "FULL"} | more
    answer = await client.rest("POST", AT, json=body)
    assert answer.status_code == 201, answer.text
    batch: dict[str, Any] = answer.json()["batch"]
    return batch


async def step(client: Client, batch: dict[str, Any], **body: Any) -> dict[str, Any]:
    """What a step gives."""
    answer = await client.rest("POST", f"{AT}/{batch['id']}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def count(
    client: Client, batch: dict[str, Any], *numbers: float | None, action: str = "COMPLETE"
) -> dict[str, Any]:
    """Write numbers down for the lines in their order, None for none, and complete the count."""
    pairs = zip(batch["lines"], numbers, strict=False)
    lines = [
        {"lineId": line["id"], "countedQty": number} for line, number in pairs if number is not None
    ]
    return await step(client, batch, action=action, lines=lines)


async def resolve(client: Client, batch: dict[str, Any], **decisions: Any) -> dict[str, Any]:
    """Decide on lines by their place: `l0="ACCEPT"`, or a body for it."""
    resolutions = []
    for place, decision in decisions.items():
        body = decision if isinstance(decision, dict) else {"action": decision}
        resolutions.append({"lineId": batch["lines"][int(place[1:])]["id"], **body})
    body = {"batchId": batch["id"], "resolutions": resolutions}
    answer = await client.rest("POST", f"{AT}/resolve", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
