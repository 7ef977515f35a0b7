"""Statements on an import itself: begun, found again, moved on, ended."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Delete, Insert, Select, Update, delete, func, insert, select, text, update
from sqlalchemy.sql.elements import TextClause

from models.base import this_tenant
from models.imports.tables import import_lines, imports

RUNNING = ("STAGING", "POSTING")
_CHUNK = 50_000  # rows that one statement deletes


def only_one() -> TextClause:
    """True, and no second import of the tenant gets past here until the transaction ends."""
    return text(
        "select pg_try_advisory_xact_lock(hashtextextended('import ' || stock_tenant()::text, 0))"
    )


def begin(values: Mapping[str, Any]) -> Insert:
    """A new import."""
    return insert(imports).values(**values)


def stage_rows(width: int) -> str:
    """Stage rows of this many cells: $1 import, $2 file, $3 lines, from $4 on a list per column.

    PostgreSQL refuses COPY into a table with row security; arrays come near its speed.
    """
    columns = [f"c{i}" for i in range(width)]
    arrays = ", ".join(f"${i}::text[]" for i in range(4, width + 4))
    return (
        "insert into import_rows (import_id, file, line, cells)"  # noqa: S608 - only numbers vary
        f" select $1, $2, u.line, array[{', '.join(columns)}]"
        f" from unnest($3::integer[], {arrays}) as u (line, {', '.join(columns)})"
    )


def get(import_id: str) -> Select[Any]:
    """The import with this id."""
    return select(imports).where(imports.c.tenant_id == this_tenant(), imports.c.id == import_id)


def unfinished() -> Select[Any]:
    """The imports that have begun and not ended, the newest first."""
    return (
        select(imports)
        .where(imports.c.tenant_id == this_tenant(), imports.c.state.in_(RUNNING))
        .order_by(imports.c.created_at.desc(), imports.c.id.desc())
    )


def move(import_id: str, state: str, **values: Any) -> Update:
    """Put the import into this state."""
    ended = {} if state in RUNNING else {"finished_at": func.stock_now()}
    return (
        update(imports)
        .where(imports.c.tenant_id == this_tenant(), imports.c.id == import_id)
        .values(state=state, updated_at=func.stock_now(), **ended, **values)
    )


def forget_rows(import_id: str) -> TextClause:
    """Delete some staged rows of the import; run until it touches none."""
    return text(
        "delete from import_rows where ctid = any (array("
        " select r.ctid from import_rows r"
        " where r.tenant_id = stock_tenant() and r.import_id = :import_id limit :chunk))"
        " and tenant_id = stock_tenant()"
    ).bindparams(import_id=import_id, chunk=_CHUNK)


def analyze() -> Select[Any]:
    """Let the planner see what is staged and planned: it guesses wrongly about fresh rows."""
    return select(func.import_analyze())


def analyze_made() -> Select[Any]:
    """Let the planner see what the import has made, without waiting for the server to notice."""
    return select(func.import_analyze_made())


def forget_lines(import_id: str, batches: tuple[int, int]) -> Delete:
    """Delete the planned lines of these batches, the second excluded."""
    lines = import_lines.c
    return delete(import_lines).where(
        lines.tenant_id == this_tenant(),
        lines.import_id == import_id,
        lines.batch >= batches[0],
        lines.batch < batches[1],
    )
