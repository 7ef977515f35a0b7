"""Put a folder's rows into the staging table, in committed batches, as they stand there."""

from dataclasses import dataclass
from uuid import UUID

from models.imports import state, stock
from models.imports.files import MOVEMENTS
from models.imports.format import File
from models.session import Database
from services.imports.reading import Folder, Reading, Source
from services.imports.report import Problem, Progress, Watcher
from services.imports.transactions import STATEMENT_SECONDS


@dataclass(frozen=True, slots=True)
class Staged:
    """A file whose rows are in the staging table."""

    source: Source
    header: tuple[str, ...]
    others: tuple[str, ...]  # columns that the format does not name
    rows: int
    lines: int  # the number of its last one

    @property
    def strange(self) -> tuple[str, ...]:
        """The columns that are neither named by the format nor kept."""
        return () if self.file.keeps_others else self.others

    @property
    def file(self) -> File:
        """The format of the file."""
        return self.source.file


async def stage(
    database: Database, tenant_id: UUID, import_id: str, folder: Folder, watch: Watcher
) -> tuple[list[Staged], list[Problem]]:
    """Stage every file; what was staged, and what is wrong with the files as CSV."""
    staged, problems = [], []
    for source in folder.sources:
        reading = Reading(source)
        size = source.path.stat().st_size
        watch(Progress(f"reading {source.label}", 0, size))
        for batch in reading.batches():
            lines, rows = zip(*batch, strict=True)
            columns = list(zip(*rows, strict=True))
            sql = state.stage_rows(len(columns))
            async with database.write(tenant_id, timeout_seconds=STATEMENT_SECONDS) as session:
                await session.call(sql, import_id, source.file.name, lines, *columns)
            watch(Progress(f"reading {source.label}", reading.bytes_read, size))
        problems += reading.problems
        staged.append(
            Staged(
                source, tuple(reading.header), tuple(reading.others), reading.rows, reading.lines
            )
        )
    async with database.write(tenant_id, timeout_seconds=STATEMENT_SECONDS) as session:
        await session.one(state.analyze())
        if MOVEMENTS in (one.file for one in staged):
            await session.one(stock.identify_movements(import_id))
    return staged, problems
