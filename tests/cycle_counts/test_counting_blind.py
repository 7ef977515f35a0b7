"""Invariant 23: who may only count learns no expected quantity, from any field of the schema.

Two companies are the same but for their quantities. Whatever a blind counter asks, of every field
of the schema and every REST row, in every state of a count, both must answer him alike.
"""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from graphql import build_schema

import graph_calls
from clients import Client, client_of
from counting import AT, Warehouse, count, create, resolve, step
from gateway import schema_files
from graph import answer, schema
from graph_calls import Call, calls, document
from rest_calls import calls as rest_calls
from two_tenants import fill
from world import World

SERVED = build_schema(schema().as_str())
DOCUMENT = json.loads(schema_files.openapi(schema_files.served(schema())))
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
BLIND = ("inventory.cyclecount", "products.read")
ID, CODE = "same", "SAME"
MADE = re.compile(r"\b(abcrun|cline|count|evt|key|txn)_[0-9a-z_]+")
SHOWN, STATES = ("REVIEW",), ("DRAFT", "COUNTED", "RECOUNT", "POSTED")
# Who accepts a count is told whether it is within tolerance: once for each count of a bucket.
TELLS = "Mutation.resolveCycleCount"


def settled(world: World, found: Any) -> str:
    """An answer without ids that were made up, and the company's own name."""
    text = MADE.sub("#", json.dumps(found, default=str, sort_keys=True))
    return re.sub(r'"requestId": "[^"]*"', "", text.replace(world.code, "#"))


def is_forbidden(found: dict[str, Any]) -> bool:
    """Whether the field itself is refused, whatever it is asked."""
    errors = found.get("errors", [])
    return bool(errors) and all(
        error.get("code") == "FORBIDDEN" and len(error["path"]) == 1 for error in errors
    )


def rehearsed(call: Call) -> Call:
    """The same call as a dry run, if it is a write."""
    if not call.is_mutation:
        return call
    root = SERVED.mutation_type
    assert root is not None
    variables = {**call.variables, "dryRun": True}
    name = call.name.partition("(")[0].removeprefix("Mutation.")
    text = document(SERVED, root, name, variables)
    return Call(name=call.name, is_mutation=True, text=text, variables=variables)


async def companies(world: World, other: World) -> tuple[World, World]:
    """Two companies whose records have the same ids, with 41 and with 163 units on hand."""
    world.database.now = NOW
    for one, extra, used in ((world, 0, 2), (other, Decimal("122.5"), 9)):
        await fill(one, ID, CODE)
        item = f"'{ID}', '{ID}', '{ID}', '{ID}', '{ID}'"
        for kind, delta in (("RECEIPT", extra + used), ("ISSUE", -used)):
            await post(one, kind, item, delta)
    return world, other


async def post(world: World, kind: str, item: str, delta: Any) -> None:
    async with world.write() as session:
        await session.call(
            "select stock_post(jsonb_build_object('id', 'txn_' || $1::text, 'kind', $1::text,"
            " 'actor', jsonb_build_object('id', 'x', 'name', 'X')), array[row("
            f"{item}, $2::numeric, null, null, null, null, null, null, null)]::posting_line[])",
            kind,
            delta,
        )


LINES = {
    "DRAFT": "status = 'PENDING', counted_qty = null, counted_at = null",
    "COUNTED": "status = 'COUNTED', counted_qty = 41, counted_at = stock_now()",
    "REVIEW": "counted_qty = 41, within_tolerance = 41 = {held},"
    " status = case when 41 = {held} then 'WITHIN_TOLERANCE' else 'COUNTED' end",
    "RECOUNT": "status = 'RECOUNT_REQUIRED', counted_qty = null, within_tolerance = null",
    "POSTED": "status = 'RESOLVED', counted_qty = 41, resolution = 'ACCEPT', expected_qty = {held},"
    " unit_cost = 1, resolved_qty = 41, within_tolerance = 41 = {held}, counted_at = stock_now()",
}
HELD = "(select sum(i.on_hand) from inventory_items i where i.tenant_id = stock_tenant())"


async def set_state(world: World, state: str) -> None:
    """Bring the count to a state, as acts of others would; what it found stands beside it."""
    line = LINES[state].format(held=HELD)
    async with world.write() as session:
        await session.call(f"update count_lines set {line} where tenant_id = stock_tenant()")
        await session.call(
            "update cycle_counts set status = $1, auto_adjust = true, blind = $1 = 'DRAFT'"
            " where tenant_id = stock_tenant()",
            state,
        )


@pytest.mark.parametrize(
    "state", [*SHOWN, *(pytest.param(one, marks=pytest.mark.long) for one in STATES)]
)
async def test_invariant_23_no_field_tells_a_blind_counter_what_is_expected(
    world: World, other_world: World, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_calls, "MOVING", {"Position", "Cursor"})
    pair = await companies(world, other_world)
    for one in pair:
        await set_state(one, state)

    told, refused, shown = [], set(), 0
    for call in calls(SERVED, ID, CODE, depth=2):
        field = call.name.partition("(")[0]
        if field == TELLS or field in refused:
            continue
        asked = rehearsed(call)
        raw = [await answer(one, asked.text, permissions=BLIND, **asked.variables) for one in pair]
        found = [settled(one, answer_) for one, answer_ in zip(pair, raw, strict=True)]
        if found[0] != found[1]:
            told.append(call.name)
        if is_forbidden(raw[0]):
            refused.add(field)
        shown += "errors" not in raw[0]

    assert told == []
    assert shown > 20, "there are fields that a blind counter may read"


async def test_invariant_23_the_same_calls_tell_others_that_the_quantities_differ(
    world: World, other_world: World
) -> None:
    pair = await companies(world, other_world)
    for one in pair:
        await set_state(one, "REVIEW")
    query = '{ cycleCount(id: "same") { lines { expectedQty } } }'

    found = [await answer(one, query) for one in pair]

    assert settled(world, found[0]) != settled(other_world, found[1])


@pytest.mark.parametrize("state", ["REVIEW", pytest.param("POSTED", marks=pytest.mark.long)])
async def test_invariant_23_no_rest_row_tells_a_blind_counter_what_is_expected(
    world: World, other_world: World, state: str
) -> None:
    pair = await companies(world, other_world)
    for one in pair:
        await set_state(one, state)

    async def answers(one: World) -> list[tuple[str, int, str]]:
        found = []
        async with client_of(one, *BLIND) as client:
            for call in rest_calls(DOCUMENT, ID, (CODE,)):
                if call.path == f"{AT}/resolve":
                    continue
                headers = {"Prefer": "tx=rollback"}
                how = {"params": call.query, "json": call.body, "headers": headers}
                response = await client.rest(call.method, call.path, **how)
                found.append((call.name, response.status_code, settled(one, response.json())))
        return found

    ours, theirs = [await answers(one) for one in pair]

    assert [a for a, b in zip(ours, theirs, strict=True) if a != b] == []
    assert {status for _, status, _ in ours} >= {200, 403}


async def pages(client: Client, batch: dict[str, Any]) -> dict[str, Any]:
    return {
        "batch": (await client.get(f"{AT}/{batch['id']}"))["batch"],
        "list": (await client.get(AT))["batches"],
    }


async def test_a_blind_counter_sees_lines_pending_or_counted_and_no_numbers(world: World) -> None:
    place = await Warehouse.make(world)
    async with client_of(world) as boss, client_of(world, "inventory.cyclecount") as counter:
        batch = await create(boss, place.location, autoAdjust=True)
        done = await count(counter, batch, 5, 4)
        seen = await pages(counter, batch)
        shown = await pages(boss, batch)

    assert set(done) == {"success", "batch", "message"}
    assert done["batch"]["status"] == "REVIEW"
    for body in (done["batch"], seen["batch"], *seen["list"]):
        assert (body["varianceCount"], body["netVarianceValue"]) == (None, None)
        for line in body.get("lines", ()):
            assert line["status"] == "COUNTED"
            hidden = ("expectedQty", "variance", "varianceValue", "withinTolerance", "resolution")
            assert {line[name] for name in hidden} == {None}
    lines = shown["batch"]["lines"]
    assert [(line["expectedQty"], line["variance"]) for line in lines] == [(5, 0), (10, -6)]
    assert [line["status"] for line in lines] == ["WITHIN_TOLERANCE", "COUNTED"]


async def test_a_blind_counter_accepts_what_is_within_tolerance_and_nothing_else(
    world: World,
) -> None:
    place = await Warehouse.make(world)
    async with client_of(world) as boss, client_of(world, "inventory.cyclecount") as counter:
        batch = await create(boss, place.location)
        await count(counter, batch, 5, 4)
        body = {"batchId": batch["id"]}
        lines = [line["id"] for line in batch["lines"]]

        async def decide(line: str, action: str, **more: Any) -> int:
            decision = {"lineId": line, "action": action, **more}
            wish = body | {"resolutions": [decision]}
            return (await counter.rest("POST", f"{AT}/resolve", json=wish)).status_code

        refused = [
            await decide(lines[1], "ACCEPT"),
            await decide(lines[1], "RECOUNT"),
            await decide(lines[1], "REJECT"),
            await decide(lines[1], "ADJUST_TO", quantity=4),
        ]
        accepted = await decide(lines[0], "ACCEPT")
        seen = (await pages(counter, batch))["batch"]
        last = await resolve(boss, batch, l1="ACCEPT")

    assert refused == [403] * 4
    assert accepted == 200
    assert [line["status"] for line in seen["lines"]] == ["COUNTED", "COUNTED"]
    assert last["batch"]["status"] == "POSTED"


async def test_invariant_23_a_blind_counter_has_one_try(world: World) -> None:
    place = await Warehouse.make(world)
    async with client_of(world) as boss, client_of(world, "inventory.cyclecount") as counter:

        async def guess(number: int) -> int:
            batch = await create(counter, place.location, productMasterIds=[place.products[0].id])
            await count(counter, batch, number)
            decision = {"lineId": batch["lines"][0]["id"], "action": "ACCEPT"}
            wish = {"batchId": batch["id"], "resolutions": [decision]}
            tried = await counter.rest("POST", f"{AT}/resolve", json=wish)
            await step(counter, batch, action="CANCEL") if tried.status_code != 200 else None
            return tried.status_code

        tries = [await guess(number) for number in (3, 4, 5, 6)]
        batch = await create(boss, place.location, productMasterIds=[place.products[0].id])
        await count(boss, batch, 5)
        await resolve(boss, batch, l0="ACCEPT")
        fresh = await guess(5)

    assert tries == [403] * 4  # 5 is what is there: after two numbers it is a guess
    assert fresh == 200


async def test_what_is_hidden_and_adjusted_is_not_for_a_blind_counter_to_say(world: World) -> None:
    place = await Warehouse.make(world)
    async with client_of(world) as boss, client_of(world, "inventory.cyclecount") as counter:
        batch = await create(boss, place.location, blind=True)
        at = f"{AT}/{batch['id']}"
        tries = [
            await counter.rest("POST", at, json=body)
            for body in ({"blind": False}, {"autoAdjust": True}, {"notes": "mine"})
        ]

    assert [one.status_code for one in tries] == [403, 403, 200]


async def test_the_one_who_is_to_count_sees_no_expectation_of_a_blind_count(world: World) -> None:
    place = await Warehouse.make(world)
    async with client_of(world) as boss, client_of(world) as other:
        viewer = (await other.graphql("{ viewer { keyId } }"))["data"]["viewer"]["keyId"]
        batch = await create(boss, place.location, blind=True, assignedTo=viewer)
        before = (await pages(other, batch))["batch"]["lines"]
        await count(other, batch, 5, 10)
        after = (await pages(other, batch))["batch"]["lines"]

    assert [line["expectedQty"] for line in before] == [None, None]
    assert [line["expectedQty"] for line in after] == [5, 10]
