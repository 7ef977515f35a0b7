"""Units of many buckets set aside for one document at once, and given free or used up again."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.errors import Conflict, InsufficientStock
from services import stock
from services.stock import Part, Share
from world import World


async def numbers(world: World) -> list[tuple[str, str, int]]:
    """What is reserved of each bucket and level, and the open reservations."""
    async with world.read() as session:
        rows = await session.all(
            text(
                "select 'item' as what, id, reserved as n from inventory_items"
                " where tenant_id = stock_tenant()"
                " union all select 'level', location_id, reserved from stock_levels"
                " where tenant_id = stock_tenant()"
                " union all select state, inventory_item_id, quantity from reservations"
                " where tenant_id = stock_tenant() order by 1, 3, 2"
            )
        )
    return [(row.what, row.id, int(row.n)) for row in rows]


async def buckets(world: World) -> tuple[Any, str, str]:
    product, location = await world.product(), await world.location()
    one = await world.stock(product, location, 10)
    two = await world.stock(product, location, 5, bin=await world.bin(location))
    return location, one, two


def share(item: str, quantity: int) -> Share:
    return Share(inventory_item_id=item, quantity=Decimal(quantity))


async def reserve(world: World, *shares: Share) -> list[str]:
    async with world.write() as session:
        return await stock.reserve_all(session, shares, "REQ-1")


async def release(world: World, *parts: Part, to: str = "RELEASED") -> None:
    async with world.write() as session:
        await stock.release_all(session, parts, to=to)


async def test_all_shares_are_reserved_in_three_statements(world: World) -> None:
    location, one, two = await buckets(world)
    found: list[str] = []
    world.database.listener = found.append

    await reserve(world, share(one, 4), share(two, 5), share(one, 2))

    world.database.listener = None
    assert len(found) == 3
    assert await numbers(world) == [
        ("ACTIVE", one, 2),
        ("ACTIVE", one, 4),
        ("ACTIVE", two, 5),
        ("item", two, 5),
        ("item", one, 6),
        ("level", location.id, 11),
    ]


@pytest.mark.parametrize("wanted", [(11, 0), (6, 6), (0, 6)])
async def test_none_is_reserved_where_a_bucket_has_too_little(
    world: World, wanted: tuple[int, int]
) -> None:
    _, one, two = await buckets(world)
    before = await numbers(world)
    shares = [share(item, n) for item, n in zip((one, two), wanted, strict=True) if n]

    with pytest.raises(InsufficientStock) as refused:
        await reserve(world, *shares)

    short = one if wanted[0] > 10 else two
    free = Decimal(10 if short == one else 5)
    assert refused.value.details == {"inventoryItemId": short, "free": free}
    assert await numbers(world) == before


async def test_shares_of_one_bucket_are_summed_before_they_are_checked(world: World) -> None:
    _, one, _ = await buckets(world)

    with pytest.raises(InsufficientStock):
        await reserve(world, share(one, 6), share(one, 5))


async def test_what_others_were_promised_at_the_location_is_not_reserved(world: World) -> None:
    _, one, two = await buckets(world)
    async with world.write() as session:
        await session.call(
            "insert into reservations (id, kind, product_id, location_id, quantity)"
            " select 'soft', 'SOFT', product_id, location_id, 3 from inventory_items where id = $1",
            one,
        )

    with pytest.raises(InsufficientStock) as refused:
        await reserve(world, share(one, 10), share(two, 3))

    assert refused.value.details["free"] == Decimal(12)


async def test_two_documents_never_get_the_same_units(world: World) -> None:
    location, one, two = await buckets(world)
    tries = [reserve(world, share(one, 6), share(two, 1)) for _ in range(4)]

    results = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(one, list) for one in results) == 1
    assert (await numbers(world))[-1] == ("level", location.id, 7)


async def test_a_part_that_is_released_leaves_the_rest_reserved(world: World) -> None:
    location, one, two = await buckets(world)
    first, second = await reserve(world, share(one, 6), share(two, 5))

    await release(
        world, Part(reservation_id=first, quantity=Decimal(2)), Part(reservation_id=second)
    )

    assert await numbers(world) == [
        ("ACTIVE", one, 4),
        ("RELEASED", two, 5),
        ("item", two, 0),
        ("item", one, 4),
        ("level", location.id, 4),
    ]


async def test_a_reservation_resolves_once_and_keeps_its_history(world: World) -> None:
    _, one, _ = await buckets(world)
    (id,) = await reserve(world, share(one, 6))
    await release(world, Part(reservation_id=id), to="CONSUMED")
    before = await numbers(world)

    for part in (Part(reservation_id=id), Part(reservation_id="none")):
        with pytest.raises(Conflict):
            await release(world, part)

    assert await numbers(world) == before
    async with world.read() as session:
        kept = await session.all(text("select state, quantity from reservations_history"))
        told = await session.all(text("select topic from outbox order by ordinal"))
    assert [(row.state, int(row.quantity)) for row in kept] == [("ACTIVE", 6)]
    assert [row.topic for row in told if row.topic.startswith("reservation")] == [
        "reservation.placed",
        "reservation.consumed",
    ]


async def test_more_than_a_reservation_holds_is_not_released(world: World) -> None:
    _, one, _ = await buckets(world)
    (id,) = await reserve(world, share(one, 6))

    with pytest.raises(Conflict):
        await release(world, Part(reservation_id=id, quantity=Decimal(7)))
