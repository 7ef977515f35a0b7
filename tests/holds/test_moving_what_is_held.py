"""What is on hold, or marked as expired, stays so in the bin to which it is moved."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.actor import Author
from domain.errors import Conflict
from services import expired, holds
from world import World

AUTHOR = Author("key_1", "Keeper")
ITEMS = """
select b.code, q.on_hand, q.held, q.expired from item_quantities q
join bins b on b.tenant_id = q.tenant_id and b.id = q.bin_id order by b.code
"""


class Shop:
    """Ten units in bin A, and bin B."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def fill(self, there: int = 0) -> None:
        self.product, self.place = await self.world.product(), await self.world.location()
        self.a = await self.world.bin(self.place, code="A")
        self.b = await self.world.bin(self.place, code="B")
        self.item = await self.world.stock(self.product, self.place, 10, bin=self.a)
        if there:
            await self.world.stock(self.product, self.place, there, bin=self.b)

    async def hold(self, quantity: int | None = None) -> str:
        wish = holds.Wish(
            type="QUALITY",
            reason="wet",
            inventory_item_id=self.item,
            quantity=None if quantity is None else Decimal(quantity),
        )
        async with self.world.write() as session:
            return str((await holds.place(session, AUTHOR, wish)).hold.id)

    async def move(self, units: int) -> Any:
        values = {"inventory_item_id": self.item, "to_bin_id": self.b.id, "quantity": units}
        async with self.world.write() as session:
            return await holds.move(session, AUTHOR, values)

    async def items(self) -> list[tuple[Any, ...]]:
        async with self.world.read() as session:
            return [tuple(row) for row in await session.all(text(ITEMS))]

    async def level(self) -> tuple[Any, ...]:
        async with self.world.read() as session:
            return tuple(await session.one(text("select on_hand, held, expired from stock_levels")))


@pytest.fixture
async def shop(world: World) -> Shop:
    made = Shop(world)
    await made.fill()
    return made


@pytest.mark.parametrize(
    ("units", "here", "there"),
    [(6, (4, 4), (6, 0)), (8, (2, 2), (8, 2)), (10, (0, 0), (10, 4))],
)
async def test_a_hold_by_number_follows_once_the_free_units_are_gone(
    shop: Shop, units: int, here: tuple[int, int], there: tuple[int, int]
) -> None:
    await shop.hold(4)

    change = await shop.move(units)

    assert await shop.items() == [("A", *here, 0), ("B", *there, 0)]
    assert await shop.level() == (10, 4, 0)
    assert [(item.on_hand, item.held) for item in change.items] == [here, there]


@pytest.mark.parametrize("units", [3, 10])
async def test_a_hold_on_all_of_a_bucket_holds_what_left_it(shop: Shop, units: int) -> None:
    id = await shop.hold()

    await shop.move(units)

    assert await shop.items() == [("A", 10 - units, 10 - units, 0), ("B", units, units, 0)]
    async with shop.world.read() as session:
        rows = await session.all(text("select id, state from holds order by created_at, id"))
    states = {row.id: row.state for row in rows}
    assert states[id] == ("RELEASED" if units == 10 else "ACTIVE")
    assert sorted(states.values()).count("ACTIVE") == (1 if units == 10 else 2)


async def test_two_holds_by_number_share_what_goes(shop: Shop) -> None:
    await shop.hold(3)
    await shop.hold(5)

    await shop.move(6)

    assert await shop.items() == [("A", 4, 4, 0), ("B", 6, 4, 0)]
    assert await shop.level() == (10, 8, 0)


async def test_a_mark_goes_along_and_does_not_spread(world: World) -> None:
    shop = Shop(world)
    await shop.fill()
    async with world.write() as session:
        await expired.mark(session, AUTHOR, expired.Mark(item_ids=[shop.item]))

    await shop.move(4)

    assert await shop.items() == [("A", 6, 0, 6), ("B", 4, 0, 4)]
    assert await shop.level() == (10, 0, 10)


async def test_marked_units_do_not_come_among_others(world: World) -> None:
    shop = Shop(world)
    await shop.fill(there=5)
    async with world.write() as session:
        await expired.mark(session, AUTHOR, expired.Mark(item_ids=[shop.item]))

    with pytest.raises(Conflict) as refused:
        await shop.move(4)

    assert refused.value.field == "toBinId"
    assert await shop.items() == [("A", 10, 0, 10), ("B", 5, 0, 0)]
