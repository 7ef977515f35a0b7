from collections.abc import Sequence
from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import LimitExceeded
from domain.pages import ListWish, PageWish
from graph import answer, ask, context_of, refusal, statements
from resolvers.cursors import Cursors
from services.locations import reading as locations
from world import World

PRODUCTS = """
query ($first: Int, $after: Cursor, $last: Int, $before: Cursor, $page: Int,
       $filter: ProductFilter, $orderBy: ProductOrder) {
  products(first: $first, after: $after, last: $last, before: $before, page: $page,
           filter: $filter, orderBy: $orderBy) {
    edges { cursor node { sku } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
ITEMS = """
query ($first: Int, $after: Cursor, $last: Int, $before: Cursor, $orderBy: InventoryItemOrder) {
  inventoryItems(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def page_of(world: World, query: str, **variables: Any) -> dict[str, Any]:
    (connection,) = (await ask(world, query, **variables)).values()
    found: dict[str, Any] = connection
    return found


async def walk(world: World, query: str, size: int, *, backward: bool, **rest: Any) -> list[Any]:
    """Every node of a list, in its order, read in parts of this size."""
    found: list[Any] = []
    size_name, cursor_name = ("last", "before") if backward else ("first", "after")
    cursor_of, more = ("startCursor", "hasPreviousPage"), "hasNextPage"
    variables: dict[str, Any] = {size_name: size, **rest}
    for _ in range(100):
        page = await page_of(world, query, **variables)
        nodes = [edge["node"] for edge in page["edges"]]
        found = nodes + found if backward else found + nodes
        info = page["pageInfo"]
        if not info[cursor_of[1] if backward else more]:
            return found
        variables[cursor_name] = info[cursor_of[0] if backward else "endCursor"]
    raise AssertionError("the walk does not end")


async def skus(world: World, **variables: Any) -> list[str]:
    page = await page_of(world, PRODUCTS, **variables)
    return [edge["node"]["sku"] for edge in page["edges"]]


async def three(world: World) -> None:
    for sku in ("A", "B", "C"):
        await world.product(sku=sku)


@pytest.fixture
async def items(world: World) -> World:
    """Buckets with equal, absent and different values of everything that they are sorted by."""
    location = await world.location()
    bins = [None, await world.bin(location), await world.bin(location)]
    for n in range(3):
        product = await world.product(name="Same" if n < 2 else "Other")
        lots = [None, await world.lot(product), await world.lot(product)]
        for bin, lot in zip(bins, lots, strict=True):
            await world.stock(product, location, n + 1, bin=bin, lot=lot)
    return world


ORDERS = [
    (field, direction)
    for field in ("ID", "SKU", "PRODUCT_NAME", "BIN_CODE", "EXPIRY_DATE", "ON_HAND", "CREATED_AT")
    for direction in ("ASC", "DESC")
]


@pytest.mark.parametrize(("field", "direction"), ORDERS)
async def test_a_walk_gives_every_row_once_in_order(
    items: World, field: str, direction: str
) -> None:
    order = {"field": field, "direction": direction}
    whole = await page_of(items, ITEMS, first=50, orderBy=order)
    expected = [edge["node"] for edge in whole["edges"]]

    for size in (1, 2, 4, 9):
        for backward in (False, True):
            found = await walk(items, ITEMS, size, backward=backward, orderBy=order)
            assert found == expected
    assert len(expected) == len({node["id"] for node in expected}) == 9


@pytest.mark.parametrize("field", [field for field, direction in ORDERS if direction == "ASC"])
async def test_descending_is_ascending_in_reverse(items: World, field: str) -> None:
    up = await page_of(items, ITEMS, orderBy={"field": field, "direction": "ASC"})
    down = await page_of(items, ITEMS, orderBy={"field": field, "direction": "DESC"})

    assert [e["node"] for e in down["edges"]] == [e["node"] for e in up["edges"]][::-1]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(st.sampled_from(["a", "B", "b", "ä", "_"]), min_size=0, max_size=8),
    added=st.lists(st.sampled_from(["a", "B", "ä", "zz"]), min_size=0, max_size=4),
    size=st.integers(1, 4),
    backward=st.booleans(),
)
async def test_a_walk_gives_what_was_there_even_while_rows_are_added(
    world: World, names: Sequence[str], added: Sequence[str], size: int, *, backward: bool
) -> None:
    fresh = await World.make(world.database)
    there = [(await fresh.product(name=name)).sku for name in names]
    arriving = list(added)
    order = {"field": "NAME", "direction": "ASC"}
    whole = [sku for sku in await skus(fresh, orderBy=order, first=50) if sku in there]

    found: list[str] = []
    variables: dict[str, Any] = {"last" if backward else "first": size, "orderBy": order}
    while True:
        page = await page_of(fresh, PRODUCTS, **variables)
        part = [edge["node"]["sku"] for edge in page["edges"]]
        found = part + found if backward else found + part
        info = page["pageInfo"]
        if not info["hasPreviousPage" if backward else "hasNextPage"]:
            break
        if backward:
            variables["before"] = info["startCursor"]
        else:
            variables["after"] = info["endCursor"]
        if arriving:
            await fresh.product(name=arriving.pop())

    assert [sku for sku in found if sku in there] == whole
    assert len(found) == len(set(found))


async def test_a_part_between_two_cursors(world: World) -> None:
    for sku in "ABCDE":
        await world.product(sku=sku)
    edges = (await page_of(world, PRODUCTS))["edges"]
    after, before = edges[0]["cursor"], edges[4]["cursor"]

    assert await skus(world, first=2, after=after, before=before) == ["B", "C"]
    assert await skus(world, last=2, after=after, before=before) == ["C", "D"]
    assert await skus(world, first=9, after=after, before=before) == ["B", "C", "D"]


async def test_page_info_says_what_is_around(world: World) -> None:
    await three(world)
    first = await page_of(world, PRODUCTS, first=1)
    second = await page_of(world, PRODUCTS, first=1, after=first["pageInfo"]["endCursor"])
    last = await page_of(world, PRODUCTS, last=1)
    none = await page_of(world, PRODUCTS, filter={"search": "nothing of the kind"})

    def sides(page: dict[str, Any]) -> tuple[bool, bool]:
        return page["pageInfo"]["hasPreviousPage"], page["pageInfo"]["hasNextPage"]

    assert [sides(page) for page in (first, second, last, none)] == [
        (False, True),
        (True, True),
        (True, False),
        (False, False),
    ]
    assert none["pageInfo"]["startCursor"] is None
    assert none["pageInfo"]["endCursor"] is None
    assert first["pageInfo"]["startCursor"] == first["edges"][0]["cursor"]


async def test_a_cursor_is_good_for_any_page_size(world: World) -> None:
    await three(world)
    cursor = (await page_of(world, PRODUCTS, first=1))["pageInfo"]["endCursor"]

    assert await skus(world, first=1, after=cursor) == ["B"]
    assert await skus(world, first=2, after=cursor) == ["B", "C"]


async def test_a_cursor_outlives_its_row(world: World) -> None:
    await three(world)
    products = await page_of(world, PRODUCTS, first=2)
    async with world.write() as session:
        await session.call("update products set sku = 'Z' where sku = 'B' returning 1")

    found = await skus(world, first=5, after=products["pageInfo"]["endCursor"])

    assert found == ["C", "Z"]


async def test_a_cursor_of_another_filter_is_refused(world: World) -> None:
    await three(world)
    cursor = (await page_of(world, PRODUCTS, first=1))["pageInfo"]["endCursor"]

    for other in (
        {"filter": {"active": True}},
        {"orderBy": {"field": "SKU", "direction": "DESC"}},
        {"orderBy": {"field": "NAME", "direction": "ASC"}},
    ):
        assert await refusal(world, PRODUCTS, after=cursor, **other) == {
            "message": "after is no cursor of this list under this filter and order.",
            "path": ["products"],
            "code": "INVALID",
            "field": "after",
        }


async def test_a_cursor_of_another_list_is_refused(world: World) -> None:
    await three(world)
    cursor = (await page_of(world, PRODUCTS, first=1))["pageInfo"]["endCursor"]

    found = await refusal(world, ITEMS, before=cursor)

    assert (found["code"], found["field"]) == ("INVALID", "before")


async def test_a_cursor_of_another_thing_of_the_same_kind_is_refused(world: World) -> None:
    query = """query ($id: ID!, $after: Cursor) {
      location(id: $id) { bins(first: 1, after: $after) { pageInfo { endCursor } } } }"""
    one, other = await world.location(), await world.location()
    await world.bin(one)
    found = await ask(world, query, id=one.id)
    cursor = found["location"]["bins"]["pageInfo"]["endCursor"]

    assert (await ask(world, query, id=one.id, after=cursor))["location"] is not None
    assert (await refusal(world, query, id=other.id, after=cursor))["field"] == "after"


async def test_invariant_20_a_cursor_of_another_tenant_is_refused(
    world: World, other_world: World
) -> None:
    await three(world)
    cursor = (await page_of(world, PRODUCTS, first=1))["pageInfo"]["endCursor"]

    assert (await refusal(other_world, PRODUCTS, after=cursor))["field"] == "after"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=st.integers(0, 40), letter=st.characters(codec="ascii"))
async def test_a_cursor_that_was_changed_is_refused(world: World, at: int, letter: str) -> None:
    async with context_of(world) as context:
        cursor = context.cursors.seal("list", ("A", "prod_1"))
    changed = cursor[:at] + letter + cursor[at + 1 :]

    found = await answer(world, PRODUCTS, after=changed)

    assert found["data"] is None
    assert found["errors"][0]["code"] == "INVALID"


@pytest.mark.parametrize("added", ["!", "=", "\n", "A"])
async def test_a_cursor_with_something_added_is_refused(world: World, added: str) -> None:
    await three(world)
    cursor = (await page_of(world, PRODUCTS, first=1))["pageInfo"]["endCursor"]

    assert (await refusal(world, PRODUCTS, after=cursor + added))["field"] == "after"


@pytest.mark.parametrize("text", ["", "x", "ä", "=" * 8, "A" * 100_000, "\ud800"])
async def test_text_that_is_no_cursor_is_refused(world: World, text: str) -> None:
    assert (await refusal(world, PRODUCTS, after=text))["field"] == "after"


values = st.one_of(
    st.none(),
    st.integers(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
)


@given(place=st.lists(values).map(tuple), scope=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_cursor_gives_back_the_exact_place(place: tuple[object, ...], scope: str) -> None:
    cursors = Cursors(b"key")

    assert cursors.open(scope, cursors.seal(scope, place), "after") == place


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"first": 1, "last": 1}, "INVALID", "last"),
        ({"first": -1}, "INVALID", "first"),
        ({"last": -1}, "INVALID", "last"),
        ({"first": 201}, "LIMIT_EXCEEDED", "first"),
        ({"last": 201}, "LIMIT_EXCEEDED", "last"),
        ({"page": 0}, "INVALID", "page"),
        ({"page": 1_000_001}, "LIMIT_EXCEEDED", "page"),
        ({"page": 1, "first": 0}, "INVALID", "first"),
        ({"page": 1, "last": 1}, "INVALID", "page"),
        ({"page": 1, "after": "x"}, "INVALID", "page"),
    ],
)
async def test_arguments_that_make_no_sense_are_refused(
    world: World, arguments: dict[str, Any], code: str, field: str
) -> None:
    found = await refusal(world, PRODUCTS, **arguments)

    assert (found["code"], found["field"]) == (code, field)


async def test_no_rows_can_be_asked_for(world: World) -> None:
    await three(world)

    page = await page_of(world, PRODUCTS, first=0)

    assert page["edges"] == []
    assert page["pageInfo"]["hasNextPage"] is True


PAGED = """query ($first: Int, $page: Int, $after: Cursor) {
  products(first: $first, page: $page, after: $after) {
    nodes { sku } totalCount pagination { page pageSize total totalPages }
  }
}"""


async def test_pages_by_number(world: World) -> None:
    await three(world)
    pages = [(await ask(world, PAGED, first=2, page=page))["products"] for page in (1, 2, 3)]

    assert [[node["sku"] for node in page["nodes"]] for page in pages] == [["A", "B"], ["C"], []]
    assert [page["pagination"] for page in pages] == [
        {"page": page, "pageSize": 2, "total": 3, "totalPages": 2} for page in (1, 2, 3)
    ]


async def test_pagination_belongs_to_numbers_and_not_to_cursors(world: World) -> None:
    await three(world)
    cursor = (await page_of(world, PRODUCTS, first=1))["pageInfo"]["endCursor"]

    assert (await ask(world, PAGED))["products"]["pagination"]["page"] == 1
    assert (await ask(world, PAGED, after=cursor))["products"]["pagination"] is None


async def test_an_empty_list_has_no_pages(world: World) -> None:
    assert (await ask(world, PAGED, page=1))["products"] == {
        "nodes": [],
        "totalCount": 0,
        "pagination": {"page": 1, "pageSize": 20, "total": 0, "totalPages": 0},
    }


async def test_rows_are_counted_and_read_only_when_selected(world: World) -> None:
    await three(world)
    asked = {
        "{ products { nodes { sku } edges { cursor } pageInfo { hasNextPage } } }": 1,
        "{ products { totalCount } }": 1,
        "{ products(page: 2) { totalCount pagination { total } } }": 1,
        "{ products { totalCount nodes { sku } } }": 2,
        "{ products { __typename } }": 0,
    }

    for query, expected in asked.items():
        async with statements(world) as found:
            await ask(world, query)
        assert len(found) == expected, query


async def test_many_long_lists_inside_one_another_are_refused(world: World) -> None:
    ids = [f"loc_{n}" for n in range(201)]

    async with world.read() as session:
        wish = ListWish(part=PageWish(limit=199))
        assert len(await locations.bins.pages_of(session, ids, "location_id", wish)) == 201
        wish = ListWish(part=PageWish(limit=200))
        with pytest.raises(LimitExceeded) as refused:
            await locations.bins.pages_of(session, ids, "location_id", wish)

    assert refused.value.details == {"limit": "nestedRows", "max": 40_000}
