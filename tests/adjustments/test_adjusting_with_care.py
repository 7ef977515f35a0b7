"""Batches, causes, dry runs, replays and races of acts on stock."""

import asyncio
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from clients import client_of
from domain.actor import SYSTEM
from domain.errors import GatewayError, StaleQuantity
from graph import answer, ask, refusal
from services.stock import adjusting
from world import World

BATCH = """
    mutation ($input: AdjustStockBatchInput!) {
      adjustStockBatch(input: $input) {
        applied refused message
        lines { index posting { id } entry { delta } item { onHand } refusal { code field } }
      }
    }
"""
ADJUST = """
    mutation ($input: AdjustStockInput!, $dryRun: Boolean, $key: String) {
      adjustStock(input: $input, dryRun: $dryRun, idempotencyKey: $key) {
        posting { id }
        item { onHand }
        preview { after { atp } before { atp } crossings { before after } }
      }
    }
"""


async def held(world: World, item_id: str) -> Decimal:
    data = await ask(world, "query ($id: ID!) { inventoryItem(id: $id) { onHand } }", id=item_id)
    return Decimal(data["inventoryItem"]["onHand"])


async def test_a_batch_is_one_posting_or_nothing(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 5)
    lines: list[dict[str, Any]] = [{"inventoryItemId": item, "by": -3}] * 2

    refused = await refusal(world, BATCH, input={"reasonCode": "DAMAGE", "lines": lines})
    lines[1] = {"inventoryItemId": item, "by": -2}
    done = await ask(world, BATCH, input={"reasonCode": "DAMAGE", "lines": lines})

    assert (refused["code"], refused["field"]) == ("INSUFFICIENT_STOCK", "lines[1].by")
    batch = done["adjustStockBatch"]
    assert (batch["applied"], batch["refused"], batch["message"]) == (2, 0, "Adjusted -5 units")
    assert len({line["posting"]["id"] for line in batch["lines"]}) == 1
    assert await held(world, item) == 0


async def test_a_batch_line_by_line_tells_what_became_of_each(world: World) -> None:
    item = await world.stock(await world.product(), await world.location(), 5)
    lines = [
        {"inventoryItemId": item, "by": -3},
        {"inventoryItemId": "item_none", "by": -3},
        {"inventoryItemId": item, "to": 9, "expectedOnHand": 5},
        {"inventoryItemId": item, "to": 9, "expectedOnHand": 2},
    ]

    done = await ask(
        world, BATCH, input={"reasonCode": "CORRECTION", "mode": "LINE_BY_LINE", "lines": lines}
    )

    batch = done["adjustStockBatch"]
    assert [line["entry"] and line["entry"]["delta"] for line in batch["lines"]] == [
        -3,
        None,
        None,
        7,
    ]
    assert [line["refusal"] for line in batch["lines"]] == [
        None,
        {"code": "NOT_FOUND", "field": "lines[1].inventoryItemId"},
        {"code": "STALE_QUANTITY", "field": "lines[2].expectedOnHand"},
        None,
    ]
    assert (batch["message"], await held(world, item)) == ("Applied 2 of 4 lines", 9)


async def test_a_large_decrease_in_healthcare_needs_a_root_cause(world: World) -> None:
    await world.settings(industry_pack="HEALTHCARE", root_cause_quantity=Decimal(10))
    item = await world.stock(await world.product(), await world.location(), 50)
    wish = {"inventoryItemId": item, "reasonCode": "DAMAGE"}

    small = await ask(world, ADJUST, input={**wish, "by": -9})
    large = await refusal(world, ADJUST, input={**wish, "by": -10})
    told = await ask(world, ADJUST, input={**wish, "by": -10, "rootCause": "A burst pipe"})

    assert small["adjustStock"]["item"]["onHand"] == 41
    assert (large["code"], large["field"]) == ("ROOT_CAUSE_REQUIRED", "rootCause")
    assert told["adjustStock"]["item"]["onHand"] == 31


async def test_a_reason_that_is_retired_or_for_other_acts_is_refused(world: World) -> None:
    item = await world.stock(await world.product(), await world.location(), 5)
    create = """
        mutation ($input: CreateReasonCodeInput!) {
          createReasonCode(input: $input) { reasonCode { id } }
        }
    """
    retire = """
        mutation ($input: RetireReasonCodeInput!) {
          retireReasonCode(input: $input) { reasonCode { active version } }
        }
    """
    made = await ask(world, create, input={"code": "OTHER", "name": "Other", "contexts": ["COUNT"]})
    gone = await ask(world, retire, input={"id": "reason_found"})

    codes = [
        (await refusal(world, ADJUST, input={"inventoryItemId": item, "by": 1, **reason}))["code"]
        for reason in (
            {"reasonCodeId": made["createReasonCode"]["reasonCode"]["id"]},
            {"reasonCode": "FOUND"},
        )
    ]

    assert codes == ["UNKNOWN_REASON", "UNKNOWN_REASON"]
    assert gone["retireReasonCode"]["reasonCode"] == {"active": False, "version": 2}


async def test_a_dry_run_tells_what_would_be_and_keeps_nothing(world: World) -> None:
    await world.channel()
    item = await world.stock(await world.product(), await world.location(), 50)
    wish = {"inventoryItemId": item, "by": -45, "reasonCode": "DAMAGE"}

    done = (await ask(world, ADJUST, input=wish, dryRun=True))["adjustStock"]

    assert done["item"]["onHand"] == 5
    assert done["preview"] == {
        "before": [{"atp": 50}],
        "after": [{"atp": 5}],
        "crossings": [{"before": "OK", "after": "LOW"}],
    }
    assert await held(world, item) == 50


async def test_invariant_10_a_replay_has_the_first_answer_and_no_effect(world: World) -> None:
    item = await world.stock(await world.product(), await world.location(), 5)
    body = {"inventoryItemId": item, "adjustment": 1, "reasonCode": "FOUND"}
    async with client_of(world) as client:
        answers = [
            await client.rest(
                "POST", "/api/inventory/adjust", json=body, headers={"Idempotency-Key": "k1"}
            )
            for _ in range(2)
        ]

    assert answers[0].content == answers[1].content
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert await held(world, item) == 6


async def test_invariant_11_of_racing_sets_from_one_number_one_wins(world: World) -> None:
    item = await world.stock(await world.product(), await world.location(), 5)

    async def set_to(number: int) -> str:
        wish = {
            "inventory_item_id": item,
            "to": Decimal(number),
            "expected_on_hand": Decimal(5),
            "reason_code": "CORRECTION",
        }
        try:
            async with world.write() as session:
                await adjusting.set_(session, SYSTEM, wish)
        except StaleQuantity:
            return "stale"
        return "set"

    outcomes = Counter(await asyncio.gather(*(set_to(10 + n) for n in range(6))))

    assert outcomes == {"set": 1, "stale": 5}


async def test_racing_takers_never_take_what_is_on_hold(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, 10)
    place = """
        mutation ($input: PlaceHoldInput!) { placeHold(input: $input) { hold { id } } }
    """
    hold = {"type": "QUALITY", "reason": "Why", "inventoryItemId": item, "quantity": 6}
    assert "errors" not in await answer(world, place, input=hold)

    async def take() -> str:
        wish = {"inventory_item_id": item, "by": Decimal(-1), "reason_code": "DAMAGE"}
        try:
            async with world.write() as session:
                await adjusting.adjust(session, SYSTEM, wish)
        except GatewayError as refused:
            return refused.code
        return "taken"

    outcomes = Counter(await asyncio.gather(*(take() for _ in range(7))))

    assert outcomes == {"taken": 4, "STOCK_HELD": 3}


@pytest.mark.parametrize("reason", [{}, {"reasonCode": "NONE"}])
async def test_an_adjustment_needs_a_reason(world: World, reason: dict[str, str]) -> None:
    item = await world.stock(await world.product(), await world.location(), 5)

    found = await refusal(world, ADJUST, input={"inventoryItemId": item, "by": 1, **reason})

    assert found["code"] in ("INVALID", "UNKNOWN_REASON")
    assert await held(world, item) == 5
