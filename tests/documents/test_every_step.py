"""Every kind of document in every state, asked for every action, does what its table says."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

import counting_acts
import warehouse_acts
from domain.count_errors import StillCounting
from domain.documents import Machine
from domain.errors import IllegalStep
from domain.machines import MACHINES
from domain.machines.cycle_counts import CYCLE_COUNTS
from domain.machines.put_away import PUT_AWAY
from domain.machines.replenishment import REPLENISHMENT
from domain.machines.stock_requests import STOCK_REQUESTS
from domain.machines.transfers import TRANSFERS
from models import cycle_counts, put_away, replenishment, transfers
from services import documents
from transfer_acts import Moving
from world import World

Act = Callable[[str], Awaitable[Any]]


async def transfer(world: World, status: str) -> tuple[str, Act]:
    """A transfer in this state, and what takes it on."""
    move = await Moving.make(world, 10)
    await move.to(status, partly=True)
    return move.id, move.act


# For each kind: its table, and what brings a document of it into a state and takes it on.
KINDS: dict[str, tuple[Any, Callable[[World, str], Awaitable[tuple[str, Act]]]]] = {
    TRANSFERS.kind: (transfers.transfers, transfer),
    PUT_AWAY.kind: (put_away.put_away_tasks, warehouse_acts.task),
    REPLENISHMENT.kind: (replenishment.replenishment_records, warehouse_acts.record),
    CYCLE_COUNTS.kind: (cycle_counts.cycle_counts, counting_acts.cycle_count),
}


def test_every_kind_of_document_is_walked() -> None:
    # Requests have a walk of their own, by every right as well: tests/requests.
    assert {one.kind for one in MACHINES} == {*KINDS, STOCK_REQUESTS.kind}


@pytest.mark.parametrize(
    ("machine", "status"),
    [(one, status) for one in MACHINES if one.kind in KINDS for status in one.states],
    ids=lambda value: value.kind if isinstance(value, Machine) else str(value),
)
async def test_a_state_allows_what_its_table_says_and_nothing_else(
    world: World, machine: Machine, status: str
) -> None:
    table, bring = KINDS[machine.kind]
    register = documents.Register(machine, table)
    for action in machine.actions:
        id, act = await bring(world, status)
        allowed = [step.action for step in machine.at(status)]
        if action in allowed:
            await act(action)
            assert await status_of(world, register, id) in machine.step(status, action).to
            continue
        before = await events_of(world, machine, id)
        with pytest.raises((IllegalStep, StillCounting)) as refused:
            await act(action)
        assert refused.value.details["allowedActions"] == allowed
        assert refused.value.details["status"] == status
        assert await status_of(world, register, id) == status
        assert await events_of(world, machine, id) == before


async def status_of(world: World, register: documents.Register, id: str) -> str:
    async with world.write() as session:
        return str((await register.get_locked(session, id, None)).status)


async def events_of(world: World, machine: Machine, id: str) -> int:
    async with world.read() as session:
        return len((await documents.events_of(session, [id], machine.kind))[id])
