"""Documents: what goes through states by named actions, and the table of each kind's steps. Pure.

From the tables are made the refusals of illegal steps, `allowedActions`, the words of the graph
and of OpenAPI, and docs/states.md.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.actor import Actor
from domain.errors import IllegalStep
from domain.permissions import Permission

CREATE = "CREATE"  # the action of a document's first event
COMMENT = "COMMENT"  # an event that changes no state


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An action that may be taken in the states `sources`, by who holds the permission `needs`.

    It leads to one of the states `to`; where these are several, the use case chooses.
    """

    action: str
    sources: Collection[str]
    to: Collection[str]
    needs: Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The states of one kind of document, and its steps; one step for an action in a state.

    `kind` is the kind's name in the database and its events, `prefix` begins its numbers. Both
    enumerations describe their members.
    """

    kind: str
    prefix: str
    states: type[StrEnum]
    actions: type[StrEnum]
    initial: str
    final: Collection[str]
    steps: Sequence[Step]

    @property
    def thing(self) -> str:
        """The kind in a sentence: `cycle count`."""
        return self.kind.lower().replace("_", " ")

    def at(self, status: str) -> list[Step]:
        """The steps that may be taken in this state, in the order of the table."""
        return [step for step in self.steps if status in step.sources]

    def allowed(self, status: str, actor: Actor) -> list[str]:
        """The actions that this actor may take in this state, in the order of the table."""
        return [step.action for step in self.at(status) if step.needs in actor.permissions]

    def step(self, status: str, action: str) -> Step:
        """The step that the action is in this state.

        Raises:
            IllegalStep: there is none; `details` name the state and the actions that it allows.
        """
        for step in self.at(status):
            if step.action == action:
                return step
        raise IllegalStep(self.thing, action, status, [step.action for step in self.at(status)])
