"""Each kind of wrong input about stock has its code, names its field, and changes nothing."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from string import Template
from typing import Any

import asyncpg
import pytest

from clients import Client, client_of
from two_tenants import Owner
from world import World

MANUAL = Path(__file__).parents[2] / "docs" / "errors.md"
HEAD = "## Wrong input about stock"
ADJUST = ("adjustStock", "AdjustStockInput")
BATCH = ("adjustStockBatch", "AdjustStockBatchInput")
RECEIVE = ("receiveStock", "ReceiveStockInput")
RELEASE = ("releaseHolds", "ReleaseHoldsInput")


def by(quantity: str, item: str = "$item", rest: str = '"reasonCode": "FOUND"') -> str:
    return f'{{"inventoryItemId": "{item}", "by": {quantity}, {rest}}}'


def received(rest: str) -> str:
    return f'{{"locationId": "$location", "lines": [{{"productId": "$product", {rest}}}]}}'


SET_TWICE = """{"reasonCode": "FOUND", "lines": [
  {"inventoryItemId": "$item", "to": 3, "ignoreExpected": true},
  {"inventoryItemId": "$item", "to": 4, "ignoreExpected": true}]}"""
CASES = {
    "more is taken than there is": (ADJUST, by("-11", rest='"reasonCode": "DAMAGE"')),
    "an item on hold is taken from": (ADJUST, by("-1", "$held", '"reasonCode": "DAMAGE"')),
    "an item of another company": (ADJUST, by("1", "$foreign")),
    "an unknown reason": (ADJUST, by("1", rest='"reasonCode": "NO_SUCH"')),
    "a missing comment": (ADJUST, by("1", rest='"reasonCode": "$strict"')),
    "a quantity of 0": (ADJUST, by("0")),
    "a quantity of -0": (ADJUST, by("-0")),
    "a quantity of -0.0": (ADJUST, by("-0.0")),
    "a quantity of 1e30": (ADJUST, by("1e30")),
    "a quantity that is NaN": (ADJUST, by("NaN")),
    "a quantity with seven decimals": (ADJUST, by("0.0000001")),
    "a quantity that is text": (ADJUST, by('"1"')),
    "a received quantity below 0": (RECEIVE, received('"quantity": -1')),
    "a lot of another product": (RECEIVE, received('"quantity": 1, "lotId": "$lot"')),
    "a bin of another location": (RECEIVE, received('"quantity": 1, "binId": "$bin"')),
    "an expiry date in the past": (
        RECEIVE,
        received('"quantity": 1, "lotNumber": "L-9", "expiryDate": "2001-01-31"'),
    ),
    "more is released than is held": (RELEASE, '{"holdId": "$hold", "quantity": 3}'),
    "one item is set twice in a request": (BATCH, SET_TWICE),
}


# The same act in REST: its path, and how it spells what the graph calls otherwise.
REST = {
    ADJUST: ("/api/inventory/adjust", {"by": "adjustment"}),
    RECEIVE: ("/api/inventory/record-stock", {"productId": "productMasterId"}),
    RELEASE: ("/api/inventory/holds/release", {}),
}
SET_TWICE_BY_REST = """{"locationId": "$location", "reasonCode": "FOUND", "lines": [
  {"productMasterId": "$product", "newQty": 3}, {"productMasterId": "$product", "newQty": 4}]}"""


def listed() -> dict[str, tuple[str, str]]:
    """The code and the field of each kind, as the manual has them."""
    text = MANUAL.read_text(encoding="utf-8").partition(HEAD)[2]
    rows = re.findall(r"^\| (.+?) \| `(\w+)` \| `?(.*?)`? \|$", text, re.MULTILINE)
    return {what: (code, field) for what, code, field in rows}


@pytest.fixture
async def owner(urls: tuple[str, str]) -> AsyncIterator[Owner]:
    connection = await asyncpg.connect(urls[0])
    yield Owner(connection)
    await connection.close()


async def ids_of(world: World, other_world: World) -> dict[str, str]:
    """What the cases name: ten units, two of them on hold, and what is of others."""
    product, location = await world.product(), await world.location()
    other, elsewhere = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    held = await world.stock(product, location, 5, bin=await world.bin(location))
    foreign = await other_world.stock(await other_world.product(), await other_world.location(), 10)
    async with world.write() as session:
        await session.call(
            "insert into reason_codes (id, code, name, requires_comment)"
            " values ('reason_strict', 'STRICT', 'Strict', true)"
        )
        for id, scope, quantity in (("hold_1", held, None), ("hold_2", item, 2)):
            await session.call(_HOLD, id, scope, product.id, location.id, quantity)
    return {
        "item": item,
        "held": held,
        "foreign": foreign,
        "strict": "STRICT",
        "product": product.id,
        "location": location.id,
        "lot": (await world.lot(other)).id,
        "bin": (await world.bin(elsewhere)).id,
        "hold": "hold_2",
    }


_HOLD = """
insert into holds (id, type, scope, scope_id, inventory_item_id, product_id, location_id, quantity,
  reason, created_by)
values ($1, 'QUALITY', 'ITEM', $2, $2, $3, $4, $5, 'Look at it', '{}')
"""


async def ask(client: Client, operation: tuple[str, str], values: str) -> dict[str, Any]:
    """The only error of a mutation whose input goes out as it is written."""
    field, type_ = operation
    query = f"mutation Try($input: {type_}!) {{ {field}(input: $input) {{ position }} }}"
    text = f'{{"query": {json.dumps(query)}, "variables": {{"input": {values}}}}}'
    headers = {"Authorization": f"Bearer {client.key}", "Content-Type": "application/json"}
    response = await client.http.post("/graphql", content=text.encode(), headers=headers)
    (error,) = response.json()["errors"]
    return dict(error)


def by_rest(operation: tuple[str, str], values: str) -> tuple[str, str]:
    """Path and body of the same act in REST."""
    if operation == BATCH:
        return REST[RECEIVE][0], SET_TWICE_BY_REST
    path, spelled = REST[operation]
    for graph, rest in spelled.items():
        values = values.replace(f'"{graph}"', f'"{rest}"')
    return path, values


async def send(client: Client, path: str, body: str) -> tuple[str, str]:
    """Code and field of a refusal of REST, with the field as the graph spells it."""
    headers = {"Content-Type": "application/json"}
    response = await client.rest("POST", path, content=body.encode(), headers=headers)
    told = response.json()
    assert told["error"]
    field = told.get("details", {}).get("field", "")
    return told["code"], {"adjustment": "by"}.get(field, field)


def test_the_manual_lists_every_case() -> None:
    assert list(listed()) == list(CASES)


async def test_every_wrong_input_is_refused_as_the_manual_says(
    world: World, other_world: World, owner: Owner
) -> None:
    ids = await ids_of(world, other_world)
    async with client_of(world) as client:
        await ask(client, ADJUST, by("1", "item_none"))  # the key is used once
        before = await owner.digest(world)
        found = {}
        for what, (operation, values) in CASES.items():
            error = await ask(client, operation, Template(values).substitute(ids))
            told = error["extensions"]
            assert error["message"]
            found[what] = (told["code"], told.get("field", ""))

    assert found == listed()
    assert await owner.digest(world) == before


async def test_rest_refuses_every_wrong_input_with_the_same_code_and_field(
    world: World, other_world: World, owner: Owner
) -> None:
    ids = await ids_of(world, other_world)
    async with client_of(world) as client:
        await ask(client, ADJUST, by("1", "item_none"))  # the key is used once
        before = await owner.digest(world)
        found = {}
        for what, (operation, values) in CASES.items():
            path, body = by_rest(operation, values)
            found[what] = await send(client, path, Template(body).substitute(ids))

    # The documented body of what is not found names it in its text alone.
    unnamed = {"an item of another company": ("NOT_FOUND", "")}
    assert found == listed() | unnamed
    assert await owner.digest(world) == before
