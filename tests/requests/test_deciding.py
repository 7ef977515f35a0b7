"""Who decides on a request, on what of it, and up to which value."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import (
    DuplicateLine,
    Forbidden,
    GatewayError,
    Invalid,
    NotFound,
    QuantityRefused,
    Unavailable,
)
from domain.permissions import Permission
from domain.request_errors import (
    ApprovalLimitExceeded,
    EmptyRequest,
    OverApproval,
    OwnRequest,
    ReasonRequired,
    UnknownLine,
)
from services.locations import writing as location_writing
from services.requests import allocating, approvers, deciding, issuing, lines, rules
from services.requests import steps as request_steps
from ward import CLERK, HEAD, NURSE, Ward
from world import World


async def key(world: World, id: str) -> None:
    async with world.write() as session:
        await session.call(
            "insert into api_keys (id, name, key_prefix, last4, key_hash, scopes)"
            " values ($1::text, $1::text, 'bdk_live', 'last',"
            " sha256(convert_to($1::text, 'UTF8')), array['*'])",
            id,
        )


async def may(world: World, **values: Any) -> None:
    await key(world, HEAD.id)
    async with world.write() as session:
        await approvers.set_approver(session, HEAD, HEAD.id, values)


async def test_an_approver_cuts_refuses_and_substitutes_lines(world: World) -> None:
    ward = await Ward.of(world)
    one, two, three = [await ward.product(10) for _ in range(3)]
    instead = await ward.product(10, name="Instead", sku="INST")
    made = await ward.submitted((one, 5), (two, 5), (three, 5))
    first, second, third = made.lines
    wishes = [
        {"line_id": first.id, "approved_quantity": Decimal(2), "comment": "enough"},
        {"line_id": second.id, "approved_quantity": Decimal(0)},
        {
            "line_id": third.id,
            "substitute_product_id": instead.id,
            "substitution_reason": "sold out",
        },
    ]

    approved = await ward.approve(made, *wishes)
    allocated = await ward.act(allocating.allocate, approved)

    assert [
        (line.approved, line.substitute_sku, rules.line_status(line)) for line in approved.lines
    ] == [(2, None, "APPROVED"), (0, None, "REFUSED"), (5, "INST", "APPROVED")]
    assert [line.allocated for line in allocated.lines] == [2, 0, 5]
    assert (await ward.reserved(instead), await ward.reserved(three)) == (5, 0)


async def test_who_has_made_a_request_does_not_decide_on_it_unless_that_is_allowed(
    world: World,
) -> None:
    ward = await Ward.of(world)
    made = await ward.submitted((await ward.product(), 1))

    with pytest.raises(OwnRequest):
        await ward.approve(made, by=NURSE)
    with pytest.raises(OwnRequest):
        await ward.act(deciding.reject, made, "no", None, by=NURSE)
    await world.settings(request_self_approval=True)

    assert (await ward.approve(made, by=NURSE)).request.status == "APPROVED"


@pytest.mark.parametrize(
    ("company", "location", "status"),
    [
        (True, None, "SUBMITTED"),
        (False, None, "APPROVED"),
        (True, False, "APPROVED"),
        (False, True, "SUBMITTED"),
    ],
)
async def test_the_location_that_fulfils_it_says_whether_approval_is_needed(
    world: World, *, company: bool, location: bool | None, status: str
) -> None:
    await world.settings(request_approval=company)
    ward = await Ward.of(world)
    async with world.write() as session:
        values = {"request_approval": location}
        await location_writing.update_location(session, ward.store.id, values, None)

    made = await ward.submitted((await ward.product(), 1))

    assert made.request.status == status
    assert [event.actor_name for event in made.events if event.action == "APPROVE"] == (
        ["Stockgraph"] if status == "APPROVED" else []
    )


async def test_a_key_approves_up_to_its_value_and_as_much_as_was_asked_for(world: World) -> None:
    ward = await Ward.of(world)
    made = await ward.submitted((await ward.product(unit_cost=Decimal("2.50")), 4))
    more = {"line_id": made.lines[0].id, "approved_quantity": Decimal(5)}
    await may(world, value_limit=Decimal("9.99"))

    with pytest.raises(ApprovalLimitExceeded) as dear:
        await ward.approve(made)
    with pytest.raises(OverApproval) as much:
        await ward.approve(made, more)
    await may_also(world, value_limit=None, may_exceed_request=True)
    approved = await ward.approve(made, more)

    assert dear.value.details == {"value": Decimal(10), "limit": Decimal("9.99")}
    assert much.value.details == {"lineId": made.lines[0].id, "requested": Decimal(4)}
    assert approved.lines[0].approved == 5


async def may_also(world: World, **values: Any) -> None:
    async with world.write() as session:
        await approvers.set_approver(session, HEAD, HEAD.id, values)


async def test_wrong_decisions_are_refused_each_by_its_code_and_change_nothing(
    world: World,
) -> None:
    ward = await Ward.of(world)
    product, other = await ward.product(), await ward.product()
    made, foreign = await ward.submitted((product, 4), (other, 1)), await ward.request((product, 1))
    line = {"line_id": made.lines[0].id}
    new = (await ward.product()).id
    cases: list[tuple[list[dict[str, Any]], type[GatewayError], str]] = [
        ([{"line_id": foreign.lines[0].id}], UnknownLine, "lines[0].lineId"),
        ([line, line], DuplicateLine, "lines[1].lineId"),
        (
            [line | {"approved_quantity": Decimal(-1)}],
            QuantityRefused,
            "lines[0].approvedQuantity",
        ),
        (
            [line | {"approved_quantity": Decimal("0.5")}],
            QuantityRefused,
            "lines[0].approvedQuantity",
        ),
        ([line | {"approved_quantity": Decimal(9)}], OverApproval, "lines[0].approvedQuantity"),
        ([line | {"substitute_product_id": new}], ReasonRequired, "lines[0].substitutionReason"),
        (
            [line | {"substitute_product_id": other.id, "substitution_reason": "why"}],
            Invalid,
            "lines[0].substituteProductId",
        ),
        (
            [line | {"substitute_product_id": "prod_none", "substitution_reason": "why"}],
            NotFound,
            "lines[0].substituteProductId",
        ),
        ([line | {"substitution_reason": "why"}], Invalid, "lines[0].substitutionReason"),
        (
            [{"line_id": one.id, "approved_quantity": Decimal(0)} for one in made.lines],
            EmptyRequest,
            "lines",
        ),
    ]

    for wishes, kind, field in cases:
        with pytest.raises(kind) as refused:
            await ward.approve(made, *wishes)
        assert (type(refused.value), refused.value.field) == (kind, field)

    async with world.read() as session:
        still = await request_steps.shown(session, made.request.id, "")
    assert (still.request.version, still.lines) == (made.request.version, made.lines)


async def test_wrong_requests_are_refused(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product()
    draft = await ward.request()
    gone = await ward.product(active=False)

    with pytest.raises(EmptyRequest):
        await ward.act(deciding.submit, draft)
    with pytest.raises(Invalid):
        await ward.request((product, 1), fulfilling_location_id=ward.ward.id)
    with pytest.raises(Invalid):
        await ward.request((gone, 1))
    with pytest.raises(QuantityRefused):
        await ward.request((product, 0))
    with pytest.raises(NotFound):
        await ward.request((product, 1), fulfilling_location_id="loc_none")
    with pytest.raises(ReasonRequired):
        await ward.act(deciding.reject, draft, " ", None)
    with pytest.raises(UnknownLine):
        await ward.act(lines.remove, draft, "rline_none")


async def test_a_product_twice_adds_up(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product()

    made = await ward.request((product, 2), (product, 3))

    assert [int(line.requested) for line in made.lines] == [5]


async def test_only_who_may_takes_a_decision_back(world: World) -> None:
    ward = await Ward.of(world)
    submitted = await ward.submitted((await ward.product(), 1))
    approved = await ward.approved((await ward.product(), 1))
    write = Permission.STOCKREQUESTS_WRITE
    stranger = ward.all(write, key="key_other")
    approver = ward.all(write, Permission.STOCKREQUESTS_APPROVE, key="key_other")
    requester = ward.all(write, key=NURSE.id)

    for made, by in ((submitted, stranger), (submitted, approver), (approved, stranger)):
        with pytest.raises(Forbidden):
            await ward.roll_back(made, by=by)
    back = await ward.roll_back(approved, by=approver)
    again = await ward.roll_back(back, by=requester)

    assert (back.request.status, again.request.status) == ("SUBMITTED", "DRAFT")
    assert (await ward.roll_back(submitted)).request.status == "DRAFT"


async def outcomes(*acts: Callable[[], Awaitable[Any]]) -> list[Any]:
    """What the acts give, all at once; who is told to come again does."""

    async def patient(act: Callable[[], Awaitable[Any]]) -> Any:
        while True:
            try:
                return await act()
            except Unavailable:
                continue

    return list(await asyncio.gather(*(patient(act) for act in acts), return_exceptions=True))


@pytest.mark.parametrize("_round", range(5))
async def test_of_an_approval_and_a_rejection_at_once_one_holds(world: World, _round: int) -> None:
    ward = await Ward.of(world)
    made = await ward.submitted((await ward.product(), 1))

    found = await outcomes(
        lambda: ward.approve(made),
        lambda: ward.act(deciding.reject, made, "no", None, by=CLERK),
    )

    done = [one for one in found if not isinstance(one, Exception)]
    assert len(done) == 1
    assert [one.code for one in found if isinstance(one, GatewayError)] == ["ILLEGAL_STEP"]
    async with world.read() as session:
        shown = await request_steps.shown(session, made.request.id, "")
    assert [event.action for event in shown.events][2:] in (["APPROVE"], ["REJECT"])


@pytest.mark.parametrize("_round", range(3))
async def test_a_request_that_is_submitted_twice_at_once_is_submitted_once(
    world: World, _round: int
) -> None:
    ward = await Ward.of(world)
    made = await ward.request((await ward.product(), 1))

    found = await outcomes(*[lambda: ward.act(deciding.submit, made, by=NURSE)] * 4)

    assert sum(not isinstance(one, Exception) for one in found) == 1


@pytest.mark.parametrize("_round", range(5))
async def test_sending_against_taking_back_ends_in_one_of_the_two(
    world: World, _round: int
) -> None:
    ward = await Ward.of(world)
    product = await ward.product(10)
    made = await ward.allocated((product, 6))

    sent, back = await outcomes(lambda: ward.act(issuing.issue, made), lambda: ward.roll_back(made))

    async with world.read() as session:
        shown = await request_steps.shown(session, made.request.id, "")
    state = (
        shown.request.status,
        await ward.reserved(product),
        await ward.on_hand(product, ward.store),
    )
    refused = [one.code for one in (sent, back) if isinstance(one, GatewayError)]
    assert (*state, refused) in (
        ("APPROVED", 0, 10, ["ILLEGAL_STEP"]),  # taken back first: nothing can be sent
        ("ALLOCATED", 6, 10, []),  # sent first: the sending is taken back
    )
