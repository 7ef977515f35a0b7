"""Every action in every state with every right: done, refused by the state, or by the right."""

from decimal import Decimal
from typing import Any

import pytest

from domain.actor import Author
from domain.machines.stock_requests import STOCK_REQUESTS, StockRequestAction, StockRequestStatus
from domain.permissions import Permission
from graph import answer
from services.requests import allocating, deciding, ending, issuing
from ward import CLERK, HEAD, NURSE, Ward
from world import World

S, A = StockRequestStatus, StockRequestAction
ME = Author("key_test", "Test")
READ, WRITE = Permission.STOCKREQUESTS_READ, Permission.STOCKREQUESTS_WRITE
APPROVE, ADMIN = Permission.STOCKREQUESTS_APPROVE, Permission.ADMIN_SETTINGS
RIGHTS = [(READ, WRITE), (READ, APPROVE), (READ, WRITE, APPROVE), (READ, WRITE, ADMIN)]
ACTS = {
    A.EDIT: ("updateStockRequest", "input: {priority: HIGH}"),
    A.SUBMIT: ("submitStockRequest", ""),
    A.APPROVE: ("approveStockRequest", ""),
    A.REJECT: ("rejectStockRequest", 'input: {reason: "no"}'),
    A.ALLOCATE: ("allocateStockRequest", ""),
    A.ISSUE: ("issueStockRequest", ""),
    A.RECEIVE: ("receiveStockRequest", ""),
    A.CLOSE: ("closeStockRequest", ""),
    A.CANCEL: ("cancelStockRequest", ""),
    A.ROLLBACK: ("rollBackStockRequest", 'input: {reason: "no"}'),
}
DECISIONS = (A.APPROVE, A.REJECT)


async def at(ward: Ward, status: str, by: Author) -> Any:
    """A request of this author in this state, of which more can be set aside and sent."""
    product = await ward.product(4)
    made = await ward.request((product, 6))
    async with ward.world.write() as session:
        await session.call(
            "update stock_requests set created_by = jsonb_build_object('id', $1::text, 'name', 'x')"
            " where id = $2",
            by.id,
            made.request.id,
        )
    steps: list[tuple[str, Any]] = [
        (S.SUBMITTED, (deciding.submit, NURSE)),
        (S.APPROVED, (deciding.approve, HEAD, [], None)),
        (S.ALLOCATED, (allocating.allocate, CLERK)),
        (S.ISSUED, (issuing.issue, CLERK)),
        (S.RECEIVED, (issuing.receive, CLERK)),
        (S.CLOSED, (ending.close, CLERK, None)),
    ]
    if status == S.REJECTED:
        steps[1:] = [(S.REJECTED, (deciding.reject, HEAD, "no", None))]
    if status == S.CANCELLED:
        steps = [(S.CANCELLED, (ending.cancel, CLERK, None))]
    for reached, (use_case, who, *args) in steps if status != S.DRAFT else []:
        made = await ward.act(use_case, made, *args, by=who)
        if reached == status:
            break
    await ward.world.stock(product, ward.store, 9)
    if status in (S.ISSUED, S.RECEIVED):
        wish = [{"line_id": made.lines[0].id, "quantity": Decimal(1)}]
        made = await ward.act(allocating.allocate, made, wish)
    assert made.request.status == status
    return made.request


def expected(status: str, action: str, author: Author, rights: tuple[Permission, ...]) -> str:
    """The code that the attempt ends with."""
    if (APPROVE if action in DECISIONS else WRITE) not in rights:
        return "FORBIDDEN"
    if action not in [step.action for step in STOCK_REQUESTS.at(status)]:
        return "ILLEGAL_STEP"
    is_own = author is ME
    if action in DECISIONS and is_own:
        return "OWN_REQUEST"
    if action == A.ROLLBACK and not is_own:
        if status == S.SUBMITTED and ADMIN not in rights:
            return "FORBIDDEN"
        if status in (S.APPROVED, S.REJECTED) and not {ADMIN, APPROVE} & set(rights):
            return "FORBIDDEN"
    return "DONE"


@pytest.mark.parametrize("author", [ME, NURSE], ids=["own", "of others"])
@pytest.mark.parametrize("status", list(S))
async def test_every_action_is_done_or_refused_as_the_table_says(
    world: World, status: str, author: Author
) -> None:
    request = await at(await Ward.of(world), status, author)

    for rights in RIGHTS:
        found = {action: await attempt(world, request.id, action, rights) for action in ACTS}

        assert found == {action: expected(status, action, author, rights) for action in ACTS}
        assert await allowed(world, request.id, rights) == [
            step.action for step in STOCK_REQUESTS.at(status) if found[A(step.action)] == "DONE"
        ]


async def attempt(world: World, id: str, action: str, rights: tuple[Permission, ...]) -> str:
    """Try the action without keeping it; the code of its refusal."""
    name, input = ACTS[A(action)]
    text = f'mutation {{ {name}(id: "{id}", {input} dryRun: true) {{ message }} }}'
    found = await answer(world, text, permissions=rights)
    return str(found["errors"][0]["code"]) if "errors" in found else "DONE"


async def allowed(world: World, id: str, rights: tuple[Permission, ...]) -> Any:
    found = await answer(
        world, f'{{ stockRequest(id: "{id}") {{ allowedActions }} }}', permissions=rights
    )
    return found["data"]["stockRequest"]["allowedActions"]
