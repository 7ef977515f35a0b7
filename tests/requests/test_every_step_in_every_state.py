"""Every action in every state with every right: done, refused by the state, or by the right."""

import itertools
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
RIGHTS = [
    (READ, *some) for n in range(4) for some in itertools.combinations((WRITE, APPROVE, ADMIN), n)
]
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
# Further mutations that take the same steps; a comment is none.
ALIKE = {
    "deleteStockRequest": (A.EDIT, ""),
    "addStockRequestLine": (A.EDIT, 'input: {productId: "PRODUCT", quantity: 1}'),
    "changeStockRequestLine": (A.EDIT, 'input: {lineId: "LINE", quantity: 2}'),
    "removeStockRequestLine": (A.EDIT, 'input: {lineId: "LINE"}'),
    "changeStockRequestStatus": (A.ALLOCATE, "input: {status: ALLOCATED}"),
    "commentStockRequest": (None, 'input: {comment: "so many?"}'),
}
DECISIONS = (A.APPROVE, A.REJECT)
# One of these has who takes a step of others back.
TAKING_BACK: dict[str, set[Permission]] = {
    S.SUBMITTED: {ADMIN},
    S.APPROVED: {ADMIN, APPROVE},
    S.REJECTED: {ADMIN, APPROVE},
}


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
    return made


def expected(
    status: str, action: str | None, author: Author, rights: tuple[Permission, ...]
) -> str:
    """The code that the attempt ends with."""
    if (APPROVE if action in DECISIONS else WRITE) not in rights:
        return "FORBIDDEN"
    if action is None:
        return "DONE"
    if action not in [step.action for step in STOCK_REQUESTS.at(status)]:
        return "ILLEGAL_STEP"
    is_own = author is ME
    if action in DECISIONS and is_own:
        return "OWN_REQUEST"
    needed = TAKING_BACK.get(status) if action == A.ROLLBACK and not is_own else None
    return "FORBIDDEN" if needed is not None and not needed & set(rights) else "DONE"


@pytest.mark.parametrize("author", [ME, NURSE], ids=["own", "of others"])
@pytest.mark.parametrize("status", list(S))
async def test_every_action_is_done_or_refused_as_the_table_says(
    world: World, status: str, author: Author
) -> None:
    request = (await at(await Ward.of(world), status, author)).request

    for rights in RIGHTS:
        found = {a: await attempt(world, request.id, *ACTS[a], rights) for a in ACTS}

        assert found == {action: expected(status, action, author, rights) for action in ACTS}
        assert await allowed(world, request.id, rights) == [
            step.action for step in STOCK_REQUESTS.at(status) if found[A(step.action)] == "DONE"
        ]


@pytest.mark.parametrize("status", list(S))
async def test_mutations_of_one_action_are_done_or_refused_alike(world: World, status: str) -> None:
    made = await at(await Ward.of(world), status, NURSE)
    other = await world.product()

    for rights in ((READ, WRITE), (READ, APPROVE, ADMIN)):
        for name, (action, input) in ALIKE.items():
            given = input.replace("LINE", made.lines[0].id).replace("PRODUCT", other.id)
            code = await attempt(world, made.request.id, name, given, rights)

            assert (name, code) == (name, expected(status, action, NURSE, rights))


async def attempt(
    world: World, id: str, name: str, input: str, rights: tuple[Permission, ...]
) -> str:
    """Try the mutation without keeping it; the code of its refusal."""
    text = f'mutation {{ {name}(id: "{id}", {input} dryRun: true) {{ message }} }}'
    found = await answer(world, text, permissions=rights)
    return str(found["errors"][0]["code"]) if "errors" in found else "DONE"


async def allowed(world: World, id: str, rights: tuple[Permission, ...]) -> Any:
    found = await answer(
        world, f'{{ stockRequest(id: "{id}") {{ allowedActions }} }}', permissions=rights
    )
    return found["data"]["stockRequest"]["allowedActions"]
