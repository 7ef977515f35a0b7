"""What two who write products at once, odd values and ids that come again do not break."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.errors import AlreadyExists
from graph import ask, refusal
from services.catalog import writing
from world import World

CREATE = """mutation ($input: CreateProductInput!) { createProduct(input: $input) {
  product { id attributes serialTracked version } } }"""
UPDATE = """mutation ($id: ID!, $input: UpdateProductInput!, $version: Int) {
  updateProduct(id: $id, input: $input, expectedVersion: $version) {
    product { version packs { code quantity barcode } } } }"""
DELETE = "mutation ($id: ID!) { deleteProduct(id: $id) { id } }"
CASE = {"code": "CASE", "quantity": 12, "barcode": "123"}


async def history(world: World) -> list[tuple[Any, ...]]:
    async with world.read() as session:
        rows = await session.all(
            text("select name, version from products_history order by valid_to, version")
        )
    return [tuple(row) for row in rows]


async def test_invariant_11_packs_belong_to_the_version(world: World) -> None:
    product = await world.product()

    data = await ask(world, UPDATE, id=product.id, input={"packs": [CASE]}, version=1)
    again = await ask(world, UPDATE, id=product.id, input={"packs": [CASE]}, version=2)
    found = await refusal(world, UPDATE, id=product.id, input={"packs": []}, version=1)

    assert data["updateProduct"]["product"] == {"version": 2, "packs": [CASE]}
    assert again == data
    assert found["code"] == "STALE_VERSION"
    assert await history(world) == [(product.name, 1)]


async def test_keeps_attributes_exactly(world: World) -> None:
    attributes = {"weight": Decimal("1.000001"), "tags": ["a", None, True], "n": 3}
    wish = {"sku": "A", "name": "A", "attributes": attributes, "serialTracked": True}

    data = await ask(world, CREATE, input=wish)

    made = data["createProduct"]["product"]
    assert made.pop("id").startswith("prod_")
    assert made == {"attributes": attributes, "serialTracked": True, "version": 1}


@pytest.mark.parametrize(
    "attributes",
    [
        {"a": "x\0y"},
        {"x\0": 1},
        {"a": ["\ud800"]},
        {"a": "x" * 50_001},
        {str(n): n for n in range(201)},
        {"a": 10**18},
        {"a": [float("inf")]},
    ],
    ids=["nul", "nul in a name", "half a pair", "too long", "too many", "large", "endless"],
)
async def test_refuses_attributes_that_cannot_be_kept(
    world: World, attributes: dict[str, Any]
) -> None:
    found = await refusal(world, CREATE, input={"sku": "A", "name": "A", "attributes": attributes})

    assert (found["code"], found["field"]) == ("INVALID", "attributes")


async def test_the_history_of_a_product_ends_when_it_is_deleted(world: World) -> None:
    wish = {"id": "prod_1", "sku": "A", "name": "First"}
    for name in ("Second", "Third"):
        await ask(world, CREATE, input=wish)
        await ask(world, UPDATE, id="prod_1", input={"name": name})
        await ask(world, DELETE, id="prod_1")

    assert await history(world) == [("First", 1), ("Second", 2), ("First", 1), ("Third", 2)]


@pytest.mark.parametrize("is_unit_first", [True, False])
async def test_a_barcode_is_given_once_to_a_unit_or_a_pack(
    world: World, *, is_unit_first: bool
) -> None:
    unit, pack = await world.product(), await world.product()
    holding = asyncio.Event()

    async def give(*, is_unit: bool, seconds: float) -> str:
        wish: tuple[Any, ...] = (unit.id, {"barcode": "123"}, None, None)
        if not is_unit:
            wish = (pack.id, {}, [CASE], None)
        try:
            async with world.write() as session:
                await writing.update_product(session, *wish)
                holding.set()
                await asyncio.sleep(seconds)
        except AlreadyExists as error:
            return str(error.field)
        return "given"

    async def follow() -> str:
        await holding.wait()
        return await give(is_unit=not is_unit_first, seconds=0)

    done = await asyncio.gather(give(is_unit=is_unit_first, seconds=0.2), follow())

    assert list(done) == ["given", "barcode"]
