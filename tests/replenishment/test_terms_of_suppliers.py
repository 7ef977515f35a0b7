"""What a supplier asks for stands in for what a place leaves out."""

from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM
from models import supply
from services import records, replenishment
from services.replenishment import Wish
from world import World

D = Decimal


async def configured(world: World, product: Any, place: Any, **values: Any) -> None:
    """From 10 units up to 50."""
    numbers = {"method": "MIN_MAX", "min_quantity": D(10), "max_quantity": D(50)}
    async with world.write() as session:
        wish = {"product_id": product.id, "location_id": place.id, **numbers, **values}
        await replenishment.configure(session, SYSTEM, wish, None)


async def offered(world: World, product: Any, values: dict[str, Any], **terms: Any) -> None:
    vendor = await world.vendor(**values)
    async with world.write() as session:
        row = {"vendor_id": vendor.id, "product_id": product.id, **terms}
        await records.add(session, supply.vendor_products, "Vendor product", "vprd_", row)


async def test_terms_of_the_supplier_stand_in_for_what_is_not_configured(world: World) -> None:
    product, place = await world.product(unit_cost=D(3), lead_time_days=4), await world.location()
    other = await world.location()
    async with world.write() as session:
        await session.call(
            "insert into product_packs (product_id, code, quantity) values ($1, 'CTN', 12)",
            product.id,
        )
    fast = {"lead_time_days": 2, "order_unit": "EA"}
    usual = {"lead_time_days": 9, "min_order_quantity": D(6), "standard_price": D("18.6")}
    await offered(world, product, {"preferred": True}, **usual, order_unit="CTN")
    await offered(world, product, {}, **fast, standard_price=D(1))
    await offered(world, product, {"preferred": True, "active": False}, **fast)
    await configured(world, product, place)
    own = {"pack_size": D(7), "minimum_order_quantity": D(0), "lead_time_days": 1}
    await configured(world, product, other, **own)

    async with world.read() as session:
        found = await replenishment.suggest(session, Wish())

    rows = {one.row.location_id: one.row for one in found.suggestions}
    assert {
        id: (row.lead_time_days, row.pack_size, row.quantity, row.unit_cost, row.value)
        for id, row in rows.items()
    } == {
        place.id: (9, 12, 72, D("1.55"), D("111.6")),
        other.id: (1, 7, 56, D("1.55"), D("86.8")),
    }


async def test_terms_in_an_unknown_unit_and_of_what_comes_from_a_location_are_none(
    world: World,
) -> None:
    product, place, depot = (
        await world.product(unit_cost=D(3), lead_time_days=4),
        await world.location(),
        await world.location(),
    )
    terms = {"min_order_quantity": D(500), "standard_price": D(9), "order_unit": "CTN"}
    await offered(world, product, {}, **terms)
    await configured(world, product, place)
    second = await world.product(unit_cost=D(3), lead_time_days=4)
    await offered(world, second, {}, **terms | {"order_unit": None, "lead_time_days": 30})
    await configured(world, second, place)
    await sourced(world, second, place, depot)

    async with world.read() as session:
        listed = (await replenishment.suggest(session, Wish())).suggestions
    found = {one.row.product_id: one for one in listed}

    assert {
        (row.lead_time_days, row.quantity, row.unit_cost)
        for row in (found[product.id].row, found[second.id].row)
    } == {(4, 50, 3)}


async def sourced(world: World, product: Any, place: Any, source: Any) -> None:
    async with world.write() as session:
        await session.call(
            "update inventory_levels set replenishment_location_id = $1"
            " where product_id = $2 and location_id = $3",
            source.id,
            product.id,
            place.id,
        )
