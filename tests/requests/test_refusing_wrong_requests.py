"""Each kind of wrong input about stock requests has its code, names its field, changes nothing."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from clients import client_of
from graph import answer
from services.requests import allocating, issuing
from services.stocklists import writing as stocklists
from two_tenants import Owner
from ward import CLERK, Ward
from world import World

LINE = '{{lineId: "{line}"{more}}}'
CREATE = 'createStockRequest(input: {{type: STOCK, requestingLocationId: "{ward}", {rest}}})'
HERE = 'fulfillingLocationId: "{store}"'


def step(act: str, of: str, input: str = "") -> str:
    """A step of a request; `input` without its braces."""
    given = f", input: {{{{{input}}}}}" if input else ""
    return f'{act}StockRequest(id: "{{{of}}}"{given})'


def create(rest: str) -> str:
    """A new request of the ward."""
    return CREATE.replace("{rest}", rest)


def lines(line: str, more: str = "") -> str:
    return f'lines: [{{{{lineId: "{{{line}}}"{more}}}}}]'


# What is tried, with the code and the field of its refusal.
CASES: dict[str, tuple[str, str, str | None]] = {
    "a draft is approved": (step("approve", "draft"), "ILLEGAL_STEP", "action"),
    "what is sent is submitted": (step("submit", "sent"), "ILLEGAL_STEP", "action"),
    "what was not set aside is sent": (step("issue", "approved"), "ILLEGAL_STEP", "action"),
    "what was not sent is received": (step("receive", "set_aside"), "ILLEGAL_STEP", "action"),
    "what is on its way is closed": (step("close", "sent"), "ILLEGAL_STEP", "action"),
    "what was sent is cancelled": (step("cancel", "sent"), "ILLEGAL_STEP", "action"),
    "a submitted one is changed": (
        step("update", "submitted", "priority: HIGH"),
        "ILLEGAL_STEP",
        "action",
    ),
    "a line is put on a submitted one": (
        'addStockRequestLine(id: "{submitted}", input: {{productId: "{product}", quantity: 1}})',
        "ILLEGAL_STEP",
        "action",
    ),
    "an approved one is deleted": (step("delete", "approved"), "ILLEGAL_STEP", "action"),
    "a state behind is named": (
        'changeStockRequestStatus(id: "{sent}", input: {{status: DRAFT}})',
        "OTHER_OPERATION",
        "status",
    ),
    "more is approved than was asked for": (
        step("approve", "submitted", lines("submitted_line", ", approvedQuantity: 9")),
        "OVER_APPROVAL",
        "lines[0].approvedQuantity",
    ),
    "one's own is approved": (step("approve", "own"), "OWN_REQUEST", None),
    "one's own is rejected": (step("reject", "own", 'reason: "no"'), "OWN_REQUEST", None),
    "nothing of it is approved": (
        step("approve", "submitted", lines("submitted_line", ", approvedQuantity: 0")),
        "EMPTY_REQUEST",
        "lines",
    ),
    "one without lines is submitted": (step("submit", "empty"), "EMPTY_REQUEST", "lines"),
    "one without lines is made and submitted": (
        create(HERE + ", submit: true"),
        "EMPTY_REQUEST",
        "lines",
    ),
    "a line of another is approved": (
        step("approve", "submitted", lines("draft_line")),
        "UNKNOWN_LINE",
        "lines[0].lineId",
    ),
    "a line of another is set aside": (
        step("allocate", "approved", lines("draft_line", ", quantity: 1")),
        "UNKNOWN_LINE",
        "lines[0].lineId",
    ),
    "a line of another is sent": (
        step("issue", "set_aside", lines("draft_line", ", quantity: 1")),
        "UNKNOWN_LINE",
        "lines[0].lineId",
    ),
    "a line of another is taken off": (
        'removeStockRequestLine(id: "{draft}", input: {{lineId: "{submitted_line}"}})',
        "UNKNOWN_LINE",
        "lineId",
    ),
    "a line is named twice": (
        step(
            "allocate",
            "approved",
            'lines: [{{lineId: "{approved_line}", quantity: 1}},'
            ' {{lineId: "{approved_line}", quantity: 1}}]',
        ),
        "DUPLICATE_LINE",
        "lines[1].lineId",
    ),
    "more is set aside than was approved": (
        step("allocate", "approved", lines("approved_line", ", quantity: 5")),
        "QUANTITY_REFUSED",
        "lines[0].quantity",
    ),
    "more is sent than is set aside": (
        step("issue", "set_aside", lines("set_aside_line", ", quantity: 5")),
        "QUANTITY_REFUSED",
        "lines[0].quantity",
    ),
    "more is received than is on its way": (
        step("receive", "sent", lines("sent_line", ", quantity: 5")),
        "QUANTITY_REFUSED",
        "lines[0].quantity",
    ),
    "no line is named to be set aside": (
        step("allocate", "approved", "lines: []"),
        "INVALID",
        "lines",
    ),
    "no line is named to be sent": (step("issue", "set_aside", "lines: []"), "INVALID", "lines"),
    "no line is named to be received": (step("receive", "sent", "lines: []"), "INVALID", "lines"),
    "lines are named of a request that is called off": (
        'changeStockRequestStatus(id: "{approved}", input: {{status: CANCELLED, lines: []}})',
        "INVALID",
        "lines",
    ),
    "nothing of it is there": (step("allocate", "scarce"), "INSUFFICIENT_STOCK", "lines"),
    "what has arrived is taken back": (
        step("rollBack", "received", 'reason: "no"'),
        "ROLLBACK_BLOCKED",
        None,
    ),
    "a rejection has no reason": (
        step("reject", "submitted", 'reason: " "'),
        "REASON_REQUIRED",
        "reason",
    ),
    "a step back has no reason": (
        step("rollBack", "approved", 'reason: ""'),
        "REASON_REQUIRED",
        "reason",
    ),
    "another product is sent for no reason": (
        step("approve", "submitted", lines("submitted_line", ', substituteProductId: "{other}"')),
        "REASON_REQUIRED",
        "lines[0].substitutionReason",
    ),
    "a stocklist of other locations": (
        create(
            'fulfillingLocationId: "{ward2}", stocklistId: "{stocklist}",'
            ' lines: [{{productId: "{product}", quantity: 1}}]'
        ).replace("STOCK,", "E_REQUEST,"),
        "STOCKLIST_MISMATCH",
        "fulfillingLocationId",
    ),
    "more is asked for than its stocklist allows": (
        create(
            'stocklistId: "{stocklist}", lines: [{{productId: "{product}", quantity: 5}}]'
        ).replace("STOCK,", "E_REQUEST,"),
        "NOT_ON_STOCKLIST",
        "lines[0].quantity",
    ),
    "what is not on its stocklist is asked for": (
        create(
            'stocklistId: "{stocklist}", lines: [{{productId: "{other}", quantity: 1}}]'
        ).replace("STOCK,", "E_REQUEST,"),
        "NOT_ON_STOCKLIST",
        "lines[0].productId",
    ),
    "the quantity of a line is cleared": (
        'changeStockRequestLine(id: "{draft}", input: {{lineId: "{draft_line}", quantity: null}})',
        "INVALID",
        "quantity",
    ),
    "a comment is too long": (
        create(
            HERE
            + f', lines: [{{{{productId: "{{product}}", quantity: 1, comment: "{"x" * 2_001}"}}}}]'
        ),
        "INVALID",
        "lines[0].comment",
    ),
    "a location asks itself": (
        create('fulfillingLocationId: "{ward}"'),
        "INVALID",
        "fulfillingLocationId",
    ),
    "an unknown product": (
        create(HERE + ', lines: [{{productId: "prod_none", quantity: 1}}]'),
        "NOT_FOUND",
        "lines[0].productId",
    ),
    "a quantity of 0": (
        create(HERE + ', lines: [{{productId: "{product}", quantity: 0}}]'),
        "QUANTITY_REFUSED",
        "lines[0].quantity",
    ),
}


@pytest.fixture
async def owner(urls: tuple[str, str]) -> AsyncIterator[Owner]:
    connection = await asyncpg.connect(urls[0])
    yield Owner(connection)
    await connection.close()


async def fill(world: World) -> dict[str, str]:
    """Requests in many states, by what they are, with their first lines; places and products."""
    ward = await Ward.of(world)
    product, other, rare = await ward.product(50), await ward.product(9), await ward.product()
    one = (product, 4)
    made = {
        "draft": await ward.request(one),
        "empty": await ward.request(),
        "submitted": await ward.submitted(one),
        "own": await ward.submitted(one),
        "approved": await ward.approved(one),
        "set_aside": await ward.allocated(one),
        "sent": await ward.issued(one),
        "scarce": await ward.approved((rare, 4)),
        "received": await ward.act(allocating.allocate, await ward.approved(one)),
    }
    part = [{"line_id": made["received"].lines[0].id, "quantity": Decimal(1)}]
    await ward.act(issuing.issue, made["received"])
    await ward.act(issuing.receive, made["received"], part, by=CLERK)
    async with world.write() as session:
        await session.call(
            'update stock_requests set created_by = \'{"id": "key_test", "name": "Test"}\''
            " where id = $1",
            made["own"].request.id,
        )
    listed = await ward.stocklist(one)
    async with world.write() as session:
        await stocklists.publish(session, CLERK, listed.stocklist.id)
    ids = {name: change.request.id for name, change in made.items()}
    ids |= {f"{name}_line": c.lines[0].id for name, c in made.items() if c.lines}
    ids |= {"product": product.id, "other": other.id, "stocklist": listed.stocklist.id}
    ids |= {"ward": ward.ward.id, "store": ward.store.id}
    return ids | {"ward2": (await world.location()).id}


async def test_each_is_refused_by_its_code_and_changes_nothing(world: World, owner: Owner) -> None:
    ids = await fill(world)
    before = await owner.digest(world)

    found = {}
    for name, (text, _, _) in CASES.items():
        result = await answer(world, f"mutation {{ {text.format(**ids)} {{ __typename }} }}")
        (error,) = result["errors"]
        found[name] = (error.get("code", error["message"]), error.get("field"))
        if found[name][0] == "ILLEGAL_STEP":
            assert {"status", "allowedActions"} <= set(error["details"]), name

    assert found == {name: (code, field) for name, (_, code, field) in CASES.items()}
    assert await owner.digest(world) == before


async def test_unknown_words_of_states_are_told_with_the_list(world: World) -> None:
    ids = await fill(world)
    asked: list[tuple[str, str, Any]] = [
        ("POST", f"/api/stock-requests/{ids['approved']}/status", {"status": "SHIPPED"}),
        ("POST", f"/api/stock-requests/{ids['approved']}/status", {"status": "approved"}),
        ("GET", "/api/stock-requests?status=LOST", None),
    ]

    async with client_of(world) as client:
        for method, path, body in asked:
            response = await client.rest(method, path, json=body)

            assert response.status_code == 400, response.text
            assert "status" in response.json()["error"]
            assert "ALLOCATED" in response.json()["error"], response.text
