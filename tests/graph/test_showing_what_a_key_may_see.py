"""A root field needs its documented right; an edge into another area needs that area's."""

import pytest

from graph import answer, ask, refusal
from world import World

PLAIN_OF_A_PRODUCT = "product { id sku name unitOfMeasure active category { id code name } }"


async def stocked(world: World) -> str:
    category = await world.category()
    product = await world.product(category_id=category.id, unit_cost=2)
    return await world.stock(product, await world.location(), 1)


@pytest.mark.parametrize(
    ("query", "needed"),
    [
        ("{ products { totalCount } }", "products.read"),
        ('{ product(id: "x") { id } }', "products.read"),
        ("{ categories { totalCount } }", "products.read"),
        ("{ locations { totalCount } }", "inventory.read"),
        ("{ bins { totalCount } }", "inventory.read"),
        ("{ lots { totalCount } }", "inventory.read"),
        ("{ channels { totalCount } }", "inventory.read"),
        ("{ channelPolicies { totalCount } }", "inventory.read"),
        ("{ channelQuotas { totalCount } }", "inventory.read"),
        ("{ inventoryItems { totalCount } }", "inventory.read"),
        ("{ stockLevels { totalCount } }", "inventory.read"),
        ("{ inventoryLevels { totalCount } }", "inventory.read"),
    ],
)
async def test_a_root_field_needs_its_right(world: World, query: str, needed: str) -> None:
    others = ["transfers.read", "admin.keys"]

    refused = await refusal(world, query, permissions=others)
    assert (refused["message"], refused["code"]) == ("Forbidden", "FORBIDDEN")
    assert refused["details"] == {"required": [needed]}
    assert "errors" not in await answer(world, query, permissions=[needed])


@pytest.mark.parametrize(
    "field", ["items", "levels", "lots", "policies", "quotas", "inventoryLevels"]
)
async def test_products_show_stock_to_keys_that_may_see_stock(world: World, field: str) -> None:
    await stocked(world)
    query = f"{{ products {{ nodes {{ {field} {{ totalCount }} }} }} }}"

    refused = await refusal(world, query, permissions=["products.read"])

    assert refused["path"] == ["products", "nodes", 0, field]
    assert refused["details"] == {"required": ["inventory.read"]}
    both = ["products.read", "inventory.read"]
    assert "errors" not in await answer(world, query, permissions=both)


@pytest.mark.parametrize(
    "field", ["unitCost", "barcode", "attributes", "packs { code }", "lotTracked", "reorderPoint"]
)
async def test_stock_shows_products_in_full_to_keys_that_may_see_products(
    world: World, field: str
) -> None:
    await stocked(world)
    query = f"{{ inventoryItems {{ nodes {{ product {{ {field} }} }} }} }}"

    refused = await refusal(world, query, permissions=["inventory.read"])

    assert refused["details"] == {"required": ["products.read"]}


async def test_names_and_codes_need_no_further_right(world: World) -> None:
    await stocked(world)
    query = f"{{ inventoryItems {{ nodes {{ {PLAIN_OF_A_PRODUCT} unitCost value }} }} }}"

    found = await ask(world, query, permissions=["inventory.read"])

    (item,) = found["inventoryItems"]["nodes"]
    assert (item["unitCost"], item["value"]) == (2, 2)
    assert item["product"]["category"]["name"].startswith("Category")


async def test_a_refused_edge_runs_no_statement_and_leaves_the_rest(world: World) -> None:
    await stocked(world)
    query = """{ viewer { name } products { nodes { sku } }
      inventoryItem(id: "item_x") { id } }"""

    found = await answer(world, query, permissions=["products.read"])

    assert found["data"]["inventoryItem"] is None
    assert len(found["data"]["products"]["nodes"]) == 1
    assert [error["path"] for error in found["errors"]] == [["inventoryItem"]]
