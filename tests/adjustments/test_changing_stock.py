"""Receiving, issuing, returning, adjusting, setting and moving stock over the graph."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM
from graph import ask, refusal
from services import stock
from world import World

SHOWN = """
    message
    posting { kind reference comment reasonCode { id } }
    entries { delta quantityBefore quantityAfter item { id } bin { id } lot { id } }
    items { id onHand available }
"""


def act(name: str, shown: str = SHOWN) -> str:
    """The mutation of this name, whose input type has its name too."""
    type_ = name[0].upper() + name[1:]
    return f"mutation ($input: {type_}Input!) {{ {name}(input: $input) {{ {shown} }} }}"


async def do(world: World, name: str, shown: str = SHOWN, **input: Any) -> Any:
    return (await ask(world, act(name, shown), input=input))[name]


async def refused(world: World, name: str, **input: Any) -> tuple[str, str, dict[str, Any]]:
    found = await refusal(world, act(name, "message"), input=input)
    return found["code"], found["field"], found.get("details", {})


async def on_hand(world: World, item_id: str) -> int:
    data = await ask(world, "query ($id: ID!) { inventoryItem(id: $id) { onHand } }", id=item_id)
    return int(data["inventoryItem"]["onHand"])


async def test_receives_into_a_new_lot(world: World) -> None:
    product, location = await world.product(), await world.location()
    bin = await world.bin(location)

    done = await do(
        world,
        "receiveStock",
        locationId=location.id,
        reference="PO-1",
        lines=[
            {
                "productId": product.id,
                "quantity": 5,
                "lotNumber": "L1",
                "expiryDate": "2999-12-31",
                "binId": bin.id,
                "unitCost": 2.5,
            },
            {"productId": product.id, "quantity": 2, "lotNumber": "L1", "binId": bin.id},
        ],
    )

    lot_id = done["entries"][0]["lot"]["id"]
    item_id = done["entries"][0]["item"]["id"]
    assert done == {
        "message": "Received 7 units",
        "posting": {
            "kind": "RECEIPT",
            "reference": "PO-1",
            "comment": None,
            "reasonCode": {"id": "reason_receipt"},
        },
        "entries": [
            {
                "delta": delta,
                "quantityBefore": before,
                "quantityAfter": before + delta,
                "item": {"id": item_id},
                "bin": {"id": bin.id},
                "lot": {"id": lot_id},
            }
            for delta, before in ((5, 0), (2, 5))
        ],
        "items": [{"id": item_id, "onHand": 7, "available": 7}],
    }


async def test_issues_what_expires_first_and_sums_demand(world: World) -> None:
    product, location = await world.product(), await world.location()
    late = await world.lot(product, expiry=date(2998, 1, 1))
    soon = await world.lot(product, expiry=date(2997, 1, 1))
    late_item = await world.stock(product, location, 5, lot=late)
    soon_item = await world.stock(product, location, 5, lot=soon)
    lines = [{"productId": product.id, "quantity": 4}] * 2

    done = await do(world, "issueStock", locationId=location.id, lines=lines)
    found = await refused(world, "issueStock", locationId=location.id, lines=lines)

    assert done["message"] == "Issued 8 units"
    assert [(one["item"]["id"], one["delta"]) for one in done["entries"]] == [
        (soon_item, -4),
        (soon_item, -1),
        (late_item, -3),
    ]
    assert found[:2] == ("INSUFFICIENT_STOCK", "lines[0].quantity")
    assert await on_hand(world, late_item) == 2


async def test_returns_what_was_sold(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 1)

    line = {"productId": product.id, "quantity": 1}
    done = await do(world, "returnStock", locationId=location.id, lines=[line])

    assert (done["posting"]["kind"], done["message"]) == ("RETURN", "Took back 1 unit")
    assert await on_hand(world, item) == 2


async def test_adjusts_by_a_difference(world: World) -> None:
    item = await world.stock(await world.product(), await world.location(), 5)

    done = await do(world, "adjustStock", inventoryItemId=item, by=-2, reasonCode="DAMAGE")

    assert (done["message"], done["items"]) == (
        "Adjusted -2 units",
        [{"id": item, "onHand": 3, "available": 3}],
    )


async def test_sets_only_what_is_as_expected(world: World) -> None:
    item = await world.stock(await world.product(), await world.location(), 5)

    wish = {"inventoryItemId": item, "reasonCode": "CORRECTION"}

    done = await do(world, "setStock", **wish, to=9, expectedOnHand=5)
    stale = await refused(world, "setStock", **wish, to=1, expectedOnHand=5)
    blind = await refused(world, "setStock", **wish, to=1)
    forced = await do(world, "setStock", **wish, to=1, ignoreExpected=True)

    assert done["message"] == "Adjusted +4 units"
    assert stale == ("STALE_QUANTITY", "expectedOnHand", {"onHand": 9, "expected": 5})
    assert blind[:2] == ("INVALID", "expectedOnHand")
    assert forced["items"][0]["onHand"] == 1


async def test_moves_to_another_bin_as_one_pair(world: World) -> None:
    product, location = await world.product(), await world.location()
    bin = await world.bin(location)
    item = await world.stock(product, location, 5)

    done = await do(world, "moveStock", inventoryItemId=item, quantity=2, toBinId=bin.id)

    assert [(one["delta"], one["bin"]) for one in done["entries"]] == [
        (-2, None),
        (2, {"id": bin.id}),
    ]
    assert done["posting"]["kind"] == "MOVE"


async def test_issues_from_more_buckets_than_a_request_may_name(world: World) -> None:
    product, location = await world.product(), await world.location()
    shelves = 600
    bins = """insert into bins (id, location_id, code) select 'bin_' || n, $1, 'B-' || n
      from generate_series(1, 600) as n"""
    async with world.write() as session:
        await session.call(bins, location.id)
        lines = [
            stock.Line(
                product_id=product.id, location_id=location.id, bin_id=f"bin_{n}", delta=Decimal(2)
            )
            for n in range(1, shelves + 1)
        ]
        await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=lines))
    line = {"productId": product.id, "quantity": 2 * shelves - 1}

    done = await do(world, "issueStock", locationId=location.id, lines=[line])

    assert done["message"] == "Issued 1199 units"
    assert (len(done["entries"]), len(done["items"])) == (shelves, shelves)
    left = "{ inventoryItems(filter: {hasStock: true}) { totalCount nodes { onHand } } }"
    found = (await ask(world, left))["inventoryItems"]
    assert found == {"totalCount": 1, "nodes": [{"onHand": 1}]}
