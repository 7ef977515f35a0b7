"""Transfers before anything is promised: made, changed, handed in, talked about."""

import asyncio
from decimal import Decimal
from typing import Any

from graph import ask, refusal, statements
from world import World

WHOLE = """transfer { id number status expectedOn reference comment lineCount totalQuantity version
  sourceLocation { id } sourceLocationName destLocation { id } destLocationName
  createdBy { id name } allowedActions
  lines { ordinal product { id } productName sku quantity picked shipped received damaged short
    returned inTransit lot { id } sourceBin { id } destBin { id } }
  events { ordinal action fromStatus toStatus comment actor { id } }
  comments { comment } }
  message"""
CREATE = (
    f"mutation ($input: CreateTransferInput!) {{ createTransfer(input: $input) {{ {WHOLE} }} }}"
)
EDIT = f"mutation ($input: EditTransferInput!) {{ editTransfer(input: $input) {{ {WHOLE} }} }}"
SUBMIT = f"mutation ($input: TransferStepInput!) {{ submitTransfer(input: $input) {{ {WHOLE} }} }}"
COMMENT = (
    f"mutation ($input: CommentTransferInput!) {{ commentTransfer(input: $input) {{ {WHOLE} }} }}"
)
NOTHING_YET = dict.fromkeys(
    ("picked", "shipped", "received", "damaged", "short", "returned", "inTransit"), 0
)


async def draft(world: World, **more: Any) -> tuple[Any, dict[str, Any]]:
    """A transfer of 5 units, and what it was made of."""
    product, source, dest = await world.product(), await world.location(), await world.location()
    wish = {
        "sourceLocationId": source.id,
        "destLocationId": dest.id,
        "lines": [{"productId": product.id, "quantity": 5}],
    } | more
    return (await ask(world, CREATE, input=wish))["createTransfer"], wish


def event(ordinal: int, action: str, before: str | None, after: str) -> dict[str, Any]:
    return {
        "ordinal": ordinal,
        "action": action,
        "fromStatus": before,
        "toStatus": after,
        "comment": None,
        "actor": {"id": "key_test"},
    }


async def test_a_transfer_tells_what_it_is_to_move(world: World) -> None:
    product = await world.product(name="Gloves", sku="G-1", quantity_step=Decimal("0.5"))
    source, dest = await world.location(name="Depot"), await world.location(name="Ward")
    lot, bin = await world.lot(product), await world.bin(dest)
    line = {"productId": product.id, "quantity": 2.5, "lotId": lot.id, "destBinId": bin.id}

    made = await ask(
        world,
        CREATE,
        input={
            "sourceLocationId": source.id,
            "destLocationId": dest.id,
            "lines": [line],
            "expectedOn": "2026-12-01",
            "reference": "R-1",
            "comment": "For the ward",
            "submit": True,
        },
    )

    transfer = made["createTransfer"]["transfer"]
    assert transfer == {
        "id": transfer["id"],
        "number": "XFER-000001",
        "status": "SUBMITTED",
        "expectedOn": "2026-12-01",
        "reference": "R-1",
        "comment": "For the ward",
        "lineCount": 1,
        "totalQuantity": 2.5,
        "version": 2,
        "sourceLocation": {"id": source.id},
        "sourceLocationName": "Depot",
        "destLocation": {"id": dest.id},
        "destLocationName": "Ward",
        "createdBy": {"id": "key_test", "name": "Test"},
        "allowedActions": ["APPROVE", "CANCEL"],
        "lines": [
            {
                "ordinal": 1,
                "product": {"id": product.id},
                "productName": "Gloves",
                "sku": "G-1",
                "quantity": 2.5,
                **NOTHING_YET,
                "lot": {"id": lot.id},
                "sourceBin": None,
                "destBin": {"id": bin.id},
            }
        ],
        "events": [
            event(1, "CREATE", None, "DRAFT"),
            event(2, "SUBMIT", "DRAFT", "SUBMITTED"),
        ],
        "comments": [],
    }
    assert made["createTransfer"]["message"] == "Created XFER-000001."


async def test_numbers_are_the_tenants_own_and_in_order(world: World, other_world: World) -> None:
    made = [(await draft(world))[0]["transfer"]["number"] for _ in range(2)]
    other = (await draft(other_world))[0]["transfer"]["number"]

    assert (made, other) == (["XFER-000001", "XFER-000002"], "XFER-000001")


async def test_transfers_that_are_made_at_once_have_numbers_of_their_own(world: World) -> None:
    made = await asyncio.gather(*(draft(world) for _ in range(6)))

    numbers = sorted(one["transfer"]["number"] for one, _ in made)
    assert numbers == [f"XFER-{n:06}" for n in range(1, 7)]


async def test_a_draft_can_be_changed_and_a_submitted_one_cannot(world: World) -> None:
    made, wish = await draft(world)
    id, other = made["transfer"]["id"], await world.product()
    lines = [*wish["lines"], {"productId": other.id, "quantity": 1}]

    edited = await ask(
        world,
        EDIT,
        input={"transferId": id, "lines": lines, "comment": "More", "expectedVersion": 1},
    )
    transfer = edited["editTransfer"]["transfer"]
    assert [line["quantity"] for line in transfer["lines"]] == [5, 1]
    assert (transfer["lineCount"], transfer["totalQuantity"], transfer["version"]) == (2, 6, 2)
    assert (transfer["comment"], transfer["status"]) == ("More", "DRAFT")

    stale = await refusal(world, EDIT, input={"transferId": id, "expectedVersion": 1})
    await ask(world, SUBMIT, input={"transferId": id})
    refused = await refusal(world, EDIT, input={"transferId": id, "comment": "Late"})

    assert stale["code"] == "STALE_VERSION"
    assert (refused["code"], refused["details"]) == (
        "ILLEGAL_STEP",
        {"status": "SUBMITTED", "action": "EDIT", "allowedActions": ["APPROVE", "CANCEL"]},
    )


async def test_a_comment_changes_no_state(world: World) -> None:
    made, _ = await draft(world)
    id = made["transfer"]["id"]

    said = await ask(world, COMMENT, input={"transferId": id, "comment": "Mind the step"})
    empty = await refusal(world, COMMENT, input={"transferId": id, "comment": " "})

    transfer = said["commentTransfer"]["transfer"]
    assert transfer["comments"] == [{"comment": "Mind the step"}]
    assert (transfer["status"], transfer["version"]) == ("DRAFT", 1)
    assert (empty["code"], empty["field"]) == ("INVALID", "comment")


async def test_wrong_transfers_are_refused_and_nothing_is_kept(world: World) -> None:
    product, other = await world.product(), await world.product()
    source, dest = await world.location(), await world.location()
    lot, bin = await world.lot(other), await world.bin(source)
    line = {"productId": product.id, "quantity": 1}
    head = {"sourceLocationId": source.id, "destLocationId": dest.id}
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"lines": []}, "INVALID", "lines"),
        ({"lines": [line] * 501}, "INVALID", "lines"),
        ({"lines": [line | {"quantity": 999_999_999_999}] * 2}, "INVALID", "lines"),
        ({"lines": [line | {"quantity": 0}]}, "QUANTITY_REFUSED", "lines[0].quantity"),
        ({"lines": [line | {"quantity": -1}]}, "QUANTITY_REFUSED", "lines[0].quantity"),
        ({"lines": [line | {"productId": "no"}]}, "NOT_FOUND", "lines[0].productId"),
        ({"lines": [line | {"lotId": "no"}]}, "NOT_FOUND", "lines[0].lotId"),
        ({"lines": [line | {"lotId": lot.id}]}, "LOT_REFUSED", "lines[0].lotId"),
        ({"lines": [line | {"destBinId": bin.id}]}, "BIN_REFUSED", "lines[0].destBinId"),
        ({"lines": [line | {"destBinId": "no"}]}, "NOT_FOUND", "lines[0].destBinId"),
        ({"destLocationId": "no", "lines": [line]}, "NOT_FOUND", "destLocationId"),
        ({"destLocationId": source.id, "lines": [line]}, "INVALID", "lines[0].destBinId"),
    ]

    for wish, code, field in wrong:
        refused = await refusal(world, CREATE, input=head | wish)
        assert (refused["code"], refused["field"]) == (code, field), wish

    assert await ask(world, "{ transfers { totalCount } }") == {"transfers": {"totalCount": 0}}


async def test_a_list_of_transfers_is_found_by_place_state_product_and_word(world: World) -> None:
    made, wish = await draft(world, reference="Spring order")
    await draft(world)
    transfer = made["transfer"]

    for condition in (
        {"sourceLocationIdIn": [wish["sourceLocationId"]]},
        {"destLocationIdIn": [wish["destLocationId"]]},
        {"productIdIn": [wish["lines"][0]["productId"]]},
        {"numberIn": [transfer["number"]], "statusIn": ["DRAFT"]},
        {"search": "spring"},
    ):
        query = "query ($f: TransferFilter) { transfers(filter: $f) { nodes { id } totalCount } }"
        found = await ask(world, query, f=condition)
        assert found["transfers"] == {"nodes": [{"id": transfer["id"]}], "totalCount": 1}


async def test_lists_and_details_cost_a_fixed_number_of_statements(world: World) -> None:
    await draft(world)
    made, _ = await draft(world)
    query = "{ transfers { nodes { number lines { sku } events { action } allowedActions } } }"
    one = """query ($id: ID!) { transfer(id: $id) {
      number lines { sku product { name } } events { action } sourceLocation { name } } }"""

    async with statements(world) as listed:
        await ask(world, query)
    async with statements(world) as shown:
        await ask(world, one, id=made["transfer"]["id"])

    assert len(listed) == 3  # transfers, lines, events
    assert len(shown) == 5  # the transfer, its lines, events, products, the source


async def test_making_a_transfer_costs_the_same_for_any_number_of_lines(world: World) -> None:
    counts = []
    for lines in (1, 40):
        source, dest = await world.location(), await world.location()
        products = [await world.product() for _ in range(lines)]
        wish = {
            "sourceLocationId": source.id,
            "destLocationId": dest.id,
            "lines": [{"productId": product.id, "quantity": 1} for product in products],
        }
        async with statements(world) as found:
            made = await ask(world, CREATE, input=wish)
        counts.append(len(found))
        assert made["createTransfer"]["transfer"]["totalQuantity"] == Decimal(lines)

    assert counts[0] == counts[1]
