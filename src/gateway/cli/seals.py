"""`./run seals …`: what was told, sealed for whoever checks it later (docs/feed.md)."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.tenants import tenant_id
from gateway.problems import Problem

if TYPE_CHECKING:
    from domain.seals import Chain
    from models.session import Database

app = typer.Typer(no_args_is_help=True, help="Export sealed changes, and check an export.")

Tenant = Annotated[str, typer.Option("--tenant", help="The tenant's code.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
EXPORT_SECONDS = 3_600


@app.command(epilog="Example: [bold]./run seals export acme.jsonl --tenant acme[/]")
def export(
    file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    *,
    tenant: Tenant,
    as_json: AsJson = False,
) -> None:
    """Write every sealed change with the seals into one file, while the server runs."""
    from domain import seals
    from gateway import provision

    partial = file.with_name(f".{file.name}.partial")
    try:
        provision.act(lambda database: _write(database, tenant, partial))
        with partial.open(encoding="utf-8", newline="\n") as lines:
            chain = seals.verify(lines)
        partial.replace(file)
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    _tell(chain, f"{file}: ", as_json=as_json)


async def _write(database: "Database", tenant: str, target: Path) -> None:
    from services import feed

    id = await tenant_id(database, tenant)
    async with database.read(id, timeout_seconds=EXPORT_SECONDS) as session:
        with target.open("w", encoding="utf-8", newline="\n") as out:
            async for line in feed.exported(session, tenant):
                out.write(line + "\n")


@app.command(epilog="Example: [bold]./run seals verify acme.jsonl[/]")
def verify(
    file: Annotated[Path, typer.Argument(help="What `./run seals export` has written.")],
    *,
    sha256: Annotated[
        str | None, typer.Option(help="The digest of the last seal, as it was noted elsewhere.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check an export from the file alone; no database is needed."""
    from domain import seals

    try:
        with file.open(encoding="utf-8", newline="\n") as lines:
            chain = seals.verify(lines)
    except (seals.SealBroken, UnicodeDecodeError) as broken:
        raise Problem(f"{file} is not as it was sealed. {broken}") from broken
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from error
    if sha256 is not None and sha256.lower() != chain.sha256:
        raise Problem(f"{file} is whole, and its last seal is {chain.sha256}, not the noted one.")
    _tell(chain, "", as_json=as_json)


def _tell(chain: "Chain", before: str, *, as_json: bool) -> None:
    if as_json:
        told = {"tenant": chain.tenant, "seals": chain.seals, "events": chain.events}
        typer.echo(json.dumps({**told, "sha256": chain.sha256}))
        return
    typer.echo(
        f"{before}{chain.events} changes of {chain.tenant} under {chain.seals} seals are whole."
    )
    if chain.sha256:
        typer.echo(f"Note the last seal where nobody can change it: {chain.sha256}")
