"""A query costs one statement for each level of it, whatever the number of its rows."""

from typing import Any

import pytest

from graph import ask, statements
from world import World

DEEPEST = """{ products(first: 50) { totalCount nodes {
  sku category { name parent { name } } packs { code }
  items(first: 20) { totalCount nodes {
    onHand available
    product { name }
    location { name parent { name } bins(first: 5) { nodes { code items { nodes { onHand } } } } }
    bin { code location { name } }
    lot { number product { sku } items { nodes { id } } } } }
  levels(first: 20) { nodes { onHand location { totals { onHand } } settings { minQuantity } } }
  policies { nodes { mode channel { name quotas { nodes { allocated } } } } }
  quotas { nodes { allocated location { name } } }
  inventoryLevels { nodes { minQuantity stock { onHand } } }
} } }"""

# products and their count; categories, their parents; packs; items and their counts; locations,
# their parents; bins of locations, their items; bins; lots, their items; levels, totals,
# settings; policies, channels, quotas of channels; quotas; inventory levels, stock of these
EXPECTED = 2 + 2 + 1 + 2 + 2 + 2 + 1 + 2 + 3 + 3 + 1 + 2


async def company(world: World, size: int) -> None:
    root = await world.category()
    channel = await world.channel()
    region = await world.location()
    for _ in range(size):
        category = await world.category(parent=root)
        product = await world.product(category_id=category.id)
        await world.policy(channel, product_id=product.id)
        for _ in range(2):
            location = await world.location(parent_id=region.id)
            bin, lot = await world.bin(location), await world.lot(product)
            await world.stock(product, location, 5, bin=bin, lot=lot)
            await world.quota(channel, product, location, 1)
            await world.level(product, location, min_quantity=1)


async def count(world: World, query: str, **variables: Any) -> int:
    async with statements(world) as found:
        await ask(world, query, **variables)
    return len(found)


@pytest.mark.parametrize("size", [1, 6])
async def test_the_deepest_query_costs_one_statement_a_level(world: World, size: int) -> None:
    await company(world, size)

    assert await count(world, DEEPEST) == EXPECTED


async def test_the_id_of_a_thing_that_is_pointed_at_costs_nothing(world: World) -> None:
    await company(world, 2)
    links = "product { id } location { id __typename } bin { id } lot { id }"

    assert await count(world, f"{{ inventoryItems {{ nodes {{ onHand {links} }} }} }}") == 1
    fragment = "fragment P on Product { id }"
    spread = f"{{ inventoryItems {{ nodes {{ product {{ ...P }} }} }} }} {fragment}"
    assert await count(world, spread) == 2


async def test_a_thing_that_was_read_already_is_not_read_again(world: World) -> None:
    await company(world, 3)

    there_and_back = "{ products { nodes { items { nodes { product { sku } } } } } }"
    assert await count(world, there_and_back) == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ inventoryItem(id: $id) { onHand } }", 1),
        ("{ inventoryItem(id: $id) { product { sku } location { name } } }", 3),
        ("{ node(id: $id) { id } }", 1),
        ("{ viewer { name } }", 0),
        ("{ viewer { tenant { name } } }", 1),
    ],
)
async def test_a_single_thing_costs_one_statement(world: World, query: str, expected: int) -> None:
    id = await world.stock(await world.product(), await world.location(), 1)

    assert await count(world, query.replace("$id", f'"{id}"')) == expected


async def test_things_by_their_keys(world: World) -> None:
    product = await world.product(sku="S", barcode="B")
    location = await world.location(code="L")

    assert await count(world, '{ product(sku: "S") { name } }') == 1
    assert await count(world, '{ product(barcode: "B") { name } }') == 2
    assert await count(world, '{ location(code: "L") { name } }') == 1
    ids = f'["{product.id}", "{location.id}"]'
    assert await count(world, f"{{ nodes(ids: {ids}) {{ id }} }}") == 2


async def test_fields_of_one_name_with_other_arguments_are_lists_of_their_own(
    world: World,
) -> None:
    await company(world, 3)
    query = """{ products { nodes {
      all: items { nodes { id } }  first: items(first: 1) { nodes { id } }
      again: items { nodes { id } } } } }"""

    assert await count(world, query) == 3
