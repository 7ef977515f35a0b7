"""Statements that are built once and run with other values each time, on the driver itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ClauseElement, Delete, Executable, Table
from sqlalchemy.dialects.postgresql import asyncpg as driver
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from typing_extensions import override

from domain.json import dumps


@dataclass(frozen=True, slots=True)
class Bound:
    """A statement that is kept, with the values of one run by the names of its parameters.

    To build a statement, to find the compiled form of one that looks like it, and to dress the
    answer costs more than to run it. Hot statements are built by a cached function and come in
    this: their text is made once, and the driver runs it.
    """

    statement: Executable
    values: Mapping[str, Any]

    @override
    def __str__(self) -> str:
        return str(self.statement)


Statement = Executable | Bound


class Row(asyncpg.Record):  # type: ignore[misc] # the driver has no types
    """A row as the driver gives it, with columns as attributes, as SQLAlchemy's rows have them."""

    def __getattr__(self, name: str) -> Any:
        """The value in this column."""
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def _asdict(self) -> dict[str, Any]:
        return dict(self.items())

    @property
    def _mapping(self) -> Mapping[str, Any]:
        return dict(self.items())


Process = Callable[[Any], Any]


class Ready:
    """The text of a statement for the driver, and how its arguments are made of a run's values."""

    def __init__(self, statement: Executable) -> None:
        assert isinstance(statement, ClauseElement), "it is built of columns and tables"
        compiled = statement.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler), "it is no DDL"
        # Where a list is written out with each run, the library has to do it.
        self.is_whole = not compiled.post_compile_params
        self.sql = str(compiled)
        self.deleting = isinstance(statement, Delete)
        self.writes_reference = writes_reference(statement)
        self._takes = [_argument(compiled.binds[name]) for name in compiled.positiontup or ()]

    def arguments(self, values: Mapping[str, Any], tenant_id: UUID) -> list[Any]:
        """The values of one run, in the order of the text."""
        return [take(values, tenant_id) for take in self._takes]


@cache
def ready(statement: Executable) -> Ready:
    """What the driver needs to run a statement that is kept."""
    return Ready(statement)


def writes_reference(statement: Executable) -> bool:
    """Whether the statement writes to a table of reference data."""
    return (
        isinstance(statement, UpdateBase)
        and isinstance(statement.table, Table)
        and bool(statement.table.info.get("reference"))
    )


def _argument(bind: Any) -> Callable[[Mapping[str, Any], UUID], Any]:
    """How the value of one parameter is found: given, the tenant, or part of the statement."""
    process: Process | None = bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    if bind.callable is not None:
        return lambda _values, tenant_id: tenant_id
    if not bind.required:
        constant = process(bind.value) if process else bind.value
        return lambda _values, _tenant_id: constant
    name = bind.key
    if process is None:
        return lambda values, _tenant_id: values[name]
    return lambda values, _tenant_id: process(values[name])


_DIALECT = driver.dialect(  # type: ignore[no-untyped-call] # the library's own
    json_serializer=lambda value: dumps(value).decode()
)
