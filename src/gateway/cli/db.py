"""`./run db …`: the database as a whole."""

import json
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.questions import confirm
from gateway.problems import Problem

app = typer.Typer(no_args_is_help=True, help="Upgrade, look into, dump, restore, stop, reset.")

AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command(epilog="Example: [bold]DATABASE_OWNER_URL=postgresql://… ./run db upgrade[/]")
def upgrade() -> None:
    """Bring the schema up to date; it is the owner's role that does it."""
    from gateway import provision
    from gateway.settings import load_settings
    from models import migrate

    with provision.database(load_settings()) as ready:
        provision.upgrade(ready)
    typer.echo(f"The schema is at {migrate.head()}.")


@app.command(epilog="Example: [bold]psql $(./run db url --owner)[/] while `./run serve` runs")
def url(
    *,
    owner: Annotated[bool, typer.Option("--owner", help="The address for the owner.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the database's address, with its password; the built-in server runs while in use."""
    from gateway import provision
    from gateway.settings import load_settings

    with provision.database(load_settings()) as ready:
        if as_json:
            both = {"url": ready.database_url, "ownerUrl": ready.owner_url}
            typer.echo(json.dumps(both, indent=2))
        else:
            typer.echo(ready.owner_url if owner else ready.database_url)


@app.command(
    context_settings=PASS_ON,
    epilog="Examples: [bold]./run db shell[/], [bold]./run db shell -c 'table tenants'[/]",
)
def shell(context: typer.Context) -> None:
    """Open psql as the owner, who sees all tenants; further arguments go to psql."""
    from gateway import provision, upkeep
    from gateway.settings import load_settings

    with provision.database(load_settings()) as ready:
        code = upkeep.shell(ready, context.args)
    raise typer.Exit(code)


@app.command(epilog="Example: [bold]./run db dump stock.dump[/]")
def dump(
    file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    *,
    as_json: AsJson = False,
) -> None:
    """Write all tenants' data and the schema into one compressed file, while the server runs."""
    from gateway import provision, upkeep
    from gateway.settings import load_settings

    with provision.database(load_settings()) as ready:
        upkeep.dump(ready, file)
    size = file.stat().st_size
    if as_json:
        typer.echo(json.dumps({"file": str(file), "bytes": size}))
    else:
        typer.echo(f"{file}: {size:,} bytes.")


@app.command(epilog="Example: [bold]./run db restore stock.dump --yes[/]")
def restore(
    file: Annotated[Path, typer.Argument(help="What `./run db dump` has written.")],
    *,
    yes: Sure = False,
) -> None:
    """Put a dump in the place of everything in the database, and bring it up to date."""
    from gateway import provision, upkeep
    from gateway.settings import load_settings

    with provision.database(load_settings()) as ready:
        confirm("This replaces all tenants' data by the dump's.", yes=yes)
        upkeep.restore(ready, file)
        provision.upgrade(ready)
    typer.echo(f"Restored {file}.")


@app.command(
    epilog="Examples: [bold]./run db verify[/], [bold]./run db verify --tenant acme --json[/]"
)
def verify(
    *,
    tenant: Annotated[str | None, typer.Option(help="One tenant's code; else all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check every kept number against the ledger, while the server runs; exit 1 for any drift."""
    from gateway import provision
    from gateway.cli import verifying

    reports = provision.act(lambda database: verifying.verify(database, tenant))
    typer.echo(verifying.as_json(reports) if as_json else verifying.as_text(reports))
    if any(report.drift for _, report in reports):
        raise typer.Exit(1)


@app.command(epilog="Example: [bold]./run db stop[/]")
def stop(
    *,
    force: Annotated[bool, typer.Option("--force", help="Even while it is in use.")] = False,
    as_json: AsJson = False,
) -> None:
    """Stop the built-in PostgreSQL; it stops by itself with its last user unless that is killed."""
    from gateway.settings import load_settings

    settings = load_settings()
    if settings.database_url:
        raise Problem(
            "DATABASE_URL is set, and that server is not Stockgraph's to stop: unset it to stop "
            "the built-in one."
        )
    from gateway import embedded

    stopped = embedded.stop(settings.data_dir, settings.pg_bindir, force=force)
    if as_json:
        typer.echo(json.dumps({"stopped": stopped}))
    else:
        typer.echo("Stopped." if stopped else "It was not running.")


@app.command(epilog="Example: [bold]./run db reset --yes[/]")
def reset(*, yes: Sure = False) -> None:
    """Remove all tenants and all their data, and make the schema anew."""
    from gateway import provision, upkeep
    from gateway.settings import load_settings

    with provision.database(load_settings()) as ready:
        confirm("This removes all tenants and all their data.", yes=yes)
        upkeep.empty(ready)
        provision.upgrade(ready)
    typer.echo("The database is empty.")
