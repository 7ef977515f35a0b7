"""Suggestions are accepted: as records, transfers or requests, in one act."""

from decimal import Decimal
from typing import Any

import pytest

from domain.actor import SYSTEM
from graph import ask, refusal, statements
from services import replenishment, stock
from world import World

D = Decimal
ACCEPT = """mutation ($input: AcceptReplenishmentSuggestionsInput!) {
  acceptReplenishmentSuggestions(input: $input) {
    records { status quantity method sourceLocation { id } transferId events { action toStatus } }
    transferIds requestIds message } }"""


async def places(world: World, products: int = 2) -> tuple[list[Any], Any, Any]:
    """Products that a shop is short of, and a depot that has 100 of each."""
    shop, depot = await world.location(id="loc_shop"), await world.location(id="loc_depot")
    made = [await world.product() for _ in range(products)]
    for product in made:
        for place, most in ((shop, 30), (depot, 40)):
            values = {
                "product_id": product.id,
                "location_id": place.id,
                "method": "MIN_MAX",
                "min_quantity": D(5),
                "max_quantity": D(most),
            }
            async with world.write() as session:
                await replenishment.configure(session, SYSTEM, values, None)
        await world.stock(product, depot, 100)
    return made, shop, depot


def items(products: list[Any], **more: Any) -> list[dict[str, Any]]:
    return [{"productId": one.id, "locationId": "loc_shop"} | more for one in products]


async def accept(world: World, wanted: list[dict[str, Any]], into: str) -> Any:
    found = await ask(world, ACCEPT, input={"items": wanted, "into": into})
    return found["acceptReplenishmentSuggestions"]


async def suggested(world: World) -> int:
    async with world.read() as session:
        return (await replenishment.suggest(session, replenishment.Wish())).count


async def test_records_wait_for_review_and_are_not_suggested_again(world: World) -> None:
    products, _shop, _depot = await places(world)
    before = await suggested(world)

    done = await accept(world, items(products), "RECORDS")

    assert done == {
        "records": [
            {
                "status": "PENDING",
                "quantity": 30,
                "method": "MIN_MAX",
                "sourceLocation": {"id": "loc_depot"},
                "transferId": None,
                "events": [{"action": "CREATE", "toStatus": "PENDING"}],
            }
        ]
        * 2,
        "transferIds": [],
        "requestIds": [],
        "message": "Made 2 records.",
    }
    assert (before, await suggested(world)) == (2, 0)


async def test_transfers_are_one_for_each_pair_of_locations(world: World) -> None:
    products, _shop, _depot = await places(world)

    done = await accept(world, items(products), "TRANSFERS")

    (id,) = done["transferIds"]
    found = await ask(
        world,
        "query ($id: ID!) { transfer(id: $id)"
        " { status sourceLocation { id } lines { quantity } } }",
        id=id,
    )
    assert found["transfer"] == {
        "status": "DRAFT",
        "sourceLocation": {"id": "loc_depot"},
        "lines": [{"quantity": 30}, {"quantity": 30}],
    }
    assert [(r["status"], r["transferId"]) for r in done["records"]] == [("ORDERED", id)] * 2
    assert done["message"] == "Made 2 records and 1 transfers."
    assert await suggested(world) == 0


async def test_requests_ask_the_location_that_has_more_than_it_needs(world: World) -> None:
    products, _shop, _depot = await places(world)

    done = await accept(world, items(products, quantity=7), "REQUESTS")

    (id,) = done["requestIds"]
    found = await ask(
        world,
        "query ($id: ID!) { stockRequest(id: $id) { status fulfillingLocation { id }"
        " lines { requested } } }",
        id=id,
    )
    assert found["stockRequest"]["status"] == "SUBMITTED"
    assert found["stockRequest"]["fulfillingLocation"] == {"id": "loc_depot"}
    assert [line["requested"] for line in found["stockRequest"]["lines"]] == [7, 7]
    assert await suggested(world) == 0  # 7 are coming, and the minimum is 5


@pytest.mark.parametrize(
    ("more", "into", "code", "field"),
    [
        ({"locationId": "loc_depot"}, "RECORDS", "NOT_SUGGESTED", "items[0]"),
        (
            {"locationId": "loc_depot", "quantity": 1},
            "TRANSFERS",
            "SOURCE_MISSING",
            "items[0].sourceLocationId",
        ),
        ({"quantity": 0}, "RECORDS", "QUANTITY_REFUSED", "items[0].quantity"),
        ({"productId": "no", "quantity": 1}, "RECORDS", "NOT_FOUND", "items[0].productId"),
        (
            {"sourceLocationId": "loc_shop"},
            "RECORDS",
            "INVALID",
            "items[0].sourceLocationId",
        ),
    ],
)
async def test_refuses_all_when_one_cannot_be_accepted(
    world: World, more: dict[str, Any], into: str, code: str, field: str
) -> None:
    products, _shop, _depot = await places(world)
    wanted = items(products)
    wanted[0] |= more

    refused = await refusal(world, ACCEPT, input={"items": wanted, "into": into})

    found = await ask(world, "{ replenishments { totalCount } transfers { totalCount } }")
    assert (refused["code"], refused["field"]) == (code, field)
    assert found == {"replenishments": {"totalCount": 0}, "transfers": {"totalCount": 0}}


@pytest.mark.parametrize("into", ["RECORDS", "TRANSFERS"])
async def test_any_number_costs_the_same_statements(world: World, into: str) -> None:
    products, _shop, _depot = await places(world, 13)

    async with statements(world) as one:
        await accept(world, items(products[:1]), into)
    async with statements(world) as many:
        await accept(world, items(products[1:]), into)

    assert len(one) == len(many)


async def test_150_suggestions_take_as_many_statements_as_two(
    world: World, other_world: World
) -> None:
    assert await cost(world, 2) == await cost(other_world, 150)


async def cost(world: World, number: int) -> dict[str, int]:
    """Statements of accepting so many suggestions, as records and as transfers."""
    shop, depot = await world.location(id="loc_shop"), await world.location(id="loc_depot")
    async with world.write() as session:
        await session.call(
            "insert into products (id, sku, name)"
            " select 'p' || n, 'P' || n, 'P' || n from generate_series(1, $1) n",
            number,
        )
        await session.call(
            "insert into inventory_levels (id, product_id, location_id, replenishment_method,"
            " min_quantity, max_quantity) select l || n, 'p' || n, l, 'MIN_MAX', 5, 30"
            " from generate_series(1, $1) n, unnest(array['loc_shop', 'loc_depot']) l",
            number,
        )
        lines = [
            stock.Line(product_id=f"p{n}", location_id=depot.id, delta=D(100))
            for n in range(1, number + 1)
        ]
        await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=lines))
    wanted = [
        replenishment.Item(product_id=f"p{n}", location_id=shop.id) for n in range(1, number + 1)
    ]
    spent = {}
    for into in ("RECORDS", "TRANSFERS"):
        async with (
            statements(world) as seen,
            world.database.write(world.tenant_id, dry_run=True) as session,
        ):
            wish = replenishment.Acceptance(items=wanted, into=into)
            done = await replenishment.accept(session, SYSTEM, wish)
            spent[into] = len(seen)
        assert len(done.records) == number
        assert len(done.transfer_ids) == (1 if into == "TRANSFERS" else 0)
    return spent
