"""The page docs/states.md, made from the tables of steps of all kinds of documents."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from domain.documents import Machine
from domain.machines import MACHINES
from resolvers.documents import texts_of

STATES = Path("docs") / "states.md"
_HEAD = """# States

The states of every kind of document and the actions that lead from one to another. An action that
is not in the table is refused with `ILLEGAL_STEP`, whose details name the state and what it does
allow; `allowedActions` of a document are those of its state for which your key has the permission.
This page is made from the tables that the program follows.
"""


def text() -> str:
    """The page."""
    return "\n".join([_HEAD, *(line for machine in MACHINES for line in _section(machine))])


def _section(machine: Machine) -> Iterator[str]:
    yield f"## {machine.thing.capitalize()}\n"
    yield f"Numbers begin with `{machine.prefix}-`; it begins as `{machine.initial}`.\n"
    yield from _words("state", machine.states, set(machine.final))
    yield from _words("action", machine.actions, set())
    yield "| in | action | leads to | needs |\n|---|---|---|---|"
    for state in machine.states:
        for step in machine.at(state):
            leads = ", ".join(f"`{to}`" for to in step.to)
            yield f"| `{state}` | `{step.action}` | {leads} | `{step.needs}` |"
    yield ""


def _words(name: str, words: type[StrEnum], final: set[str]) -> Iterator[str]:
    texts: Mapping[str, str] = texts_of(words)
    yield f"| {name} | what it means |\n|---|---|"
    for word in words:
        yield f"| `{word}` | {texts[word]}{' It is final.' if word in final else ''} |"
    yield ""
