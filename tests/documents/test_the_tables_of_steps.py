"""The table of each kind of document, and what follows from it alone."""

from uuid import uuid4

import pytest

from domain.actor import Actor
from domain.documents import Machine
from domain.errors import IllegalStep
from domain.machines import MACHINES
from domain.machines.transfers import TRANSFERS
from domain.permissions import Permission


def actor(*permissions: Permission) -> Actor:
    return Actor(tenant_id=uuid4(), key_id="key", name="Key", permissions=frozenset(permissions))


def name_of(machine: Machine) -> str:
    return machine.kind


@pytest.mark.parametrize("machine", MACHINES, ids=name_of)
def test_a_table_names_known_states_and_actions(machine: Machine) -> None:
    states, actions = set(machine.states), set(machine.actions)

    for step in machine.steps:
        assert {step.action} <= actions
        assert set(step.sources) <= states
        assert set(step.to) <= states
    assert {machine.initial, *machine.final} <= states
    assert {step.action for step in machine.steps} == actions


@pytest.mark.parametrize("machine", MACHINES, ids=name_of)
def test_an_action_has_one_step_in_a_state(machine: Machine) -> None:
    for state in machine.states:
        actions = [step.action for step in machine.at(state)]
        assert len(actions) == len(set(actions)), state


@pytest.mark.parametrize("machine", MACHINES, ids=name_of)
def test_every_state_is_reached_and_only_final_ones_are_left_by_nothing(machine: Machine) -> None:
    reached = {machine.initial}
    while True:
        further = {to for state in reached for step in machine.at(state) for to in step.to}
        if further <= reached:
            break
        reached |= further

    assert reached == set(machine.states)
    assert {state for state in machine.states if not machine.at(state)} == set(machine.final)


def test_kinds_and_prefixes_are_unique() -> None:
    assert len({machine.kind for machine in MACHINES}) == len(MACHINES)
    assert len({machine.prefix for machine in MACHINES}) == len(MACHINES)


@pytest.mark.parametrize("machine", MACHINES, ids=name_of)
def test_every_other_action_is_refused_with_the_state_and_what_it_allows(machine: Machine) -> None:
    for state in machine.states:
        allowed = [step.action for step in machine.at(state)]
        for action in machine.actions:
            if action in allowed:
                assert machine.step(state, action).action == action
                continue
            with pytest.raises(IllegalStep) as refused:
                machine.step(state, action)
            assert refused.value.details == {
                "status": state,
                "action": action,
                "allowedActions": allowed,
            }


def test_a_refusal_says_what_is_allowed() -> None:
    with pytest.raises(IllegalStep) as refused:
        TRANSFERS.step("SUBMITTED", "SHIP")

    assert refused.value.message == (
        "A transfer that is SUBMITTED does not allow SHIP; it allows APPROVE, CANCEL."
    )
    with pytest.raises(IllegalStep, match="it allows nothing more"):
        TRANSFERS.step("CLOSED", "SHIP")


def test_what_is_allowed_depends_on_the_key() -> None:
    writer, reader = actor(Permission.TRANSFERS_WRITE), actor(Permission.TRANSFERS_READ)

    assert TRANSFERS.allowed("DRAFT", writer) == ["EDIT", "SUBMIT", "CANCEL"]
    assert TRANSFERS.allowed("DRAFT", reader) == []
