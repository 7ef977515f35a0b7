from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from graph import answer, ask, refusal
from models import catalog, records
from world import World

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 11, 12, tzinfo=UTC)
AFTER_NOON = {"from": "2026-03-10T12:00:01Z"}
UNTIL_NOON = {"to": "2026-03-10T14:00:00+02:00"}


async def products(world: World) -> None:
    food = await world.category(id="FOOD")
    fruit = await world.category(id="FRUIT", parent=food)
    apple = await world.product(
        id="a", sku="A-1", name="Red Apple", barcode="100", category_id=fruit.id, regulated=True
    )
    await world.product(id="b", sku="B_1", name="100% juice", category_id=food.id, lot_tracked=True)
    world.database.now = LATER
    await world.product(
        id="c", sku="C-1", name="Äpfel", active=False, unit_of_measure="KG", expiry_tracked=True
    )
    async with world.write() as session:
        pack = {"product_id": "b", "code": "CASE", "quantity": 6, "barcode": "200"}
        await session.one(records.add(catalog.product_packs, pack))
    await world.stock(apple, await world.location(id="L"), 1)


async def categories(world: World) -> None:
    await world.category(id="a", code="A_1", name="Food")
    root = await world.category(id="b", code="B%", name="Drinks")
    await world.category(id="c", code="C", name="Hot drinks", parent=root)


async def locations(world: World) -> None:
    await world.location(id="a", code="WH", name="Main warehouse")
    root = await world.location(id="b", code="ST", name="Main street", type="STORE")
    await world.location(id="c", code="OLD", name="Old", parent_id=root.id, active=False)


async def bins(world: World) -> None:
    one, other = await world.location(id="L1"), await world.location(id="L2")
    await world.bin(one, id="a", code="A-01", name="Top shelf")
    await world.bin(one, id="b", code="B-01", type="QUARANTINE", zone="COLD")
    await world.bin(other, id="c", code="C-01", active=False)


async def lots(world: World) -> None:
    one, other = await world.product(id="P1"), await world.product(id="P2")
    await world.lot(one, id="a", number="N-1", expiry=datetime(2026, 3, 9, tzinfo=UTC).date())
    await world.lot(one, id="b", number="N-2", expiry=datetime(2026, 3, 20, tzinfo=UTC).date())
    await world.lot(other, id="c", number="M-1")


async def channels(world: World) -> None:
    await world.channel("a", name="Web shop")
    await world.channel("b", name="Wholesale", type="WHOLESALE")
    await world.channel("c", name="Old shop", active=False)


async def policies(world: World) -> None:
    web, shop = await world.channel("WEB"), await world.channel("SHOP")
    product, location = await world.product(id="P"), await world.location(id="L")
    category = await world.category(id="C")
    await world.policy(web, id="a", product_id=product.id, mode="CAP")
    await world.policy(web, id="b", location_id=location.id)
    await world.policy(shop, id="c", category_id=category.id, mode="FENCED")
    await world.quota(web, product, location, 1, id="qa")
    await world.quota(shop, product, location, 1, id="qb")


async def items(world: World) -> None:
    one, other = await world.location(id="L1"), await world.location(id="L2")
    apple, pear = await world.product(id="P1", name="Apple"), await world.product(id="P2", sku="P")
    hold = await world.bin(one, id="B", type="HOLD")
    old = await world.lot(apple, id="OLD", expiry=datetime(2026, 3, 9, tzinfo=UTC).date())
    await world.stock(apple, one, 5, bin=hold)
    await world.stock(apple, one, 7, lot=old)
    await world.stock(pear, other, 1)
    world.database.now = LATER
    await world.issue(pear, other, 1)
    await world.level(apple, one, id="la", abc_class="A")
    await world.level(pear, other, id="lb", status="NotSupported")


CASES: list[tuple[str, Callable[[World], Awaitable[None]], dict[str, Any], str]] = [
    ("products", products, {}, "abc"),
    ("products", products, {"search": "apple"}, "a"),
    ("products", products, {"search": "APPLE red"}, "a"),
    ("products", products, {"search": "apple green"}, ""),
    ("products", products, {"search": "100"}, "ab"),
    ("products", products, {"search": "100%"}, "b"),
    ("products", products, {"search": "b_1"}, "b"),
    ("products", products, {"search": "äpfel"}, "c"),
    ("products", products, {"search": "  "}, "abc"),
    ("products", products, {"idIn": ["a", "c", "missing"]}, "ac"),
    ("products", products, {"idIn": []}, ""),
    ("products", products, {"skuIn": ["B_1"]}, "b"),
    ("products", products, {"barcodeIn": ["100", "200"]}, "ab"),
    ("products", products, {"categoryIdIn": ["FOOD"]}, "ab"),
    ("products", products, {"categoryIdIn": ["FRUIT"]}, "a"),
    ("products", products, {"locationIdIn": ["L"]}, "a"),
    ("products", products, {"unitOfMeasureIn": ["KG"]}, "c"),
    ("products", products, {"active": False}, "c"),
    ("products", products, {"lotTracked": True}, "b"),
    ("products", products, {"expiryTracked": True}, "c"),
    ("products", products, {"regulated": True}, "a"),
    ("products", products, {"createdAt": AFTER_NOON}, "c"),
    ("products", products, {"createdAt": UNTIL_NOON}, "ab"),
    ("products", products, {"updatedAt": {}}, "abc"),
    ("products", products, {"active": True, "lotTracked": True}, "b"),
    ("categories", categories, {"search": "drinks"}, "bc"),
    ("categories", categories, {"search": "a_1"}, "a"),
    ("categories", categories, {"search": "%"}, "b"),
    ("categories", categories, {"idIn": ["a"]}, "a"),
    ("categories", categories, {"codeIn": ["C"]}, "c"),
    ("categories", categories, {"parentIdIn": ["b"]}, "c"),
    ("categories", categories, {"isRoot": True}, "ab"),
    ("categories", categories, {"isRoot": False}, "c"),
    ("locations", locations, {"search": "main"}, "ab"),
    ("locations", locations, {"search": "main wh"}, "a"),
    ("locations", locations, {"idIn": ["b"]}, "b"),
    ("locations", locations, {"codeIn": ["OLD", "wh"]}, "c"),
    ("locations", locations, {"typeIn": ["STORE"]}, "b"),
    ("locations", locations, {"parentIdIn": ["b"]}, "c"),
    ("locations", locations, {"isRoot": True}, "ab"),
    ("locations", locations, {"active": False}, "c"),
    ("bins", bins, {"search": "cold"}, "b"),
    ("bins", bins, {"search": "top a-01"}, "a"),
    ("bins", bins, {"idIn": ["a"]}, "a"),
    ("bins", bins, {"locationIdIn": ["L1"]}, "ab"),
    ("bins", bins, {"typeIn": ["STANDARD"]}, "ac"),
    ("bins", bins, {"zoneIn": ["COLD"]}, "b"),
    ("bins", bins, {"isHeld": True}, "b"),
    ("bins", bins, {"isHeld": False}, "ac"),
    ("bins", bins, {"active": True}, "ab"),
    ("lots", lots, {"search": "n-"}, "ab"),
    ("lots", lots, {"idIn": ["c"]}, "c"),
    ("lots", lots, {"numberIn": ["N-1"]}, "a"),
    ("lots", lots, {"productIdIn": ["P2"]}, "c"),
    ("lots", lots, {"expiryDate": {"from": "2026-03-10"}}, "b"),
    ("lots", lots, {"expiryDate": {"from": "2026-03-09", "to": "2026-03-09"}}, "a"),
    ("lots", lots, {"stateIn": ["EXPIRED", "ACTIVE"]}, "ac"),
    ("lots", lots, {"stateIn": ["EXPIRING"]}, "b"),
    ("channels", channels, {"search": "shop"}, "ac"),
    ("channels", channels, {"idIn": ["b"]}, "b"),
    ("channels", channels, {"typeIn": ["WHOLESALE"]}, "b"),
    ("channels", channels, {"active": True}, "ab"),
    ("channelPolicies", policies, {"idIn": ["a", "b"]}, "ab"),
    ("channelPolicies", policies, {"channelIdIn": ["SHOP"]}, "c"),
    ("channelPolicies", policies, {"productIdIn": ["P"]}, "a"),
    ("channelPolicies", policies, {"locationIdIn": ["L"]}, "b"),
    ("channelPolicies", policies, {"categoryIdIn": ["C"]}, "c"),
    ("channelPolicies", policies, {"modeIn": ["CAP", "SHARE"]}, "a"),
]


@pytest.mark.parametrize(
    ("field", "make", "filter", "expected"),
    CASES,
    ids=[f"{field}-{filter}" for field, _, filter, _ in CASES],
)
async def test_a_filter_leaves_what_it_says(
    world: World,
    field: str,
    make: Callable[[World], Awaitable[None]],
    filter: dict[str, Any],
    expected: str,
) -> None:
    world.database.now = NOW
    await make(world)
    kind = {"categories": "Category", "channelPolicies": "ChannelPolicy"}.get(
        field, field[:1].upper() + field[1:-1]
    )
    query = f"""query ($filter: {kind}Filter) {{ {field}(filter: $filter, orderBy: {{field: ID}}) {{
      nodes {{ id }} totalCount }} }}"""

    found = (await ask(world, query, filter=filter))[field]

    assert "".join(node["id"] for node in found["nodes"]) == expected
    assert found["totalCount"] == len(expected)


STOCK: list[tuple[str, dict[str, Any], list[int]]] = [
    ("inventoryItems", {}, [0, 5, 7]),
    ("inventoryItems", {"search": "appl"}, [5, 7]),
    ("inventoryItems", {"idIn": ["item_missing"]}, []),
    ("inventoryItems", {"productIdIn": ["P2", "P3"]}, [0]),
    ("inventoryItems", {"locationIdIn": ["L1"]}, [5, 7]),
    ("inventoryItems", {"binIdIn": ["B"]}, [5]),
    ("inventoryItems", {"lotIdIn": ["OLD"]}, [7]),
    ("inventoryItems", {"binTypeIn": ["HOLD"]}, [5]),
    ("inventoryItems", {"hasStock": True}, [5, 7]),
    ("inventoryItems", {"hasStock": False}, [0]),
    ("inventoryItems", {"includeZero": False}, [5, 7]),
    ("inventoryItems", {"includeZero": True}, [0, 5, 7]),
    ("inventoryItems", {"isHeld": True}, [5]),
    ("inventoryItems", {"isExpired": True}, [7]),
    ("inventoryItems", {"isExpired": False}, [0, 5]),
    ("inventoryItems", {"expiryDate": {"to": "2026-03-09"}}, [7]),
    ("inventoryItems", {"onHand": {"from": 5}}, [5, 7]),
    ("inventoryItems", {"onHand": {"from": 0.000001, "to": 5}}, [5]),
    ("inventoryItems", {"available": {"to": 0}}, [0, 5, 7]),
    ("inventoryItems", {"updatedAt": AFTER_NOON}, [0]),
    ("stockLevels", {}, [0, 12]),
    ("stockLevels", {"search": "apple"}, [12]),
    ("stockLevels", {"productIdIn": ["P2"]}, [0]),
    ("stockLevels", {"locationIdIn": ["L1"]}, [12]),
    ("stockLevels", {"hasStock": True}, [12]),
    ("stockLevels", {"onHand": {"to": 11}}, [0]),
    ("stockLevels", {"available": {"from": 1}}, []),
]


@pytest.mark.parametrize(
    ("field", "filter", "expected"), STOCK, ids=[f"{field}-{filter}" for field, filter, _ in STOCK]
)
async def test_a_filter_of_stock_leaves_what_it_says(
    world: World, field: str, filter: dict[str, Any], expected: list[int]
) -> None:
    world.database.now = NOW
    await items(world)
    kind = field[:1].upper() + field[1:-1]
    query = f"""query ($filter: {kind}Filter) {{
      {field}(filter: $filter, orderBy: {{field: ON_HAND}}) {{
        nodes {{ onHand }} totalCount }} }}"""

    found = (await ask(world, query, filter=filter))[field]

    assert [node["onHand"] for node in found["nodes"]] == expected
    assert found["totalCount"] == len(expected)


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({}, ["la", "lb"]),
        ({"idIn": ["la"]}, ["la"]),
        ({"productIdIn": ["P2"]}, ["lb"]),
        ({"locationIdIn": ["L1"]}, ["la"]),
        ({"abcClassIn": ["A"]}, ["la"]),
        ({"statusIn": ["NotSupported"]}, ["lb"]),
    ],
)
async def test_a_filter_of_settings_leaves_what_it_says(
    world: World, filter: dict[str, Any], expected: list[str]
) -> None:
    await items(world)
    query = """query ($filter: InventoryLevelFilter) {
      inventoryLevels(filter: $filter, orderBy: {field: ID}) { nodes { id } } }"""

    found = await ask(world, query, filter=filter)

    assert [node["id"] for node in found["inventoryLevels"]["nodes"]] == expected


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({}, ["qa", "qb"]),
        ({"idIn": ["qb"]}, ["qb"]),
        ({"channelIdIn": ["WEB"]}, ["qa"]),
        ({"productIdIn": ["P"], "locationIdIn": ["L"]}, ["qa", "qb"]),
        ({"locationIdIn": ["elsewhere"]}, []),
    ],
)
async def test_a_filter_of_quotas_leaves_what_it_says(
    world: World, filter: dict[str, Any], expected: list[str]
) -> None:
    await policies(world)
    query = """query ($filter: ChannelQuotaFilter) {
      channelQuotas(filter: $filter, orderBy: {field: ID}) { nodes { id } } }"""

    found = await ask(world, query, filter=filter)

    assert [node["id"] for node in found["channelQuotas"]["nodes"]] == expected


async def test_a_list_of_a_thing_is_filtered_and_sorted_too(world: World) -> None:
    location = await world.location()
    for code in ("A", "B", "C"):
        await world.bin(location, code=code, zone="Z" if code != "B" else None)
    query = """{ locations { nodes { bins(first: 1, filter: {zoneIn: ["Z"]},
      orderBy: {field: CODE, direction: DESC}) { totalCount nodes { code } } } } }"""

    (found,) = (await ask(world, query))["locations"]["nodes"]

    assert found["bins"] == {"totalCount": 2, "nodes": [{"code": "C"}]}


@pytest.mark.parametrize(
    ("filter", "message"),
    [
        ('onHand: {from: "5"}', "Quantity must be a number"),
        ("onHand: {from: 1e12}", "Quantity must be below 1,000,000,000,000."),
        ("onHand: {from: 0.0000001}", "Quantity has more than 6 decimals."),
        ('updatedAt: {from: "2026-03-10T12:00:00"}', "DateTime must end in Z or in an offset"),
        ('updatedAt: {from: "0001-12-31T12:00:00Z"}', "DateTime must lie between the years 2 and"),
        ('updatedAt: {from: "0001-01-01T00:00:00+02:00"}', "DateTime must lie between the years"),
        ('updatedAt: {from: "9999-12-31T23:59:59-02:00"}', "DateTime must lie between the years"),
        ('updatedAt: {from: "yesterday"}', "DateTime must be written as ISO 8601"),
        ('expiryDate: {from: "2026-02-30"}', "Date must be written as ISO 8601"),
        ("expiryDate: {from: 5}", "Date must be written as ISO 8601"),
    ],
)
async def test_a_value_that_makes_no_sense_is_refused(
    world: World, filter: str, message: str
) -> None:
    query = f"{{ inventoryItems(filter: {{{filter}}}) {{ totalCount }} }}"

    assert message in (await refusal(world, query))["message"]


async def test_invariant_20_no_filter_reaches_another_tenant(
    world: World, other_world: World
) -> None:
    for make in (products, locations, lots, channels, items):
        await make(await World.make(world.database))
    query = """{ products { totalCount } locations { totalCount } lots { totalCount }
      channels { totalCount } inventoryItems { totalCount } stockLevels { totalCount }
      search: products(filter: {search: "apple"}) { totalCount }
      ids: products(filter: {idIn: ["a", "b", "P1"]}) { totalCount }
      there: products(filter: {locationIdIn: ["L", "L1"]}) { totalCount } }"""

    found = await answer(other_world, query)

    assert "errors" not in found
    assert {connection["totalCount"] for connection in found["data"].values()} == {0}
