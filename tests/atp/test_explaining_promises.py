"""Why a channel may promise what it may: the steps add up, whatever the state, at any moment."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from clients import client_of
from graph import ask, refusal, statements
from trade import Trade
from world import World

STEPS = "explain { kind quantity balance count refs policy { id version } }"
MATRIX = f"""query ($at: ID!, $asOf: DateTime) {{ atpMatrix(locationId: $at, asOf: $asOf) {{
  rows(first: 50) {{ nodes {{ product {{ id }} totalOnHand totalReserved
    cells {{ channel {{ id }} atp onHand reserved available {STEPS} }} }} }} }} }}"""
DRILL = f"""query ($at: ID!, $of: ID!, $asOf: DateTime, $only: [ID!]) {{
  atpDrilldown(locationId: $at, productId: $of, asOf: $asOf, channelIn: $only) {{
    cells {{ channel {{ id }} atp onHand reserved available {STEPS} }}
    stockLines {{ item {{ id }} sums {{ onHand available onHold picked expired recalled }} }}
    reservations {{ id kind quantity channel {{ id }} item {{ id }} }}
    holds {{ id }} policies {{ id version mode }} }} }}"""

QUOTA = """mutation ($input: CreateChannelQuotaInput!) {
  createChannelQuota(input: $input) { position } }"""
POLICY = """mutation ($input: CreateChannelPolicyInput!) {
  createChannelPolicy(input: $input) { position } }"""


def check(cell: dict[str, Any]) -> None:
    """The steps of a cell lead to it."""
    balance = Decimal(0)
    for step in cell["explain"]:
        balance += step["quantity"]
        assert step["balance"] == balance
        assert step["count"] >= len(step["refs"])
    assert balance == cell["atp"]


@pytest.mark.parametrize("offset", [0, 1])
async def test_invariant_21_steps_sum_to_the_cell_and_lines_to_the_row(
    world: World, run_seed: int, offset: int
) -> None:
    trade = await Trade.begin(world, run_seed + offset)
    moments = []
    for _ in range(16):
        await trade.go_on(hours=2)
        moments.append(trade.now)
    world.database.now = trade.now + timedelta(hours=1)

    for moment in [*trade.choose.sample(moments, 4), None]:
        as_of = None if moment is None else moment.isoformat()
        for place in trade.places:
            found = await ask(world, MATRIX, at=place.id, asOf=as_of)
            for row in found["atpMatrix"]["rows"]["nodes"]:
                about = {"at": place.id, "of": row["product"]["id"], "asOf": as_of}
                below = (await ask(world, DRILL, **about))["atpDrilldown"]
                for cell in row["cells"]:
                    check(cell)
                assert below["cells"] == row["cells"]
                lines = [line["sums"] for line in below["stockLines"]]
                assert sum(line["onHand"] for line in lines) == row["totalOnHand"]
                promised = sum(one["quantity"] for one in below["reservations"])
                assert promised == row["totalReserved"]
                on_hand = row["cells"][0]["explain"][0]
                assert on_hand["refs"] == sorted(
                    line["item"]["id"] for line in below["stockLines"] if line["sums"]["onHand"]
                )


async def place_of(world: World) -> tuple[str, str]:
    """Twenty units with everything that can lie on them."""
    await world.channel("A")
    await world.channel("B", position=1)
    product, location = await world.product(), await world.location()
    bin = await world.bin(location, type="HOLD")
    item = await world.stock(product, location, 20)
    await world.stock(product, location, 3, bin=bin)
    await world.reserve(item, 2, channel_id="A")
    return location.id, product.id


async def explained(world: World, at: str, of: str, channel: str) -> list[tuple[Any, ...]]:
    found = await ask(world, DRILL, at=at, of=of, only=[channel])
    (cell,) = found["atpDrilldown"]["cells"]
    check(cell)
    return [(step["kind"], step["quantity"]) for step in cell["explain"] if step["quantity"]]


async def test_shows_what_each_mode_takes(world: World) -> None:
    at, of = await place_of(world)
    quota = {"channelId": "B", "productId": of, "locationId": at, "allocated": 5}
    await ask(world, QUOTA, input=quota)
    cap = {"channelId": "A", "mode": "CAP", "cap": 12, "safetyStock": 1, "buffer": 2}
    await ask(world, POLICY, input=cap)
    await ask(world, POLICY, input={"channelId": "B", "mode": "FENCED"})

    usual = [("ON_HAND", 23), ("HELD", -3), ("RESERVED", -2)]
    assert await explained(world, at, of, "A") == [
        *usual,
        ("FENCED_FOR_OTHERS", -5),
        ("CAP", -3),
        ("SAFETY_STOCK", -1),
        ("BUFFER", -2),
    ]
    assert await explained(world, at, of, "B") == [*usual, ("QUOTA", -13)]


async def test_promises_no_less_than_the_backorder_limit(world: World) -> None:
    at, of = await place_of(world)
    wish = {"channelId": "A", "safetyStock": 30, "backorderLimit": 4}
    await ask(world, POLICY, input=wish)

    steps = await explained(world, at, of, "A")

    assert steps[-2:] == [("SAFETY_STOCK", -30), ("BACKORDER", 8)]


async def test_explaining_a_page_costs_one_statement(world: World) -> None:
    at, _ = await place_of(world)
    plain = MATRIX.replace(STEPS, "")
    counts = []
    for query in (plain, MATRIX):
        async with statements(world) as found:
            await ask(world, query, at=at)
        counts.append(len(found))

    assert counts[1] == counts[0] + 1


async def test_shows_what_is_on_its_way(world: World) -> None:
    at, of = await place_of(world)
    source = await world.location()
    async with world.read() as session:
        row = await session.one(text(f"select * from products where id = '{of}'"))
    await world.stock(row, source, 9)
    create = """mutation ($input: CreateTransferInput!) {
      createTransfer(input: $input) { transfer { id number } } }"""
    wish = {"sourceLocationId": source.id, "destLocationId": at, "submit": True}
    wish |= {"expectedOn": "2031-01-31", "lines": [{"productId": of, "quantity": 4}]}
    made = (await ask(world, create, input=wish))["createTransfer"]["transfer"]
    approve = """mutation ($id: ID!) {
      approveTransfer(input: {transferId: $id}) { transfer { status } } }"""
    await ask(world, approve, id=made["id"])
    drill = """query ($at: ID!, $of: ID!) { atpDrilldown(locationId: $at, productId: $of) {
      inbound { kind quantity dueOn sourceType sourceId sourceNumber } } }"""

    found = await ask(world, drill, at=at, of=of)

    assert found["atpDrilldown"]["inbound"] == [
        {
            "kind": "APPROVED",
            "quantity": 4,
            "dueOn": "2031-01-31",
            "sourceType": "TRANSFER",
            "sourceId": made["id"],
            "sourceNumber": made["number"],
        }
    ]


async def test_refuses_what_is_not_there(world: World) -> None:
    at, of = await place_of(world)

    product = await refusal(world, DRILL, at=at, of="nothing")
    location = await refusal(world, DRILL, at="nowhere", of=of)

    assert (product["code"], product["message"]) == (
        "NOT_FOUND",
        "Product not found or not accessible",
    )
    assert location["message"] == "Location not found or not accessible"


async def test_the_documented_rows_explain_too(world: World) -> None:
    at, of = await place_of(world)

    async with client_of(world) as client:
        path = "/api/inventory/channel-location"
        plain = await client.get(path, locationId=at)
        page = await client.get(path, locationId=at, explain="true")
        below = await client.get(f"{path}/drilldown", locationId=at, productMasterId=of)
        missing = await client.rest("GET", f"{path}/drilldown", params={"locationId": at})
        nowhere = await client.rest(
            "GET", f"{path}/drilldown", params={"locationId": "x", "productMasterId": of}
        )

    (row,) = page["products"]
    for cell, other, bare in zip(
        row["channels"], below["cells"], plain["products"][0]["channels"], strict=True
    ):
        steps = cell.pop("explain")
        assert cell == bare
        assert other["explain"] == steps
        assert steps[-1]["balance"] == cell["atp"] == other["atp"]
        assert [step["step"] for step in steps[:4]] == ["ON_HAND", "EXPIRED", "HELD", "RESERVED"]
    assert [line["qtyOnHand"] for line in below["stockLines"]] == [3, 20]
    assert [one["quantity"] for one in below["reservations"]] == [2]
    assert below["product"]["productMasterId"] == of
    assert (missing.status_code, missing.json()["error"]) == (400, "productMasterId is required")
    assert (nowhere.status_code, nowhere.json()["error"]) == (
        404,
        "Location not found or not accessible",
    )
