"""Stocklists: made, put to use, cloned, and requests that are made from them."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from clients import client_of
from domain.errors import Conflict, DuplicateLine, InUse, Invalid, QuantityRefused
from domain.request_errors import NotOnStocklist, StocklistMismatch, StocklistNotPublished
from services.locations import writing as location_writing
from services.requests import deciding, generating, lines
from services.stocklists import writing
from ward import HEAD, NURSE, Ward
from world import World

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


async def published(ward: Ward, *wanted: tuple[Any, int], **values: Any) -> Any:
    made = await ward.stocklist(*wanted, **values)
    return await step(ward, writing.publish, made)


async def step(ward: Ward, use_case: Any, made: Any, *args: Any) -> Any:
    async with ward.world.write() as session:
        return await use_case(session, HEAD, made.stocklist.id, *args)


async def generate(ward: Ward, *lists: Any) -> Any:
    async with ward.world.write() as session:
        ids = [one.stocklist.id for one in lists] or None
        return await generating.generate(session, NURSE, ids)


async def asked(ward: Ward, request_id: str) -> list[tuple[str, int]]:
    async with ward.world.read() as session:
        found = await session.call(
            "select array_agg(product_id || ' ' || requested::int order by ordinal)"
            " from stock_request_lines where tenant_id = stock_tenant() and request_id = $1",
            request_id,
        )
    return [(one.split()[0], int(one.split()[1])) for one in found]


@pytest.mark.parametrize(
    ("kind", "there", "expected"),
    [("PULL", 12, 40), ("PULL", 49, 10), ("PULL", 50, 0), ("PULL", 60, 0), ("PUSH", 60, 50)],
)
async def test_it_suggests_whole_packs_up_to_its_level(
    world: World, kind: str, there: int, expected: int
) -> None:
    ward = await Ward.of(world)
    product = await ward.product(sku="GZ")
    await world.stock(product, ward.ward, there)
    wish = {"product_id": product.id, "max_quantity": Decimal(50), "pack_size": Decimal(10)}
    made = await ward.stocklist(type=kind, lines=[wish])
    await step(ward, writing.publish, made)

    async with client_of(world) as client:
        shown = await client.get("/api/stock-requests/products/stocklist", locationId=ward.ward.id)

    (listed,) = shown["stocklists"]
    assert listed["lines"] == [
        {
            "productMasterId": product.id,
            "productName": product.name,
            "globalSku": "GZ",
            "unitOfMeasure": "EA",
            "maxQuantity": 50,
            "packSize": 10,
            "onHandAtDestination": there,
            "suggestedQuantity": expected,
        }
    ]
    assert (listed["id"], listed["fulfillingLocationId"]) == (made.stocklist.id, ward.store.id)


async def test_a_request_that_is_made_from_it_is_approved_and_asks_for_what_is_needed(
    world: World,
) -> None:
    ward = await Ward.of(world)
    one, full = await ward.product(), await ward.product()
    await world.stock(full, ward.ward, 9)
    listed = await published(ward, (one, 8), (full, 9))

    made = await generate(ward, listed)
    again = await generate(ward, listed)

    (request,) = made.requests
    assert (request.type, request.status) == ("E_REQUEST", "APPROVED")
    assert request.stocklist_id == listed.stocklist.id
    assert await asked(ward, request.id) == [(one.id, 8)]
    assert (again.requests, again.idle_ids) == ([], [listed.stocklist.id])


async def test_two_stocklists_of_a_location_do_not_ask_twice_for_what_is_on_both(
    world: World,
) -> None:
    ward = await Ward.of(world)
    product = await ward.product()
    first, second = await published(ward, (product, 8)), await published(ward, (product, 10))

    made = await generate(ward, first, second)

    assert [await asked(ward, one.id) for one in made.requests] == [
        [(product.id, 8)],
        [(product.id, 2)],
    ]


async def test_the_statements_of_making_requests_do_not_grow_with_the_stocklists(
    world: World,
) -> None:
    ward = await Ward.of(world)
    counts = []
    for many in (1, 5):
        lists = [await published(ward, (await ward.product(), 8)) for _ in range(many)]
        found: list[str] = []
        world.database.listener = found.append
        await generate(ward, *lists)
        world.database.listener = None
        counts.append(len(found))

    assert counts[0] == counts[1]


async def test_one_with_a_period_asks_by_itself_on_its_day_and_once_whoever_looks(
    world: World,
) -> None:
    ward = await Ward.of(world)
    product = await ward.product()
    world.database.now = NOW
    await published(ward, (product, 8), period_days=7, type="PUSH")

    first = await asyncio.gather(*(generating.sweep(world.database) for _ in range(3)))
    world.database.now = NOW + timedelta(days=6)
    early = await generating.sweep(world.database)
    world.database.now = NOW + timedelta(days=20)
    late = [await generating.sweep(world.database) for _ in range(2)]

    assert (sum(first), early, late) == (1, 0, [1, 0])
    async with world.read() as session:
        next_on = await session.call(
            "select next_on from stocklists where tenant_id = stock_tenant()"
        )
    assert next_on == date(2026, 7, 6)  # 21 days after the first


async def test_nothing_is_asked_for_where_a_location_is_not_used_any_more(world: World) -> None:
    ward = await Ward.of(world)
    listed = await published(ward, (await ward.product(), 8), period_days=7)
    async with world.write() as session:
        await location_writing.update_location(session, ward.ward.id, {"active": False}, None)

    due = await generate(ward)
    with pytest.raises(Invalid, match="not used any more"):
        await generate(ward, listed)

    assert (due.requests, due.idle_ids) == ([], [])


async def test_only_one_in_use_is_asked_from(world: World) -> None:
    ward = await Ward.of(world)
    draft = await ward.stocklist((await ward.product(), 8))
    retired = await step(ward, writing.retire, await published(ward, (await ward.product(), 8)))

    for listed in (draft, retired):
        with pytest.raises(StocklistNotPublished):
            await generate(ward, listed)
        with pytest.raises(StocklistNotPublished):
            await ward.request(type="E_REQUEST", stocklist_id=listed.stocklist.id, lines=None)


async def test_an_e_request_keeps_to_its_stocklist(world: World) -> None:
    ward, elsewhere = await Ward.of(world), await Ward.of(world)
    product, other = await ward.product(), await ward.product()
    listed = await published(ward, (product, 8))
    values = {"type": "E_REQUEST", "stocklist_id": listed.stocklist.id}

    made = await ward.request(**values, lines=None)
    with pytest.raises(NotOnStocklist):
        await ward.request((other, 1), **values)
    with pytest.raises(NotOnStocklist):
        await ward.act(lines.add, made, {"product_id": product.id, "quantity": Decimal(1)})
    with pytest.raises(StocklistMismatch):
        await ward.request(**values, fulfilling_location_id=elsewhere.store.id)
    with pytest.raises(Invalid, match="stocklistId is required"):
        await ward.request((product, 1), type="E_REQUEST")

    submitted = await ward.act(deciding.submit, made, by=NURSE)

    assert await asked(ward, made.request.id) == [(product.id, 8)]
    assert submitted.request.status == "APPROVED"


async def test_a_clone_is_a_draft_with_the_same_products(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product()
    listed = await published(ward, (product, 8), period_days=7)

    clone = await step(ward, writing.clone, listed, {"name": "Another"})

    assert (clone.stocklist.name, clone.stocklist.state) == ("Another", "DRAFT")
    assert [(line.product_id, line.max_quantity) for line in clone.lines] == [(product.id, 8)]
    assert (clone.stocklist.period_days, clone.stocklist.next_on) == (7, None)


async def test_wrong_stocklists_are_refused(world: World) -> None:
    ward = await Ward.of(world)
    product = await world.product(quantity_step=Decimal(2))
    line = {"product_id": product.id, "max_quantity": Decimal(8)}

    with pytest.raises(DuplicateLine):
        await ward.stocklist(lines=[line, line])
    with pytest.raises(QuantityRefused):
        await ward.stocklist(lines=[line | {"pack_size": Decimal(3)}])
    with pytest.raises(QuantityRefused):
        await ward.stocklist(lines=[line | {"max_quantity": Decimal(0)}])
    with pytest.raises(Invalid):
        await ward.stocklist(fulfilling_location_id=ward.ward.id)
    with pytest.raises(Invalid):
        await ward.stocklist(next_on=date(2030, 1, 1))
    with pytest.raises(Conflict):
        await published(ward)


async def test_one_from_which_requests_were_made_is_retired_and_not_deleted(world: World) -> None:
    ward = await Ward.of(world)
    listed = await published(ward, (await ward.product(), 8))
    await generate(ward, listed)

    with pytest.raises(InUse):
        async with world.write() as session:
            await writing.delete(session, listed.stocklist.id, None)
