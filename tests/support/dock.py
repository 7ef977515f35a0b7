"""A location with goods on its dock and two shelves, and put-away tasks over the graph."""

from decimal import Decimal
from typing import Any

from graph import ask
from world import World

WHOLE = """task { id number status lineCount allowedActions
    lines { lineId quantity putQuantity status strategy suggestedBin { id } bin { id } }
    events { action toStatus posting { kind } } }
  change { posting { kind } entries { delta item { id } } }
  splitTask { id status lineCount } message"""
STEPS = {
    "create": "CreatePutAwayTaskInput",
    "start": "PutAwayStepInput",
    "pick": "PickPutAwayTaskInput",
    "complete": "CompletePutAwayTaskInput",
    "split": "SplitPutAwayTaskInput",
    "cancel": "PutAwayStepInput",
    "comment": "CommentPutAwayTaskInput",
}


def mutation(name: str) -> str:
    field = f"{name}PutAwayTask"
    return f"mutation ($input: {STEPS[name]}!) {{ {field}(input: $input) {{ {WHOLE} }} }}"


async def do(world: World, name: str, **input: Any) -> Any:
    return (await ask(world, mutation(name), input=input))[f"{name}PutAwayTask"]


class Dock:
    """A location with a dock, two shelves and goods on the dock."""

    def __init__(self, world: World) -> None:
        self.world = world

    @classmethod
    async def of(cls, world: World, units: int = 10, **shelf: Any) -> "Dock":
        dock = cls(world)
        dock.place = await world.location(id="loc_1")
        dock.gate = await world.bin(dock.place, id="bin_gate", code="GATE", type="RECEIVING")
        dock.one = await world.bin(dock.place, id="bin_1", code="ONE", pick_order=1, **shelf)
        dock.two = await world.bin(dock.place, id="bin_2", code="TWO", pick_order=2)
        dock.product = await world.product(id="prod_1", sku="SKU-1", name="Gloves")
        dock.item = await world.stock(dock.product, dock.place, units, bin=dock.gate)
        return dock

    place: Any
    gate: Any
    one: Any
    two: Any
    product: Any
    item: str

    async def task(self, quantity: int = 10, strategy: str | None = None, **more: Any) -> Any:
        item = {"inventoryItemId": self.item, "quantity": quantity} | more
        wish = {"locationId": self.place.id, "items": [item], "strategy": strategy}
        return (await do(self.world, "create", **wish))["task"]

    async def where(self) -> dict[str, Decimal]:
        """Units on hand by bin."""
        found = await ask(
            self.world,
            "{ inventoryItems(filter: {hasStock: true}) { nodes { onHand bin { id } } } }",
        )
        return {n["bin"]["id"]: n["onHand"] for n in found["inventoryItems"]["nodes"]}
