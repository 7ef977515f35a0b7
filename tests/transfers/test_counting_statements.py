"""What a step of a transfer costs, whatever its lines."""

from decimal import Decimal
from typing import Any

from domain import ids
from services import transfers
from transfer_acts import Moving, use
from world import World

D = Decimal


async def test_steps_cost_the_same_for_any_number_of_lines(world: World) -> None:
    counts = []
    for number in (1, 30):
        source, dest = await world.location(), await world.location()
        lines = []
        for _ in range(number):
            product = await world.product()
            await world.stock(product, source, 5)
            lines.append(transfers.LineWish(product_id=product.id, quantity=D(2)))
        wish = transfers.Wish(
            source_location_id=source.id, dest_location_id=dest.id, lines=lines, submit=True
        )
        made = await use(world, transfers.create, wish)
        move = Moving(world, made.transfer.id, None, source, dest)
        counts.append([await counted(move, action) for action in STEPS])

    assert counts[0] == counts[1]


STEPS = ("APPROVE", "PICK", "SHIP", "RECEIVE", "CLOSE")


async def counted(move: Moving, action: str) -> int:
    """How many statements the step costs; of a receipt each line has a damaged unit."""
    values: dict[str, Any] = {}
    if action == "RECEIVE":
        lines = await move.lines()
        values["lines"] = [
            transfers.ReceiveLine(line_id=line.id, quantity=D(1), damaged=D(1)) for line in lines
        ]
    found: list[str] = []
    move.world.database.listener = found.append
    try:
        await move.act(action, **values)
    finally:
        move.world.database.listener = None
    return len(found)


async def test_many_transfers_are_made_and_approved_at_once_in_the_same_statements(
    world: World,
) -> None:
    counts = []
    for number in (1, 10):
        wishes = []
        for _ in range(number):
            product, source, dest = (
                await world.product(),
                await world.location(),
                await world.location(),
            )
            await world.stock(product, source, 5)
            line = transfers.LineWish(product_id=product.id, quantity=D(5))
            wishes.append(
                transfers.Wish(
                    source_location_id=source.id,
                    dest_location_id=dest.id,
                    lines=[line],
                    origin_type="REPLENISHMENT",
                    origin_id=ids.new("repl_"),
                )
            )
        found: list[str] = []
        world.database.listener = found.append
        made = await use(world, transfers.create_approved, wishes)
        world.database.listener = None
        counts.append(len(found))
        assert [row.status for row in made] == ["APPROVED"] * number

    assert counts[0] == counts[1]
