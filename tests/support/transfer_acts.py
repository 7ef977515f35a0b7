"""Transfers for tests: made, and taken on by the use cases themselves."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM
from services import transfers
from services.stock import reading as stock_reading
from services.transfers import reading as transfers_reading
from world import World


@dataclass
class Moving:
    """A transfer of one product from one location to another, in the hands of a test."""

    world: World
    id: str
    product: Any
    source: Any
    dest: Any

    @classmethod
    async def make(
        cls, world: World, quantity: int = 10, stocked: int = 20, **wish: Any
    ) -> "Moving":
        """A draft, with stock at its source."""
        product, source, dest = (
            await world.product(),
            await world.location(),
            await world.location(),
        )
        if stocked:
            await world.stock(product, source, stocked)
        line = transfers.LineWish(product_id=product.id, quantity=Decimal(quantity))
        made = await use(
            world,
            transfers.create,
            transfers.Wish(
                source_location_id=source.id, dest_location_id=dest.id, lines=[line], **wish
            ),
        )
        return cls(world, made.transfer.id, product, source, dest)

    async def to(self, status: str, *, partly: bool = False) -> "Moving":
        """The same, taken to this state by the shortest way; picked and shipped in part if so."""
        for action in WAYS[status]:
            is_part = partly and action in PARTS and status not in FULL
            await self.act(f"{action}_PART" if is_part else action)
        return self

    async def act(self, action: str, **values: Any) -> Any:
        """Take a step; one in part is of some units."""
        case, wish = CASES[action]
        if action in _LINES:
            line = _LINES[action]
            values = {"lines": [line(line_id=await self.line_id(), quantity=_SOME[action])]}
        if action in ("CLOSE", "CANCEL"):
            values = {"reason": "Lost"} | values
        return await use(self.world, case, wish(transfer_id=self.id, **values))

    async def line_id(self, ordinal: int = 1) -> str:
        lines = await self.lines()
        return str(lines[ordinal - 1].id)

    async def lines(self) -> Any:
        async with self.world.read() as session:
            return (await transfers_reading.lines_of(session, [self.id]))[self.id]

    async def line(self) -> dict[str, int]:
        """The counters of its first line that are not 0."""
        line = (await self.lines())[0]
        names = ("picked", "shipped", "received", "damaged", "short", "returned", "in_transit")
        return {name: int(getattr(line, name)) for name in names if getattr(line, name)}

    async def on_hand(self, location: Any) -> tuple[int, int]:
        """On hand and reserved of its product there."""
        return await levels(self.world, location, self.product)


async def use(world: World, case: Any, wish: Any) -> Any:
    """Run a use case in a transaction of its own."""
    async with world.write() as session:
        return await case(session, SYSTEM, wish)


async def levels(world: World, location: Any, product: Any) -> tuple[int, int]:
    """On hand and reserved of a product at a location."""
    async with world.read() as session:
        found = await stock_reading.levels_by_pair(session, [(location.id, product.id)])
    row = found.get((location.id, product.id))
    return (int(row.on_hand), int(row.reserved)) if row else (0, 0)


CASES: dict[str, tuple[Any, Any]] = {
    "EDIT": (transfers.edit, lambda **values: transfers.Edit(values={}, **values)),
    "SUBMIT": (transfers.submit, transfers.Note),
    "APPROVE": (transfers.approve, transfers.Note),
    "PICK": (transfers.pick, transfers.Picking),
    "SHIP": (transfers.ship, transfers.Shipment),
    "RECEIVE": (transfers.receive, transfers.Receipt),
    "RECEIVE_PART": (transfers.receive, transfers.Receipt),
    "PICK_PART": (transfers.pick, transfers.Picking),
    "SHIP_PART": (transfers.ship, transfers.Shipment),
    "CLOSE": (transfers.close, transfers.Step),
    "CANCEL": (transfers.cancel, transfers.Cancellation),
}
_LINES: dict[str, Any] = {
    "PICK_PART": transfers.PickLine,
    "SHIP_PART": transfers.ShipLine,
    "RECEIVE_PART": transfers.ReceiveLine,
}
_SOME = {"PICK_PART": Decimal(1), "SHIP_PART": Decimal(4), "RECEIVE_PART": Decimal(1)}
PARTS = ("PICK", "SHIP")
FULL = ("RECEIVED", "CLOSED", "CLOSED_SHORT")
_SHIPPED = ("SUBMIT", "APPROVE", "SHIP")
WAYS: dict[str, tuple[str, ...]] = {
    "DRAFT": (),
    "SUBMITTED": ("SUBMIT",),
    "APPROVED": ("SUBMIT", "APPROVE"),
    "PICKED": ("SUBMIT", "APPROVE", "PICK"),
    "IN_TRANSIT": _SHIPPED,
    "PARTIALLY_RECEIVED": (*_SHIPPED, "RECEIVE_PART"),
    "RECEIVED": (*_SHIPPED, "RECEIVE"),
    "CLOSED": (*_SHIPPED, "RECEIVE", "CLOSE"),
    "CLOSED_SHORT": (*_SHIPPED, "CLOSE"),
    "CANCELLED": ("CANCEL",),
}
