"""The search of products, the closest first; lists and details in a fixed number of statements."""

from typing import Any

import pytest

from clients import client_of
from graph import ask, statements
from ward import Ward
from world import World

AT = "/api/stock-requests/products/search"
MANY = 20_000
FILL = """
with made as (
  insert into products (id, sku, name, barcode)
  select 'p' || n, 'SKU-' || lpad(n::text, 5, '0'),
    (array['Gauze', 'Glove', 'Syringe', 'Tube'])[1 + n % 4] || ' no ' || n,
    case when n % 2 = 0 then '40' || lpad(n::text, 8, '0') end
  from generate_series(1, {many}) n
  returning id, sku, name, barcode
)
select product_search_put(array_agg(id),
  array_agg(lower(concat_ws(' ', sku, name, barcode)))) from made
"""


async def found(client: Any, q: str, **more: Any) -> list[str]:
    return [one["globalSku"] for one in (await client.get(AT, q=q, **more))["products"]]


async def test_the_closest_comes_first(world: World) -> None:
    for sku, name, barcode in (
        ("AB-1", "Zinc tape", None),
        ("X-AB-1", "Other tape", None),
        ("T-3", "AB-1 adapter", None),
        ("T-4", "Plug for AB-1", None),
        ("T-5", "Cable", "AB-1"),
        ("AB-12", "Long tape", None),
        ("T-6", "Gone AB-1", None),
    ):
        await world.product(sku=sku, name=name, barcode=barcode, active=sku != "T-6")

    async with client_of(world) as client:
        assert await found(client, "ab-1") == [
            "T-5",  # its barcode
            "AB-1",  # its SKU
            "AB-12",  # begins with it
            "T-3",  # its name begins with it
            "T-4",  # a word of its name
            "X-AB-1",  # holds it
        ]
        assert await found(client, "tape zinc") == ["AB-1"]
        assert await found(client, "a%") == []


async def test_it_shows_what_is_there_at_both_ends(world: World) -> None:
    ward, other = await Ward.of(world), await world.location()
    category = await world.category(name="Dressings")
    product = await ward.product(10, name="Gauze", category_id=category.id)
    await world.stock(product, ward.ward, 3)
    item = await world.stock(product, other, 4)
    await world.reserve(item, 1)

    async with client_of(world) as client:
        both = {"locationId": ward.ward.id, "fulfillingLocationId": ward.store.id}
        exact = (await client.get(AT, q="gauze", **both))["products"]
        anywhere = (await client.get(AT, q="gauze", locationId=ward.ward.id))["products"]
        nothing = await client.rest("GET", AT, params={"q": "  "})
        missing = await client.rest("GET", AT)

    assert exact == [
        {
            "productMasterId": product.id,
            "productName": "Gauze",
            "globalSku": product.sku,
            "categoryName": "Dressings",
            "unitOfMeasure": "EA",
            "availableAtSource": 10,
            "onHandAtDestination": 3,
        }
    ]
    assert anywhere[0]["availableAtSource"] == 13
    assert [one.json()["error"] for one in (nothing, missing)] == ["q is required"] * 2
    assert [one.status_code for one in (nothing, missing)] == [400, 400]


async def test_twenty_thousand_products_are_searched_by_part_of_anything(world: World) -> None:
    async with world.write() as session:
        await session.call(FILL.format(many=MANY))
        await session.call("select import_analyze_made()")  # as the import of so many does
    async with client_of(world) as client:
        by_sku = await client.get(AT, q="sku-12344")
        by_barcode = await client.get(AT, q="4000012344")
        by_name = await client.get(AT, q="syringe no 1234", limit=3)
        broad = await client.get(AT, q="glove", page=250, limit=20)
        beyond = await client.get(AT, q="glove", page=900)
        by_part = [await found(client, q) for q in ("2344", "000002344", "RINGE no 1234 sku-12")]

    assert [one["globalSku"] for one in by_sku["products"]] == ["SKU-12344"]
    assert [one["globalSku"] for one in by_barcode["products"]] == ["SKU-12344"]
    assert [one["productName"] for one in by_name["products"]] == [
        "Syringe no 1234",
        "Syringe no 12342",
        "Syringe no 12346",
    ]
    assert (broad["pagination"]["total"], len(broad["products"])) == (5_000, 20)
    assert (beyond["pagination"]["total"], beyond["products"]) == (5_000, [])
    assert by_part == [
        ["SKU-02344", "SKU-12344"],  # a word of the name, then a part of the SKU
        ["SKU-02344"],  # a part of its barcode
        ["SKU-12342", "SKU-12346"],  # parts of the name and the SKU
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("{ stockRequests(first: 50) { nodes { id totalRequested totalValue status } } }", 1),
        ("{ stockRequests(page: 1) { nodes { number } pagination { total } } }", 2),
        ("{ stockRequests { nodes { lines { requested status short } events { action } } } }", 3),
    ],
)
async def test_lists_take_as_many_statements_whatever_they_hold(
    world: World, query: str, count: int
) -> None:
    ward = await Ward.of(world)
    products = [await ward.product(5) for _ in range(3)]
    for many in (1, 4):
        for _ in range(many):
            await ward.allocated(*((product, 1) for product in products[:many]))
        async with statements(world) as found_:
            await ask(world, query)
        assert len(found_) == count
