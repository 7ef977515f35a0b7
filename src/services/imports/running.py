"""Import a folder: stage it, check it whole, put reference data in place, plan, post."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from domain import ids
from domain.errors import Conflict, ImportRefused, Invalid, NotFound
from models.imports import state
from models.imports.files import QUOTAS, STOCK, TRANSFERS
from models.session import Database, Session
from services.imports import applying, checking, moving, posting, reading, staging
from services.imports.reading import Folder
from services.imports.report import Progress, Report, Watcher, refusal, watch_nothing
from services.imports.staging import Staged
from services.imports.transactions import STATEMENT_SECONDS, Answer, in_transaction

_BATCHES_FORGOTTEN = 5  # in one transaction
_MANY = 2_000  # records


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a folder is imported."""

    complete: bool = False  # buckets that are not in stock.csv become empty
    strict: bool = False  # a column that the format does not name is a problem
    atomic: bool = False  # all in one transaction: all of it is seen at once, or nothing
    dry_run: bool = False  # say what would happen, and change nothing


PLAIN = Options()


@dataclass(frozen=True, slots=True)
class _Run:
    """One import under way."""

    database: Database
    tenant_id: UUID
    options: Options
    report: Report
    watch: Watcher

    @property
    def id(self) -> str:
        return self.report.import_id


async def run(
    database: Database,
    tenant_id: UUID,
    path: Path,
    options: Options = PLAIN,
    watch: Watcher = watch_nothing,
) -> Report:
    """Import the folder into the tenant; a folder whose import was interrupted goes on.

    Everything is checked before anything changes. Then reference data is put in place in one
    transaction, and stock and movements are posted in transactions of at most 10,000 lines.

    Raises:
        NotFound: there is no such folder.
        Invalid: the folder holds nothing that can be imported, or no stock.csv to be complete.
        ImportRefused: rows are bad; nothing was posted. `details.problems` tells each.
        Conflict: another import of the tenant is running, or was interrupted while posting.
    """
    folder = reading.find(path)
    if options.complete and STOCK not in (source.file for source in folder.sources):
        raise Invalid("complete", "Without stock.csv nothing says which buckets are left out.")
    async with _alone(database, tenant_id):
        kept = await _interrupted(database, tenant_id, folder, options)
        if kept is not None:
            return await _go_on(_Run(database, tenant_id, options, kept, watch))
        report = await _begin(database, tenant_id, folder, options)
        return await _import(_Run(database, tenant_id, options, report, watch), folder)


async def resume(
    database: Database, tenant_id: UUID, import_id: str, watch: Watcher = watch_nothing
) -> Report:
    """Post what an interrupted import has planned and not yet posted; its folder is not needed.

    Raises:
        NotFound: there is no such import.
        Conflict: another import of the tenant is running, or this one has nothing left to post.
    """
    async with _alone(database, tenant_id):
        async with database.read(tenant_id) as session:
            row = await session.one_or_none(state.get(import_id))
        if row is None:
            raise NotFound(f"Import {import_id!r}")
        if row.state != "POSTING":
            raise Conflict(
                f"Import {import_id} is {row.state}: there is nothing of it left to post."
            )
        return await _go_on(_Run(database, tenant_id, PLAIN, Report.of(row.report), watch))


async def abandon(database: Database, tenant_id: UUID, import_id: str) -> None:
    """Forget what an interrupted import has not yet posted; what it has posted stays.

    Raises:
        NotFound: there is no such import.
        Conflict: an import of the tenant is running, or this one has ended.
    """
    async with _alone(database, tenant_id):
        async with database.read(tenant_id) as session:
            row = await session.one_or_none(state.get(import_id))
        if row is None:
            raise NotFound(f"Import {import_id!r}")
        if row.state not in state.RUNNING:
            raise Conflict(f"Import {import_id} is {row.state}: there is nothing to abandon.")
        async with database.write(tenant_id) as session:
            await session.run(state.move(import_id, "ABANDONED"))
        await _forget(database, tenant_id, import_id, row.planned_batches)


async def _go_on(run: _Run) -> Report:
    run.report.resumed = True
    return await _posted(run)


async def _import(run: _Run, folder: Folder) -> Report:
    try:
        return await _taken(run, await _checked(run, folder))
    except ImportRefused:
        await _end(run, "REFUSED")
        raise


async def _taken(run: _Run, staged: list[Staged]) -> Report:
    if run.options.dry_run:
        await _rehearse(run, staged)
        await _end(run, "REHEARSED")
        return run.report
    if run.options.atomic:
        await _in_transaction(run, lambda session: _whole(session, run, staged))
    else:
        await _in_transaction(run, lambda session: _apply(session, run, staged))
        if sum(one.made for one in run.report.files) >= _MANY:
            await _analyze(run)  # postings look up what the planner has not heard of yet
        await _keep_history(run, staged)
        await _in_transaction(run, lambda session: _plan(session, run, staged))
    return await _posted(run)


async def _in_transaction(run: _Run, work: Callable[[Session], Awaitable[Answer]]) -> Answer:
    return await in_transaction(run.database, run.tenant_id, work)


async def _rehearse(run: _Run, staged: list[Staged]) -> None:
    """Do all but post, which would lock stock that others need, and take it back."""
    door = run.database.write(run.tenant_id, dry_run=True, timeout_seconds=STATEMENT_SECONDS)
    async with door as session:
        await _apply(session, run, staged)
        for lines in posting.history_batches(staged):
            run.report.history += await posting.keep_history(session, run.id, lines)
        await _plan(session, run, staged)


async def _keep_history(run: _Run, staged: list[Staged]) -> None:
    batches = posting.history_batches(staged)
    for done, lines in enumerate(batches):
        run.watch(Progress("keeping history", done, len(batches)))

        async def keep(session: Session, lines: tuple[int, int] = lines) -> int:
            return await posting.keep_history(session, run.id, lines)

        run.report.history += await _in_transaction(run, keep)


async def _checked(run: _Run, folder: Folder) -> list[Staged]:
    """Stage and check the folder; refuse it when anything is wrong with it.

    Raises:
        ImportRefused: something is.
    """
    staged, problems = await staging.stage(run.database, run.tenant_id, run.id, folder, run.watch)
    found = await checking.check(run.database, run.tenant_id, run.id, staged, run.watch)
    problems += found.problems
    strange = {one.source.label: list(one.strange) for one in staged if one.strange}
    if run.options.strict:
        problems += checking.strangers(strange)
    run.report.ignored_columns = strange
    run.report.warnings = found.warnings
    if problems:
        raise refusal(problems)
    return staged


async def _whole(session: Session, run: _Run, staged: list[Staged]) -> None:
    await _apply(session, run, staged)
    run.report.history = run.report.posted = 0
    for lines in posting.history_batches(staged):
        run.report.history += await posting.keep_history(session, run.id, lines)
    batches = await _plan(session, run, staged)
    for batch in range(1, batches + 1):
        run.report.posted += await posting.post_batch(session, run.id, batch)
    await moving.make(session, run.id)


async def _apply(session: Session, run: _Run, staged: list[Staged]) -> None:
    await applying.apply_records(session, run.id, staged, run.report)


async def _plan(session: Session, run: _Run, staged: list[Staged]) -> int:
    complete = run.options.complete
    batches = await posting.plan(session, run.id, staged, run.report, complete=complete)
    for one in staged:
        if one.file is QUOTAS:
            run.report.warn(await checking.short_quotas(session, run.id, one))
        if one.file is TRANSFERS:
            run.report.tell(await moving.count(session, run.id, one))
    kept = {"report": run.report.kept(), "planned_batches": batches}
    await session.run(state.move(run.id, "POSTING", **kept))
    return batches


async def _posted(run: _Run) -> Report:
    run.report.posted += await posting.post_planned(run.database, run.tenant_id, run.id, run.watch)
    await _in_transaction(run, lambda session: moving.make(session, run.id))
    await _end(run, "DONE")
    return run.report


async def _interrupted(
    database: Database, tenant_id: UUID, folder: Folder, options: Options
) -> Report | None:
    """The report so far of the same import when it was interrupted while it posted.

    Whatever else was interrupted has posted nothing and is given up.

    Raises:
        Conflict: another folder's import was interrupted while it posted.
    """
    async with database.read(tenant_id) as session:
        rows = await session.all(state.unfinished())
    for row in rows:
        if row.state == "POSTING":
            if row.fingerprint == _fingerprint(folder, options):
                return Report.of(row.report)
            raise Conflict(
                f"The import {row.id} of {row.folder} was interrupted while it posted: "
                f"end it first with --resume {row.id}, or leave it with --abandon {row.id}.",
                details={"importId": row.id},
            )
        async with database.write(tenant_id) as session:
            await session.run(state.move(row.id, "ABANDONED"))
        await _forget(database, tenant_id, row.id, 0)
    return None


async def _begin(database: Database, tenant_id: UUID, folder: Folder, options: Options) -> Report:
    report = Report(
        import_id=ids.new("imp_"),
        folder=folder.path.name,
        dry_run=options.dry_run,
        later_files=list(folder.later),
        unknown_files=list(folder.unknown),
    )
    values = {
        "id": report.import_id,
        "folder": report.folder,
        "fingerprint": _fingerprint(folder, options),
        "options": asdict(options),
    }
    async with database.write(tenant_id) as session:
        await session.run(state.begin(values))
    return report


async def _end(run: _Run, outcome: str) -> None:
    async with run.database.write(run.tenant_id) as session:
        kept = {"report": run.report.kept()}
        await session.run(state.move(run.id, outcome, **kept))
        row = await session.one(state.get(run.id))
    await _forget(run.database, run.tenant_id, run.id, row.planned_batches)
    if outcome == "DONE" and not run.report.changes_nothing:
        await _analyze(run)


async def _analyze(run: _Run) -> None:
    async with run.database.write(run.tenant_id, timeout_seconds=STATEMENT_SECONDS) as session:
        await session.one(state.analyze_made())


async def _forget(database: Database, tenant_id: UUID, import_id: str, batches: int) -> None:
    """Delete what the import has staged and planned, some rows at a time."""
    for first in range(1, batches + 1, _BATCHES_FORGOTTEN):
        async with database.write(tenant_id, timeout_seconds=STATEMENT_SECONDS) as session:
            await session.run(state.forget_lines(import_id, (first, first + _BATCHES_FORGOTTEN)))
    deleted = 1
    while deleted:
        async with database.write(tenant_id, timeout_seconds=STATEMENT_SECONDS) as session:
            deleted = await session.run(state.forget_rows(import_id))


@asynccontextmanager
async def _alone(database: Database, tenant_id: UUID) -> AsyncIterator[None]:
    """Hold the tenant's one place for an import; a process that is killed frees it.

    Raises:
        Conflict: another import holds it.
    """
    async with database.write(tenant_id) as session:
        if not await session.scalar(state.only_one()):
            raise Conflict("Another import into this tenant is running; wait for its end.")
        yield


def _fingerprint(folder: Folder, options: Options) -> bytes:
    told: dict[str, Any] = asdict(options)
    return hashlib.sha256(folder.fingerprint() + repr(sorted(told.items())).encode()).digest()
