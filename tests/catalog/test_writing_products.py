"""Products are made, changed and removed; each refusal names its field and writes nothing."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from graph import answer, ask, refusal
from world import World

CREATE = """mutation ($input: CreateProductInput!, $dryRun: Boolean! = false) {
  createProduct(input: $input, dryRun: $dryRun) {
    product { sku name category { id } quantityStep barcode unitCost active version
      packs { code quantity barcode } }
    position
  }
}"""
UPDATE = """mutation ($id: ID!, $input: UpdateProductInput!, $version: Int) {
  updateProduct(id: $id, input: $input, expectedVersion: $version) {
    product { sku name unitCost barcode version packs { code } }
  }
}"""
DELETE = """mutation ($id: ID!, $version: Int) {
  deleteProduct(id: $id, expectedVersion: $version) { id }
}"""


async def count(world: World, table: str) -> Any:
    async with world.read() as session:
        return await session.scalar(text(f"select count(*) from {table}"))


async def test_makes_a_product_with_packs_that_search_finds(world: World) -> None:
    category = await world.category()
    data = await ask(
        world,
        CREATE,
        input={
            "sku": "APPLE-1",
            "name": "Red apple",
            "categoryId": category.id,
            "quantityStep": 0.5,
            "unitCost": 0.123456,
            "barcode": "4001",
            "packs": [{"code": "CASE", "quantity": 12, "barcode": "4002"}],
        },
    )
    found = await ask(world, '{ products(filter: {search: "APPLE 4002"}) { nodes { sku } } }')

    assert data["createProduct"].pop("position")
    assert data["createProduct"]["product"] == {
        "sku": "APPLE-1",
        "name": "Red apple",
        "category": {"id": category.id},
        "quantityStep": Decimal("0.5"),
        "barcode": "4001",
        "unitCost": Decimal("0.123456"),
        "active": True,
        "version": 1,
        "packs": [{"code": "CASE", "quantity": 12, "barcode": "4002"}],
    }
    assert found["products"]["nodes"] == [{"sku": "APPLE-1"}]


async def test_keeps_the_id_that_comes_along(world: World) -> None:
    await ask(world, CREATE, input={"id": "prod_123", "sku": "A", "name": "A"})
    again = await refusal(world, CREATE, input={"id": "prod_123", "sku": "B", "name": "B"})

    assert await ask(world, '{ product(id: "prod_123") { sku } }') == {"product": {"sku": "A"}}
    assert (again["code"], again["field"]) == ("ALREADY_EXISTS", "id")


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"sku": ""}, "sku", "INVALID"),
        ({"sku": " A"}, "sku", "INVALID"),
        ({"sku": "A" * 65}, "sku", "INVALID"),
        ({"name": "two\nlines"}, "name", "INVALID"),
        ({"id": "no spaces"}, "id", "INVALID"),
        ({"quantityStep": 0}, "quantityStep", "INVALID"),
        ({"quantityStep": None}, "quantityStep", "INVALID"),
        ({"unitCost": -1}, "unitCost", "INVALID"),
        ({"leadTimeDays": -1}, "leadTimeDays", "INVALID"),
        ({"attributes": [1]}, "attributes", "INVALID"),
        ({"categoryId": "cat_none"}, "categoryId", "NOT_FOUND"),
        ({"packs": [{"code": "C", "quantity": 0}]}, "quantity", "INVALID"),
        ({"packs": [{"code": "C", "quantity": 1}] * 2}, "packs", "INVALID"),
        ({"sku": "TAKEN"}, "sku", "ALREADY_EXISTS"),
        ({"barcode": "777"}, "barcode", "ALREADY_EXISTS"),
        ({"packs": [{"code": "C", "quantity": 1, "barcode": "777"}]}, "barcode", "ALREADY_EXISTS"),
    ],
)
async def test_refuses_what_breaks_a_rule(
    world: World, more: dict[str, Any], field: str, code: str
) -> None:
    await world.product(sku="TAKEN", barcode="777")

    found = await refusal(world, CREATE, input={"sku": "NEW", "name": "New", **more})

    assert (found["code"], found["field"]) == (code, field)
    assert await count(world, "products") == 1
    assert await count(world, "product_packs") == 0


async def test_invariant_11_a_stale_version_changes_nothing(world: World) -> None:
    product = await world.product(name="First")
    await ask(world, UPDATE, id=product.id, input={"name": "Second"}, version=1)

    found = await refusal(world, UPDATE, id=product.id, input={"name": "Third"}, version=1)

    assert (found["code"], found["field"]) == ("STALE_VERSION", "expectedVersion")
    assert found["details"] == {"expected": 1, "actual": 2}
    row = await ask(world, f'{{ product(id: "{product.id}") {{ name version }} }}')
    assert row["product"] == {"name": "Second", "version": 2}
    async with world.read() as session:
        history = await session.all(text("select name, version from products_history"))
    assert [tuple(one) for one in history] == [("First", 1)]


async def test_a_change_that_changes_nothing_keeps_the_version(world: World) -> None:
    product = await world.product(name="Same")

    data = await ask(world, UPDATE, id=product.id, input={"name": "Same"})

    assert data["updateProduct"]["product"]["version"] == 1
    assert await count(world, "products_history") == 0


async def test_search_follows_a_change_of_name_and_packs(world: World) -> None:
    product = await world.product(name="Old words")
    await ask(
        world,
        UPDATE,
        id=product.id,
        input={"name": "New", "packs": [{"code": "BOX", "quantity": 6, "barcode": "999"}]},
    )

    async def hits(words: str) -> int:
        data = await ask(world, f'{{ products(filter: {{search: "{words}"}}) {{ totalCount }} }}')
        return int(data["products"]["totalCount"])

    assert [await hits(words) for words in ("old", "new", "999")] == [0, 1, 1]


async def test_will_not_delete_what_still_has_stock(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 3)

    found = await refusal(world, DELETE, id=product.id)

    assert (found["code"], found["field"]) == ("IN_USE", "id")
    assert found["details"] == {
        "onHand": [{"productId": product.id, "locationId": location.id, "onHand": 3}],
        "more": False,
    }
    assert await count(world, "products") == 1


async def test_will_not_delete_what_was_ever_stocked_or_has_a_policy(world: World) -> None:
    product, location = await world.product(), await world.location()
    await world.policy(await world.channel(), product_id=product.id)
    await world.stock(product, location, 3)
    await world.issue(product, location, 3)

    found = await refusal(world, DELETE, id=product.id)

    assert found["code"] == "IN_USE"
    assert found["details"] == {"left": {"inventoryItems": 1, "policies": 1}}


async def test_deletes_what_was_never_stocked(world: World) -> None:
    product = await world.product()
    await ask(
        world, UPDATE, id=product.id, input={"packs": [{"code": "C", "quantity": 2}]}, version=1
    )

    assert await ask(world, DELETE, id=product.id) == {"deleteProduct": {"id": product.id}}
    assert await count(world, "products") == 0
    assert (await refusal(world, DELETE, id=product.id))["code"] == "NOT_FOUND"


async def test_a_dry_run_shows_the_product_and_keeps_nothing(world: World) -> None:
    data = await ask(world, CREATE, input={"sku": "DRY", "name": "Dry"}, dryRun=True)

    assert data["createProduct"]["product"]["sku"] == "DRY"
    assert await count(world, "products") == 0


async def test_needs_the_right_to_write_products(world: World) -> None:
    found = await answer(
        world, CREATE, permissions=["products.read"], input={"sku": "A", "name": "A"}
    )

    assert found["errors"][0]["details"] == {"required": ["products.write"]}
    assert await count(world, "products") == 0


async def test_raises_the_reference_version_once_with_its_transaction(world: World) -> None:
    async def version() -> Any:
        async with world.read() as session:
            return await session.scalar(text("select reference from tenant_versions"))

    before = await version()
    await ask(world, CREATE, input={"sku": "A", "name": "A"}, dryRun=True)
    dry = await version()
    await ask(world, CREATE, input={"sku": "A", "name": "A"})

    assert (dry, await version()) == (before, before + 1)
