"""The matrix of a location, against a real database."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.pages import PageWish
from services import atp
from services.atp import MatrixWish, Severity
from world import World

D = Decimal
ALL = MatrixWish()


async def rows(world: World, location: Any, wish: MatrixWish = ALL, **part: Any) -> list[atp.Row]:
    async with world.read() as session:
        book = await atp.book(session, [location.id])
        pages = await atp.pages(session, [location.id], wish, PageWish(**part), book)
    return list(pages[location.id].rows)


async def test_shows_the_numbers_of_a_channel(world: World) -> None:
    location = await world.location()
    product = await world.product()
    await world.channel("DTC")
    item = await world.stock(product, location, 200)
    await world.reserve(item, 50)

    [row] = await rows(world, location)

    [cell] = row.cells
    assert (cell.on_hand, cell.reserved, cell.available, cell.atp) == (200, 50, 150, 150)
    assert (row.min_atp, row.max_atp, row.has_critical) == (150, 150, False)
    assert (row.place.numbers.on_hand, row.place.numbers.reserved) == (200, 50)


async def test_lists_what_was_stocked_or_has_a_policy_or_a_level_there(world: World) -> None:
    here, elsewhere = await world.location(), await world.location()
    channel = await world.channel()
    stocked, emptied, ruled, planned, other = [await world.product() for _ in range(5)]
    await world.stock(stocked, here, 1)
    await world.stock(emptied, here, 1)
    await world.issue(emptied, here, 1)
    await world.policy(channel, product_id=ruled.id, location_id=here.id)
    await world.policy(channel, product_id=other.id)
    await world.level(planned, here)
    await world.stock(other, elsewhere, 1)

    found = await rows(world, here)

    assert [row.product.id for row in found] == [stocked.id, emptied.id, ruled.id, planned.id]


async def test_counts_held_bins_and_expired_lots_as_physical_but_not_available(
    world: World,
) -> None:
    world.database.now = datetime(2026, 2, 1, tzinfo=UTC)
    location = await world.location()
    await world.channel()
    product = await world.product()
    quarantine = await world.bin(location, type="QUARANTINE")
    old = await world.lot(product, expiry=date(2026, 3, 1))
    await world.stock(product, location, 7)
    await world.stock(product, location, 5, bin=quarantine)
    await world.stock(product, location, 3, lot=old)
    await world.stock(product, location, 2, lot=old, bin=quarantine)

    world.database.now = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    [before] = await rows(world, location)
    world.database.now = datetime(2026, 3, 2, tzinfo=UTC)
    [after] = await rows(world, location)

    assert [(c.on_hand, c.held, c.expired, c.atp) for c in before.cells] == [(17, 7, 0, 10)]
    assert [(c.on_hand, c.held, c.expired, c.atp) for c in after.cells] == [(17, 5, 5, 7)]


async def test_an_expiry_ends_with_the_day_in_the_tenants_time_zone(world: World) -> None:
    world.database.now = datetime(2026, 2, 1, tzinfo=UTC)
    location = await world.location()
    await world.channel()
    product = await world.product()
    await world.settings(time_zone="America/New_York")
    lot = await world.lot(product, expiry=date(2026, 3, 1))
    await world.stock(product, location, 3, lot=lot)

    world.database.now = datetime(2026, 3, 2, 4, 59, tzinfo=UTC)
    [before] = await rows(world, location)
    world.database.now = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    [after] = await rows(world, location)

    assert (before.cells[0].atp, after.cells[0].atp) == (3, 0)


async def test_walks_forward_and_backward_in_every_order(world: World) -> None:
    location = await world.location()
    await world.channel()
    for name, quantity in [("b", 5), ("a", 5), ("d", 1), ("c", 0), ("e", 20)]:
        product = await world.product(sku=f"S-{name}", name=f"Name {name.upper()}")
        await world.stock(product, location, quantity + 1)
        await world.issue(product, location, 1)
    expected = {
        "sku": ["a", "b", "c", "d", "e"],
        "name": ["a", "b", "c", "d", "e"],
        "min_atp": ["c", "d", "b", "a", "e"],  # b was made before a: equal ones go by id
    }

    for order, names in expected.items():
        for descending in (False, True):
            wish = MatrixWish(order=order, descending=descending)
            whole = await rows(world, location, wish)
            found = [row.product.sku[2:] for row in whole]
            assert found == (names[::-1] if descending else names)
            walked, after = [], None
            for _ in range(3):
                part = await rows(world, location, wish, limit=2, after=after)
                walked += part
                after = part[-1].key
            assert [row.product.id for row in walked] == [row.product.id for row in whole]
            back = await rows(world, location, wish, limit=2, before=whole[4].key, backward=True)
            assert [row.product.id for row in back] == [row.product.id for row in whole[2:4]]
            numbered = await rows(world, location, wish, limit=2, page=2)
            assert [row.product.id for row in numbered] == [row.product.id for row in whole[2:4]]


async def test_filters_by_words_category_channel_and_severity(world: World) -> None:
    location = await world.location()
    await world.channel("DTC")
    await world.channel("B2B", position=1)
    food = await world.category()
    fruit = await world.category(parent=food)
    apple = await world.product(name="Red Apple 1_kg", category_id=fruit.id)
    pear = await world.product(name="Green pear", category_id=food.id)
    nail = await world.product(name="Nail 100%")
    for product, quantity in [(apple, 5), (pear, 50), (nail, 70)]:
        await world.stock(product, location, quantity)

    async def found(**more: Any) -> list[str]:
        wish = MatrixWish(**more)
        listed = await rows(world, location, wish)
        async with world.read() as session:
            book = await atp.book(session, [location.id])
            assert await atp.counts(session, [location.id], wish, book) == {
                location.id: len(listed)
            }
        return [row.product.name for row in listed]

    assert await found(search="apple RED") == ["Red Apple 1_kg"]
    assert await found(search="1_k") == ["Red Apple 1_kg"]
    assert await found(search="1%k") == []
    assert await found(search="0%") == ["Nail 100%"]
    assert await found(category_id=food.id) == ["Red Apple 1_kg", "Green pear"]
    assert await found(category_id=fruit.id) == ["Red Apple 1_kg"]
    assert await found(severity=Severity.LOW) == ["Red Apple 1_kg"]
    assert await found(severity=Severity.OK, search="e") == ["Green pear"]
    [row] = await rows(world, location, MatrixWish(channel_ids=("B2B",), search="pear"))
    assert [cell.terms.channel_id for cell in row.cells] == ["B2B"]


async def test_uses_three_statements_for_a_page_however_long(world: World) -> None:
    location = await world.location()
    await world.channel()
    for _ in range(4):
        await world.stock(await world.product(), location, 1)
    counts = []
    for limit in (1, 4):
        seen: list[str] = []
        world.database.listener = seen.append
        try:
            await rows(world, location, limit=limit)
        finally:
            world.database.listener = None
        counts.append(len(seen))

    assert counts == [3, 3]


async def test_quotas_and_promises_shape_a_fenced_channel(world: World) -> None:
    location = await world.location()
    retail = await world.channel("RETAIL")
    await world.channel("WEB", position=1)
    product = await world.product()
    await world.policy(retail, mode="FENCED")
    await world.quota(retail, product, location, 40)
    item = await world.stock(product, location, 100)
    await world.reserve(item, 15, channel_id="RETAIL", from_quota=D(10))

    [row] = await rows(world, location)

    fenced, shared = row.cells
    assert (fenced.on_hand, fenced.reserved, fenced.available, fenced.atp) == (45, 15, 30, 30)
    assert (shared.on_hand, shared.reserved, shared.available, shared.atp) == (100, 15, 85, 55)


@pytest.mark.parametrize("mode", ["SHARED", "FENCED", "CAP", "SHARE"])
async def test_invariant_21_the_summary_adds_up_the_cells(world: World, mode: str) -> None:
    places = [await world.location() for _ in range(3)]
    web = await world.channel("WEB")
    shop = await world.channel("SHOP", position=1)
    food = await world.category()
    await world.policy(web, mode=mode, share=D("0.4"), cap=D(9), safety_stock=D(2))
    await world.policy(shop, location_id=places[0].id, buffer=D(3))
    await world.policy(shop, category_id=food.id, low_atp_threshold=D(40))
    for n in range(12):
        product = await world.product(category_id=food.id if n % 3 == 0 else None)
        if n == 5:
            await world.policy(web, product_id=product.id, minimum_stock=D(1))
        for place in places[: 1 + n % 3]:
            item = await world.stock(product, place, 4 + 5 * (n % 4))
            if n % 4 == 1:
                await world.reserve(item, 2, channel_id="WEB" if n == 9 else None)
            if n == 7:
                await world.quota(web, product, place, 3)

    async with world.read() as session:
        totals = await atp.summarize(session)
        ids = [place.id for place in places]
        book = await atp.book(session, ids)
        pages = await atp.pages(session, ids, ALL, PageWish(limit=50), book)
        cells = [
            (row.place.location_id, cell)
            for page in pages.values()
            for row in page.rows
            for cell in row.cells
        ]

    assert [total.channel.channel_id for total in totals] == ["WEB", "SHOP"]
    for total in totals:
        own = [c for _, c in cells if c.terms.channel_id == total.channel.channel_id]
        assert total.product_count == 12
        assert total.atp == sum(c.atp for c in own)
        assert total.on_hand == sum(c.on_hand for c in own)
        assert total.reserved == sum(c.reserved for c in own)
        assert total.available == sum(c.available for c in own)
        counts = [total.ok_count, total.low_count, total.critical_count]
        assert counts == [sum(c.severity is s for c in own) for s in Severity]
        for place in total.locations.values():
            there = [
                c
                for location, c in cells
                if location == place.location_id and c.terms.channel_id == total.channel.channel_id
            ]
            assert place.atp == sum(c.atp for c in there)
            assert place.critical_count == sum(c.severity is Severity.CRITICAL for c in there)
