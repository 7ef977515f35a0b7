"""Statements that are built once and run with other values each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable
from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Bound:
    """A statement that is kept, with the values of one run by the names of its parameters.

    To build a statement, and to find the compiled form of one that looks like it, costs as much
    as to run it. Hot statements are built by a cached function and come in this.
    """

    statement: Executable
    values: Mapping[str, Any]

    @override
    def __str__(self) -> str:
        return str(self.statement)


Statement = Executable | Bound
