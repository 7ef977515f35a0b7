"""Check the staged rows of all files whole, before anything changes."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models.imports import checks
from models.session import Database, Session
from services.imports.report import PROBLEMS_MAX, Problem, Progress, Watcher
from services.imports.staging import Staged
from services.imports.transactions import STATEMENT_SECONDS


@dataclass(slots=True)
class Found:
    """What is wrong, and what is only worth a warning."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


async def check(
    database: Database, tenant_id: UUID, import_id: str, files: list[Staged], watch: Watcher
) -> Found:
    """Check every row of every file; up to one more problem than are told at once."""
    found = Found()
    for done, one in enumerate(files):
        watch(Progress("checking", done, len(files)))
        # A door that gives a statement as long as a million rows need; it writes nothing.
        async with database.write(tenant_id, timeout_seconds=STATEMENT_SECONDS) as session:
            found.problems += await _problems(session, import_id, one)
            if not found.problems:
                for statement in checks.warnings(import_id, one.file):
                    found.warnings += await _asked(session, one, statement)
        if len(found.problems) > PROBLEMS_MAX:
            break
    watch(Progress("checking", len(files), len(files)))
    return found


async def short_quotas(session: Session, import_id: str, staged: Staged) -> list[Problem]:
    """Quotas that set more aside than is available; once the import is planned."""
    return await _asked(session, staged, checks.short_quotas(import_id))


def strangers(columns: dict[str, list[str]]) -> list[Problem]:
    """Columns that the format does not name, as problems."""
    return [
        Problem(file, 1, name, None, "is no column of this file")
        for file, names in columns.items()
        for name in names
    ]


async def _problems(session: Session, import_id: str, staged: Staged) -> list[Problem]:
    problems: list[Problem] = []
    for statement in checks.problems(import_id, staged.file, staged.header):
        problems += await _asked(session, staged, statement)
    return sorted(problems, key=lambda problem: problem.line or 0)


async def _asked(session: Session, staged: Staged, statement: Any) -> list[Problem]:
    rows = await session.all(statement.limit(PROBLEMS_MAX + 1))
    return [
        Problem(staged.source.label, row.line, row.name, _shown(row.value), row.problem)
        for row in rows
    ]


def _shown(value: str | None) -> str | None:
    if value is None or len(value) <= checks.VALUE_MAX:
        return value
    return f"{value[: checks.VALUE_MAX]}…"
