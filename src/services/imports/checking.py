"""Check the staged rows of all files whole, before anything changes."""

from dataclasses import dataclass, field
from uuid import UUID

from models.session import Database
from services.imports.report import Problem, Watcher
from services.imports.staging import Staged


@dataclass(slots=True)
class Found:
    """What is wrong, and what is only worth a warning."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


async def check(
    database: Database, tenant_id: UUID, import_id: str, staged: list[Staged], watch: Watcher
) -> Found:
    """Check every row of every file."""
    return Found()


def strangers(columns: dict[str, list[str]]) -> list[Problem]:
    """Columns that the format does not name, as problems."""
    return [
        Problem(file, 1, name, None, "is no column of this file")
        for file, names in columns.items()
        for name in names
    ]
