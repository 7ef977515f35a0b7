"""Lots: an expiry date counts at once at every location, and the former lot stays as history."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from graph import ask, refusal
from world import World

CREATE = """mutation ($input: CreateLotInput!) { createLot(input: $input) {
  lot { number expiryDate product { id } version } } }"""
UPDATE = """mutation ($id: ID!, $input: UpdateLotInput!) { updateLot(id: $id, input: $input) {
  lot { number expiryDate version } } }"""
DELETE = "mutation ($id: ID!) { deleteLot(id: $id) { id } }"


async def expired(world: World) -> list[object]:
    async with world.read() as session:
        rows = await session.all(text("select expired from stock_levels order by location_id"))
    return [row.expired for row in rows]


async def test_makes_a_lot_once_per_product(world: World) -> None:
    apple, pear = await world.product(), await world.product()
    wish = {"productId": apple.id, "number": "L-1", "expiryDate": "2027-01-31"}
    data = await ask(world, CREATE, input=wish)
    await ask(world, CREATE, input=wish | {"productId": pear.id})

    found = await refusal(world, CREATE, input=wish)

    assert data["createLot"]["lot"] == {
        "number": "L-1",
        "expiryDate": "2027-01-31",
        "product": {"id": apple.id},
        "version": 1,
    }
    assert (found["code"], found["field"]) == ("ALREADY_EXISTS", "number")


async def test_a_new_expiry_date_counts_at_once_everywhere(world: World) -> None:
    world.database.now = datetime(2026, 2, 1, tzinfo=UTC)
    product = await world.product()
    lot = await world.lot(product, expiry=date(2026, 5, 1))
    for _ in range(2):
        await world.stock(product, await world.location(), 3, lot=lot)

    await ask(world, UPDATE, id=lot.id, input={"expiryDate": "2026-01-31"})
    gone = await expired(world)
    await ask(world, UPDATE, id=lot.id, input={"expiryDate": None})

    assert gone == [3, 3]
    assert await expired(world) == [0, 0]
    async with world.read() as session:
        rows = await session.all(
            text("select expiry_date, version from lots_history order by version")
        )
    assert [tuple(row) for row in rows] == [(date(2026, 5, 1), 1), (date(2026, 1, 31), 2)]


async def test_a_lot_that_was_stocked_stays(world: World) -> None:
    product, location = await world.product(), await world.location()
    used, unused = await world.lot(product), await world.lot(product)
    await world.stock(product, location, 3, lot=used)

    found = await refusal(world, DELETE, id=used.id)
    await ask(world, DELETE, id=unused.id)

    assert found["code"] == "IN_USE"
    assert found["details"]["onHand"][0]["onHand"] == 3


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"expiryDate": None}, "expiryDate", "INVALID"),
        ({"expiryDate": "3000-01-01"}, "expiryDate", "INVALID"),
        ({"number": " "}, "number", "INVALID"),
        ({"note": "a\0b"}, "note", "INVALID"),
        ({"productId": "prod_none"}, "productId", "NOT_FOUND"),
    ],
)
async def test_refuses_what_makes_no_lot(
    world: World, more: dict[str, object], field: str, code: str
) -> None:
    product = await world.product(expiry_tracked=True)
    wish = {"productId": product.id, "number": "L-1", "expiryDate": "2027-01-31"}

    found = await refusal(world, CREATE, input=wish | more)

    assert (found["code"], found["field"]) == (code, field)
    async with world.read() as session:
        assert await session.scalar(text("select count(*) from lots")) == 0


async def test_a_lot_keeps_its_expiry_date_where_the_product_asks_for_one(world: World) -> None:
    product = await world.product(expiry_tracked=True)
    lot = await world.lot(product, expiry=date(2027, 1, 31))

    found = await refusal(world, UPDATE, id=lot.id, input={"expiryDate": None})
    data = await ask(world, UPDATE, id=lot.id, input={"expiryDate": "2027-02-28"})

    assert (found["code"], found["field"]) == ("INVALID", "expiryDate")
    assert data["updateLot"]["lot"]["expiryDate"] == "2027-02-28"
