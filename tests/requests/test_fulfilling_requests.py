"""What is set aside, sent and received for a request, in parts, and taken back step by step."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import InsufficientStock, QuantityRefused
from domain.request_errors import NothingAllocated, OtherOperation, RollbackBlocked
from services import feed, holds, transfers
from services.requests import allocating, changing, ending, issuing, writing
from services.requests import steps as request_steps
from services.requests.following import followed
from services.transfers import reading as transfer_reading
from ward import CLERK, Ward
from world import World


def numbers(change: Any) -> list[tuple[int, ...]]:
    """Of each line: approved, set aside, sent, received, lost."""
    names = ("approved", "allocated", "issued", "received", "lost")
    return [tuple(int(getattr(line, name) or 0) for name in names) for line in change.lines]


def steps(change: Any) -> list[tuple[str, str]]:
    return [(event.action, event.to_status) for event in change.events]


def units(change: Any, *quantities: int) -> list[dict[str, Any]]:
    lines = zip(change.lines, quantities, strict=False)
    return [{"line_id": line.id, "quantity": Decimal(n)} for line, n in lines]


async def test_a_request_is_set_aside_sent_received_and_done(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product(10)

    allocated = await ward.allocated((product, 6))
    reserved = await ward.reserved(product)
    issued = await ward.act(issuing.issue, allocated)
    after = await ward.reserved(product), await ward.on_hand(product, ward.store)
    done = await ward.receive(issued)

    assert (allocated.request.status, numbers(allocated), reserved) == (
        "ALLOCATED",
        [(6, 6, 0, 0, 0)],
        6,
    )
    assert (issued.request.status, numbers(issued), after) == ("ISSUED", [(6, 0, 6, 0, 0)], (0, 4))
    assert [int(entry.delta) for entry in issued.transactions] == [-6]
    assert (done.request.status, numbers(done)) == ("CLOSED", [(6, 0, 6, 6, 0)])
    assert await ward.on_hand(product, ward.ward) == 6
    assert steps(done)[3:] == [
        ("ALLOCATE", "ALLOCATED"),
        ("ISSUE", "ISSUED"),
        ("RECEIVE", "RECEIVED"),
        ("CLOSE", "CLOSED"),
    ]
    assert done.request.transfer_id == issued.request.transfer_id is not None


async def test_what_expires_first_is_set_aside_and_sent(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product()
    late = await world.lot(product, expiry=date(2032, 1, 1))
    soon = await world.lot(product, expiry=date(2031, 1, 1))
    await world.stock(product, ward.store, 5, lot=late)
    first = await world.stock(product, ward.store, 5, lot=soon)

    issued = await ward.issued((product, 7))

    assert [
        (entry.inventory_item_id == first, int(entry.delta)) for entry in issued.transactions
    ] == [
        (True, -5),
        (False, -2),
    ]


async def test_what_is_displaced_by_a_hold_is_sent_from_where_it_went(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product()
    soon = await world.lot(product, expiry=date(2031, 1, 1))
    await world.stock(product, ward.store, 5, lot=soon)
    other = await world.stock(product, ward.store, 5)
    allocated = await ward.allocated((product, 5))
    async with world.write() as session:
        hold = holds.Wish(
            type="QUALITY", reason="smells", lot_id=soon.id, displace_reservations=True
        )
        await holds.place(session, CLERK, hold)

    issued = await ward.act(issuing.issue, allocated)
    back = await ward.roll_back(issued)

    assert [(one.inventory_item_id, int(one.delta)) for one in issued.transactions] == [(other, -5)]
    assert (back.request.status, numbers(back)) == ("ALLOCATED", [(5, 5, 0, 0, 0)])
    assert await ward.reserved(product) == 5


async def test_what_is_not_there_is_on_back_order_and_follows(world: World) -> None:
    ward = await Ward.of(world)
    product, other = await ward.product(4), await ward.product()

    allocated = await ward.allocated((product, 6), (other, 2))
    issued = await ward.act(issuing.issue, allocated)
    received = await ward.receive(issued)
    await world.stock(product, ward.store, 9)
    more = await ward.act(allocating.allocate, received)
    again = await ward.act(issuing.issue, more)
    at_last = await ward.receive(again)
    closed = await ward.act(ending.close, at_last, None)

    assert allocated.message == "Set aside 4 of 8 units. On back order: 2 lines."
    assert (received.request.status, more.request.status) == ("RECEIVED", "RECEIVED")
    assert numbers(more) == [(6, 2, 4, 4, 0), (2, 0, 0, 0, 0)]
    assert (again.request.status, at_last.request.status) == ("ISSUED", "RECEIVED")
    assert (closed.request.status, numbers(closed)) == (
        "CLOSED",
        [(6, 0, 6, 6, 0), (2, 0, 0, 0, 0)],
    )


async def test_lines_are_set_aside_sent_and_received_in_parts(world: World) -> None:
    ward = await Ward.of(world)
    one, two = await ward.product(10), await ward.product(10)
    approved = await ward.approved((one, 6), (two, 5))

    allocated = await ward.act(allocating.allocate, approved, units(approved, 4))
    issued = await ward.act(issuing.issue, allocated, units(allocated, 3))
    received = await ward.receive(issued, *units(issued, 2))
    with pytest.raises(QuantityRefused) as refused:
        await ward.receive(received, *units(received, 2))

    assert numbers(received) == [(6, 1, 3, 2, 0), (5, 0, 0, 0, 0)]
    assert received.request.status == "ISSUED"
    assert await ward.reserved(one) == 1
    assert refused.value.details == {"inTransit": Decimal(1)}


async def test_nothing_is_sent_before_it_is_set_aside(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product(5)
    issued = await ward.issued((product, 5))

    with pytest.raises(NothingAllocated):
        await ward.act(issuing.issue, issued)
    with pytest.raises(InsufficientStock) as refused:
        await ward.act(allocating.allocate, await ward.approved((product, 5)))

    (line,) = refused.value.details["lines"]
    assert (line["asked"], line["free"]) == (Decimal(5), Decimal(0))


async def test_a_request_follows_a_transfer_that_others_move(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product(10)
    issued = await ward.issued((product, 6))
    transfer_id = issued.request.transfer_id

    async with world.read() as session:
        line = (await transfer_reading.lines_of(session, [transfer_id]))[transfer_id][0].line_id
    part = transfers.ReceiveLine(line_id=line, quantity=Decimal(3), damaged=Decimal(1))
    await move(world, transfers.receive, transfers.Receipt(transfer_id=transfer_id, lines=[part]))
    half = await shown(world, issued)
    await move(world, transfers.close, transfers.Step(transfer_id=transfer_id, reason="lost"))
    done = await shown(world, issued)

    assert (half.request.status, numbers(half)) == ("ISSUED", [(6, 0, 6, 4, 0)])
    assert (done.request.status, numbers(done)) == ("CLOSED", [(6, 0, 6, 4, 2)])
    assert [event.comment for event in done.events if event.action == "RECEIVE"] == [
        "XFER-000001 is PARTIALLY_RECEIVED.",
        "XFER-000001 is CLOSED_SHORT.",
    ]


async def test_a_transfer_that_is_cancelled_takes_the_sending_back(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product(10)
    issued = await ward.issued((product, 6))
    wish = transfers.Cancellation(transfer_id=issued.request.transfer_id)

    await move(world, transfers.cancel, wish)

    back = await shown(world, issued)
    assert (back.request.status, numbers(back)) == ("ALLOCATED", [(6, 6, 0, 0, 0)])
    assert (await ward.reserved(product), await ward.on_hand(product, ward.store)) == (6, 10)


async def test_a_transfer_that_is_written_off_is_lost_to_the_request(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product(10)
    issued = await ward.issued((product, 6))
    wish = transfers.Cancellation(
        transfer_id=issued.request.transfer_id, reason="stolen", in_transit="WRITE_OFF"
    )

    await move(world, transfers.cancel, wish)

    lost = await shown(world, issued)
    assert (lost.request.status, numbers(lost)) == ("CLOSED", [(6, 0, 6, 0, 6)])
    assert (await ward.reserved(product), await ward.on_hand(product, ward.store)) == (0, 4)


async def test_each_step_is_taken_back_by_appending(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product(10)
    made = await ward.issued((product, 6))
    found = []

    for _ in range(4):
        made = await ward.roll_back(made)
        there = await ward.reserved(product), await ward.on_hand(product, ward.store)
        found.append((made.request.status, numbers(made)[0][:3], *there))

    assert found == [
        ("ALLOCATED", (6, 6, 0), 6, 10),
        ("APPROVED", (6, 0, 0), 0, 10),
        ("SUBMITTED", (0, 0, 0), 0, 10),
        ("DRAFT", (0, 0, 0), 0, 10),
    ]
    assert [action for action, _ in steps(made)] == [
        "CREATE",
        "SUBMIT",
        "APPROVE",
        "ALLOCATE",
        "ISSUE",
        *["ROLLBACK"] * 4,
    ]
    moments = ("submitted_at", "decided_at", "issued_at")
    assert [getattr(made.request, name) for name in moments] == [None] * 3


async def test_sendings_are_taken_back_one_after_another(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product(10)
    made = await ward.allocated((product, 6))
    made = await ward.act(issuing.issue, made, units(made, 4))
    made = await ward.act(issuing.issue, made)
    found = []

    for _ in range(2):
        made = await ward.roll_back(made)
        there = await ward.reserved(product), await ward.on_hand(product, ward.store)
        found.append((made.request.status, numbers(made)[0], *there))

    assert found == [("ISSUED", (6, 2, 4, 0, 0), 2, 6), ("ALLOCATED", (6, 6, 0, 0, 0), 6, 10)]


async def test_each_step_is_told_once_in_the_feed(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product(10)
    made = await ward.roll_back(await ward.issued((product, 6)))
    await ward.act(writing.comment, made, "on Monday")
    made = await ward.receive(await ward.act(issuing.issue, made))
    await feed.relay(world.database)

    async with world.read() as session:
        told = await session.call(
            "select array_agg(topic || ' ' || (payload ->> 'after') order by number) from outbox"
            " where aggregate_id = $1",
            made.request.id,
        )
    kept = [(f"stock_request.{event.action.lower()} {event.to_status}") for event in made.events]
    assert told == kept
    assert len(told) == 10
    assert made.request.status == "CLOSED"


async def test_what_has_arrived_blocks_that_the_sending_is_taken_back(world: World) -> None:
    ward = await Ward.of(world)
    issued = await ward.issued((await ward.product(10), 6))
    received = await ward.receive(issued, *units(issued, 2))

    with pytest.raises(RollbackBlocked) as blocked:
        await ward.roll_back(received)

    assert blocked.value.details == {
        "blockers": [
            {
                "code": "UNITS_RECEIVED",
                "units": Decimal(2),
                "transferId": issued.request.transfer_id,
                "transferNumber": "XFER-000001",
            }
        ]
    }


async def test_what_is_lost_blocks_it_too(world: World) -> None:
    ward = await Ward.of(world)
    made = await ward.allocated((await ward.product(10), 6))
    await ward.act(issuing.issue, made, units(made, 4))
    issued = await ward.act(issuing.issue, made)
    step = transfers.Step(transfer_id=issued.request.transfer_id, reason="lost")
    await move(world, transfers.close, step)

    with pytest.raises(RollbackBlocked) as blocked:
        await ward.roll_back(issued)

    assert [one["code"] for one in blocked.value.details["blockers"]] == ["NOT_IN_TRANSIT"]


async def test_what_is_on_hold_meanwhile_blocks_it_too_and_nothing_changes(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product()
    lot = await world.lot(product)
    await world.stock(product, ward.store, 6, lot=lot)
    issued = await ward.issued((product, 6))
    async with world.write() as session:
        hold = holds.Wish(type="QUALITY", reason="smells", lot_id=lot.id)
        await holds.place(session, CLERK, hold)

    with pytest.raises(RollbackBlocked) as blocked:
        await ward.roll_back(issued)

    assert [one["code"] for one in blocked.value.details["blockers"]] == ["STOCK_NOT_FREE"]
    still = await shown(world, issued)
    assert (still.request.status, still.request.version) == ("ISSUED", issued.request.version)
    assert await ward.on_hand(product, ward.store) == 0


async def test_a_request_that_is_cancelled_gives_its_units_free(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product(10)

    cancelled = await ward.cancel(await ward.allocated((product, 6)))

    assert (cancelled.request.status, numbers(cancelled)) == ("CANCELLED", [(6, 0, 0, 0, 0)])
    assert await ward.reserved(product) == 0


async def test_a_state_that_is_named_does_what_it_says(world: World) -> None:
    ward = await Ward.of(world)
    whole = await ward.approved((await ward.product(10), 6))
    short = await ward.approved((await ward.product(4), 6))
    found = []

    for made, status in (
        *((whole, status) for status in ("ALLOCATED", "ISSUED", "RECEIVED")),
        *((short, status) for status in ("ALLOCATED", "ISSUED", "RECEIVED", "CLOSED")),
        (await ward.submitted((await ward.product(), 1)), "CANCELLED"),
    ):
        done = await ward.act(changing.change_status, made, status, None, None)
        found.append(done.request.status)

    assert found[:3] == ["ALLOCATED", "ISSUED", "CLOSED"]
    assert found[3:] == ["ALLOCATED", "ISSUED", "RECEIVED", "CLOSED", "CANCELLED"]


async def test_a_state_that_was_left_is_reached_by_taking_steps_back(world: World) -> None:
    ward = await Ward.of(world)
    made = await ward.allocated((await ward.product(10), 6))

    for status, path in (
        ("DRAFT", "rollback"),
        ("SUBMITTED", "rollback"),
        ("APPROVED", "rollback"),
        ("REJECTED", "reject"),
    ):
        with pytest.raises(OtherOperation) as refused:
            await ward.act(changing.change_status, made, status, None, None)

        assert refused.value.details["endpoint"] == (
            f"POST /api/stock-requests/{made.request.id}/{path}"
        )


async def test_with_the_setting_an_approval_sets_stock_aside_at_once(world: World) -> None:
    await world.settings(request_reservation=True)
    ward = await Ward.of(world)
    there, missing = await ward.product(3), await ward.product()

    met = await ward.approved((there, 5))
    unmet = await ward.approved((missing, 5))

    assert (met.request.status, numbers(met)) == ("ALLOCATED", [(5, 3, 0, 0, 0)])
    assert (unmet.request.status, unmet.message) == (
        "APPROVED",
        "REQ-000002 was approved. Nothing of it is there now.",
    )


async def move(world: World, use_case: Any, wish: Any) -> None:
    async with world.write() as session:
        await followed(session, CLERK, use_case, wish)


async def shown(world: World, made: Any) -> Any:
    async with world.read() as session:
        return await request_steps.shown(session, made.request.id, "")
