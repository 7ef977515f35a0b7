"""A posting of one line moves the kept sums by itself where nothing else can have a say in them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.actor import SYSTEM
from services import expired, holds, stock
from world import World

NUMBERS = "on_hand, expired, held, reserved, next_expiry"
KEPT = text(f"select {NUMBERS} from stock_levels where product_id = :product")
SUMMED = text(
    f"select {NUMBERS} from live_level(stock_tenant(), :location, :product)"  # the one reader
)
NOW = datetime(2026, 2, 9, tzinfo=UTC)
PAST, SOON, LATER = date(2026, 2, 1), date(2026, 2, 10), date(2026, 3, 10)


@dataclass
class Shelf:
    """A product at a location, with a bucket beside the one that is posted to."""

    world: World
    product: Any = None
    location: Any = None
    where: dict[str, Any] = field(default_factory=dict)
    item_id: str = ""

    async def fill(self, **where: Any) -> None:
        self.product = self.product or await self.world.product()
        self.location = self.location or await self.world.location()
        self.where = where
        beside = await self.world.lot(self.product, expiry=LATER)
        await self.world.stock(self.product, self.location, 7, lot=beside)
        self.item_id = await self.world.stock(self.product, self.location, 10, **where)

    async def hold(self, **wish: Any) -> None:
        async with self.world.write() as session:
            await holds.place(session, SYSTEM, holds.Wish(type="QUALITY", reason="-", **wish))

    async def mark(self, **wish: Any) -> None:
        async with self.world.write() as session:
            await expired.mark(session, SYSTEM, expired.Mark(**wish))

    async def lot(self, expiry: date | None) -> Any:
        self.product = await self.world.product(allow_past_expiry=True)
        return await self.world.lot(self.product, expiry=expiry)


async def free(shelf: Shelf) -> None:
    await shelf.fill()


async def reserved(shelf: Shelf) -> None:
    await shelf.fill()
    await shelf.world.reserve(shelf.item_id, 2)


async def lot_without_date(shelf: Shelf) -> None:
    await shelf.fill(lot=await shelf.lot(None))


async def usable_lot(shelf: Shelf) -> None:
    await shelf.fill(lot=await shelf.lot(SOON))


async def expired_lot(shelf: Shelf) -> None:
    await shelf.fill(lot=await shelf.lot(PAST))


async def lot_that_expires_meanwhile(shelf: Shelf) -> None:
    await shelf.fill(lot=await shelf.lot(SOON))
    shelf.world.database.now = datetime(2026, 2, 12, tzinfo=UTC)


async def lot_beside_that_expires_meanwhile(shelf: Shelf) -> None:
    await shelf.fill()
    shelf.world.database.now = datetime(2026, 3, 12, tzinfo=UTC)


async def marked_lot(shelf: Shelf) -> None:
    lot = await shelf.lot(SOON)
    await shelf.fill(lot=lot)
    await shelf.mark(lot_ids=[lot.id])


async def marked_item(shelf: Shelf) -> None:
    await shelf.fill()
    await shelf.mark(item_ids=[shelf.item_id])


async def bin_for_damage(shelf: Shelf) -> None:
    shelf.location = await shelf.world.location()
    await shelf.fill(bin=await shelf.world.bin(shelf.location, type="DAMAGE"))


async def plain_bin(shelf: Shelf) -> None:
    shelf.location = await shelf.world.location()
    await shelf.fill(bin=await shelf.world.bin(shelf.location))


async def part_of_the_item_held(shelf: Shelf) -> None:
    await shelf.fill()
    await shelf.hold(inventory_item_id=shelf.item_id, quantity=Decimal(4))


async def lot_held(shelf: Shelf) -> None:
    lot = await shelf.lot(SOON)
    await shelf.fill(lot=lot)
    await shelf.hold(lot_id=lot.id)


async def quantity_held_at_the_location(shelf: Shelf) -> None:
    await shelf.fill()
    await shelf.hold(
        product_id=shelf.product.id, location_id=shelf.location.id, quantity=Decimal(15)
    )


SITUATIONS: tuple[Callable[[Shelf], Awaitable[None]], ...] = (
    free,
    reserved,
    lot_without_date,
    usable_lot,
    expired_lot,
    lot_that_expires_meanwhile,
    lot_beside_that_expires_meanwhile,
    marked_lot,
    marked_item,
    bin_for_damage,
    plain_bin,
    part_of_the_item_held,
    lot_held,
    quantity_held_at_the_location,
)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.__name__)
async def test_a_posting_of_one_line_leaves_the_sums_that_the_buckets_give(
    world: World, situation: Callable[[Shelf], Awaitable[None]]
) -> None:
    world.database.now = NOW
    shelf = Shelf(world)
    await situation(shelf)

    for on_hand in (13, 8, 0, 5):
        wish = stock.Line(
            product_id=shelf.product.id,
            location_id=shelf.location.id,
            target=Decimal(on_hand),
            **{f"{name}_id": one.id for name, one in shelf.where.items()},
        )
        async with world.write() as session:
            posting = stock.Posting(kind="ADJUSTMENT", author=SYSTEM, lines=[wish])
            await stock.post(session, posting)

        place = {"product": shelf.product.id, "location": shelf.location.id}
        async with world.read() as session:
            kept = await session.one(KEPT.bindparams(product=shelf.product.id))
            summed = await session.one(SUMMED.bindparams(**place))
        assert tuple(kept) == tuple(summed)
        assert kept.on_hand == on_hand + 7
