"""`./run import` and `./run export`: folders of CSV files, in and out (docs/import.md)."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from domain.errors import ImportRefused, Unavailable
from gateway.cli.tenants import tenant_id
from gateway.problems import Problem

if TYPE_CHECKING:
    from models.session import Database
    from services.imports import Options, Progress, Report
    from services.imports.report import Watcher

app = typer.Typer()

Tenant = Annotated[str, typer.Option("--tenant", help="The tenant's code.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]

Folder = Annotated[
    Path | None, typer.Argument(metavar="DIR", help="The folder of .csv or .csv.gz files.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen.")]
Complete = Annotated[
    bool, typer.Option("--complete", help="Empty the buckets that stock.csv leaves out.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Refuse columns that the format does not name.")
]
Atomic = Annotated[bool, typer.Option("--atomic", help="Post all in one transaction, or nothing.")]
Resume = Annotated[
    str | None, typer.Option(metavar="ID", help="End the interrupted import with this id.")
]
Abandon = Annotated[
    str | None,
    typer.Option(metavar="ID", help="Forget what the import with this id has not posted."),
]
Name = Annotated[str | None, typer.Option(help="The name of a new tenant.")]
TimeZone = Annotated[str | None, typer.Option(help="Where a new tenant's days begin.")]

WARNINGS_SHOWN = 20


@app.command(
    "import",
    epilog="Examples: [bold]./run import data/acme --tenant acme[/], "
    "[bold]./run import data/acme --tenant acme --dry-run[/]",
)
def import_(  # noqa: PLR0913 - each is an option of the command
    folder: Folder = None,
    *,
    tenant: Tenant,
    dry_run: DryRun = False,
    complete: Complete = False,
    strict: Strict = False,
    atomic: Atomic = False,
    resume: Resume = None,
    abandon: Abandon = None,
    name: Name = None,
    time_zone: TimeZone = None,
    as_json: AsJson = False,
) -> None:
    """Import a folder of CSV files into a tenant, which is made when it is new.

    Everything is checked first: when any row is bad, all bad rows are told and nothing changes.
    The same folder again changes nothing; after a crash, the same command goes on.
    """
    from services.imports import Options

    given = {"name": name, "time_zone": time_zone}
    settings = {setting: value for setting, value in given.items() if value is not None}
    options = Options(complete=complete, strict=strict, atomic=atomic, dry_run=dry_run)
    if [folder, resume, abandon].count(None) != 2:  # noqa: PLR2004 - all but one
        raise Problem("Give the folder to import, or --resume or --abandon with an import's id.")
    if abandon:
        _abandon(abandon, tenant, as_json=as_json)
        return
    if folder:
        report = _import(folder, tenant, settings, options, as_json=as_json)
    else:
        report = _resume(resume or "", tenant, as_json=as_json)
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _tell(report)


def _import(
    folder: Path, tenant: str, settings: Mapping[str, Any], options: "Options", *, as_json: bool
) -> "Report":
    from gateway import provision
    from services import imports

    if not folder.is_dir():  # before a tenant is made for it
        raise Problem(f"There is no folder {folder}: give one with CSV files (docs/import.md).")

    async def act(database: "Database") -> "Report":
        id = await _tenant(database, tenant, settings, may_make=not options.dry_run)
        with _watching(quiet=as_json) as watch:
            return await imports.run(database, id, folder, options, watch)

    try:
        return provision.act(act)
    except ImportRefused as refusal:
        _tell_refusal(refusal, as_json=as_json)
        raise typer.Exit(1) from refusal
    except Unavailable as error:
        raise Problem(f"{error.message} The same command goes on where it was.") from error


def _resume(import_id: str, tenant: str, *, as_json: bool) -> "Report":
    from gateway import provision
    from services import imports

    async def act(database: "Database") -> "Report":
        id = await tenant_id(database, tenant)
        with _watching(quiet=as_json) as watch:
            return await imports.resume(database, id, import_id, watch)

    return provision.act(act)


def _abandon(import_id: str, tenant: str, *, as_json: bool) -> None:
    from gateway import provision
    from services import imports

    async def act(database: "Database") -> None:
        await imports.abandon(database, await tenant_id(database, tenant), import_id)

    provision.act(act)
    told = f"Abandoned the import {import_id}: what it has posted stays, the rest is forgotten."
    typer.echo(json.dumps({"importId": import_id, "state": "ABANDONED"}) if as_json else told)


async def _tenant(
    database: "Database", code: str, settings: Mapping[str, Any], *, may_make: bool
) -> UUID:
    """The tenant with this code, made when it is new.

    Settings that it has already may be given: after a refusal or a crash it is the same command
    that goes on.

    Raises:
        Problem: it is new and must not be made, or it is there and has other settings.
    """
    from services import tenants

    found = await tenants.find(database, code)
    if found is None and not may_make:
        raise Problem(f"A dry run needs a tenant that is there: ./run tenants create {code}")
    if found is None:
        return await tenants.create(database, code, settings)
    async with database.read(found) as session:
        present = await tenants.settings(session)
    if any(getattr(present, setting) != value for setting, value in settings.items()):
        raise Problem(
            f"The tenant {code} is there already, with other settings: --name and --time-zone are "
            "for new ones."
        )
    return found


@contextmanager
def _watching(*, quiet: bool) -> Iterator["Watcher"]:
    """Show progress on stderr; only where somebody is there to see it."""
    from rich import progress as bar
    from rich.console import Console

    console = Console(stderr=True)
    columns = (
        bar.TextColumn("{task.description:<32}"),
        bar.BarColumn(),
        bar.TaskProgressColumn(),
        bar.TimeElapsedColumn(),
    )
    with bar.Progress(*columns, console=console, disable=quiet or not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def watch(progress: "Progress") -> None:
            if progress.step not in tasks:
                tasks[progress.step] = bars.add_task(progress.step, total=progress.total)
            bars.update(tasks[progress.step], completed=progress.done, total=progress.total)

        yield watch


def _tell(report: "Report") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("file", box=None)
    for name in ("rows", "made", "changed", "unchanged"):
        table.add_column(name, justify="right")
    for one in report.files:
        numbers = (one.rows, one.made, one.changed, one.unchanged)
        table.add_row(one.file, *(f"{number:,}" for number in numbers))
    Console(highlight=False).print(table)
    for line in _lines(report):
        typer.echo(line)


def _lines(report: "Report") -> Iterator[str]:
    """What there is to say beside the table."""
    if report.emptied:
        yield f"Emptied {report.emptied:,} buckets that stock.csv leaves out."
    if report.opened:
        yield f"Opened {report.opened:,} buckets with what was there before their first movement."
    for file, columns in report.ignored_columns.items():
        yield f"{file}: left out the columns {', '.join(columns)}."
    if report.later_files:
        yield f"Left alone, for later features: {', '.join(report.later_files)}."
    if report.unknown_files:
        yield f"Left alone, since it is not known: {', '.join(report.unknown_files)}."
    yield from _warnings(report)
    yield _outcome(report)


def _warnings(report: "Report") -> Iterator[str]:
    for warning in report.warnings[:WARNINGS_SHOWN]:
        yield f"Warning: {warning}"
    if len(report.warnings) > WARNINGS_SHOWN:
        yield f"{len(report.warnings) - WARNINGS_SHOWN:,} more warnings: --json tells them."


def _outcome(report: "Report") -> str:
    if report.dry_run:
        return "This was a dry run: nothing has changed."
    if report.changes_nothing and not report.resumed:
        return "Nothing has changed: all of it was there already."
    again = " (interrupted before, and ended now)" if report.resumed else ""
    return f"Done: {report.posted:,} ledger entries posted by import {report.import_id}{again}."


def _tell_refusal(refusal: ImportRefused, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(refusal.details, ensure_ascii=False, indent=2))
        return
    from services.imports import Problem as BadRow

    for problem in refusal.details["problems"]:
        typer.echo(str(BadRow(**problem)), err=True)
    typer.echo(refusal.message, err=True)


@app.command(
    "export",
    epilog="Examples: [bold]./run export backup/acme --tenant acme[/], "
    "[bold]./run export backup/acme --tenant acme --gzip[/]",
)
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    *,
    tenant: Tenant,
    compress: Annotated[bool, typer.Option("--gzip", help="Write .csv.gz files.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a tenant as the CSV files that `./run import` takes back without a change."""
    from gateway import provision
    from services import imports

    async def act(database: "Database") -> dict[str, int]:
        id = await tenant_id(database, tenant)
        with _watching(quiet=as_json) as watch:
            return await imports.export(database, id, folder, watch, compress=compress)

    written = provision.act(act)
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), "rows": written}, indent=2))
    else:
        for name, rows in written.items():
            typer.echo(f"{name:<20} {rows:>12,} rows")
