"""A channel that promises ten units of one product to orders, and the clock that ends promises."""

from datetime import UTC, datetime, timedelta
from typing import Any

from graph import ask, refusal
from world import World

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOWN = """id state kind reference expiresAt lines { number asked reserved consumed released expired
  remaining atpBefore items { item { id } quantity } }"""
RESERVE = f"""mutation ($input: ReserveStockInput!, $dryRun: Boolean! = false) {{
  reserveStock(input: $input, dryRun: $dryRun) {{
    reservation {{ {SHOWN} }} lines {{ index asked reserved shortfall atp }} message }} }}"""
READ = f"query ($id: ID!) {{ reservation(id: $id) {{ {SHOWN} }} }}"


def act(verb: str, more: str = "") -> str:
    type_ = f"{verb[0].upper()}{verb[1:]}ReservationInput"
    return f"""mutation ($input: {type_}!) {{ {verb}Reservation(input: $input) {{
      reservation {{ {SHOWN} }} message {more} }} }}"""


class Shop:
    """Ten units of a product, and a channel that promises them."""

    def __init__(self, world: World, product: Any, location: Any, item: str) -> None:
        self.world, self.product, self.location, self.item = world, product, location, item

    @classmethod
    async def of(cls, world: World, units: int = 10) -> "Shop":
        world.database.now = START
        product, location = await world.product(), await world.location()
        item = await world.stock(product, location, units)
        return cls(world, product, location, item)

    def line(self, quantity: Any) -> dict[str, Any]:
        return {
            "productId": self.product.id,
            "locationId": self.location.id,
            "quantity": quantity,
        }

    def wish(self, *quantities: Any, channel: str = "A", **more: Any) -> dict[str, Any]:
        return {"channelId": channel, "lines": [self.line(q) for q in quantities], **more}

    async def reserve(self, *quantities: Any, **more: Any) -> dict[str, Any]:
        data = await ask(self.world, RESERVE, input=self.wish(*quantities, **more))
        return dict(data["reserveStock"]["reservation"])

    async def do(self, verb: str, id: str, more: str = "", **input: Any) -> dict[str, Any]:
        data = await ask(self.world, act(verb, more), input={"reservationId": id, **input})
        return dict(data[f"{verb}Reservation"])

    async def refused(self, verb: str, id: str, **input: Any) -> tuple[str, str, Any]:
        found = await refusal(self.world, act(verb), input={"reservationId": id, **input})
        return found["code"], found["field"], found.get("details")

    async def level(self) -> tuple[int, int]:
        """What is on hand, and what is reserved."""
        text = "query ($id: ID!) { product(id: $id) { levels { nodes { onHand reserved } } } }"
        (level,) = (await ask(self.world, text, id=self.product.id))["product"]["levels"]["nodes"]
        return level["onHand"], level["reserved"]

    async def atp(self, channel: str = "A") -> Any:
        text = """query ($id: ID!, $place: ID!) { product(id: $id) {
          atp(locationId: $place) { channel { id } atp } } }"""
        data = await ask(self.world, text, id=self.product.id, place=self.location.id)
        return {cell["channel"]["id"]: cell["atp"] for cell in data["product"]["atp"]}[channel]


def turn(world: World, **how: float) -> None:
    assert world.database.now is not None
    world.database.now += timedelta(**how)
