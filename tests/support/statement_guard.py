"""Holds every statement that the program builds to naming the tenant for each tenant's table.

Row security keeps tenants apart without it; the planner, and one day the router of shards, need it.
"""

import re
from typing import Any

from sqlalchemy import Engine, Executable, TextClause, event
from typing_extensions import override

from models import bound
from models.base import UNSECURED
from models.tables import metadata

VIEWS = ("item_quantities", "stock_levels_now", "open_promises", "import_stock", "import_movements")
TENANT_TABLES = frozenset(set(metadata.tables) - set(UNSECURED)) | frozenset(VIEWS)
_TABLE = re.compile(
    r"\b(?:from|join|update|delete from)\s+(?:only\s+)?\"?(\w+)\b(?!\.)", re.IGNORECASE
)
_PREDICATE = re.compile(
    r"tenant_id\s*=|=\s*(?:\w+\.)?tenant_id|stock_tenant\(\)|this_tenant", re.IGNORECASE
)


def unnamed(sql: str) -> list[str]:
    """The tenant tables of the statement, when it names the tenant less often than them."""
    tables = [name for name in _TABLE.findall(sql) if name.lower() in TENANT_TABLES]
    return tables if len(tables) > len(_PREDICATE.findall(sql)) else []


def install() -> None:
    """Watch every connection of this process; a test's own text may do as it likes."""
    event.listen(Engine, "before_cursor_execute", _check)
    bound.Ready = _Checked  # type: ignore[misc] # of statements that go to the driver


class _Checked(bound.Ready):
    @override
    def __init__(self, statement: Executable) -> None:
        super().__init__(statement)
        _hold(self.sql)


def _check(
    _connection: Any, _cursor: Any, sql: str, _values: Any, context: Any, _many: Any
) -> None:
    compiled = getattr(context, "compiled", None)
    if compiled is None or isinstance(compiled.statement, TextClause):
        return
    _hold(sql)


def _hold(sql: str) -> None:
    tables = unnamed(sql)
    assert not tables, f"name the tenant for each of {', '.join(tables)}: {sql}"
