"""`./run tenants …`: the companies whose stock is held here."""

import json
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from domain.errors import AlreadyExists
from gateway.problems import Problem

if TYPE_CHECKING:
    from models.session import Database

app = typer.Typer(no_args_is_help=True, help="Make, list and remove tenants.")

Code = Annotated[str, typer.Argument(help="The tenant's code: a-z, 0-9, _ and -.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


@app.command(
    epilog="Example: [bold]./run tenants create acme --name 'Acme Ltd' --time-zone Europe/London[/]"
)
def create(
    code: Code,
    *,
    name: Annotated[str | None, typer.Option(help="The company's name.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Where its days begin.")] = None,
    currency: Annotated[str | None, typer.Option(help="Three letters, such as EUR.")] = None,
    industry_pack: Annotated[
        str | None, typer.Option(help="HEALTHCARE, RETAIL or MANUFACTURING.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a tenant, with the settings that are given and defaults for the rest."""
    from gateway import provision

    given = {
        "name": name,
        "time_zone": time_zone,
        "currency": currency,
        "industry_pack": industry_pack,
    }
    values = {setting: value for setting, value in given.items() if value is not None}
    id = provision.act(lambda database: _create(database, code, values))
    typer.echo(json.dumps({"id": str(id), "code": code}) if as_json else f"Made {code} ({id}).")


async def _create(database: "Database", code: str, values: dict[str, Any]) -> UUID:
    from services import tenants

    if await tenants.find(database, code):
        raise AlreadyExists("tenant", "code")
    return await tenants.create(database, code, values)


@app.command("list", epilog="Example: [bold]./run tenants list --json[/]")
def list_tenants(*, as_json: AsJson = False) -> None:
    """List all tenants."""
    from gateway import provision
    from services import tenants

    found = provision.act(tenants.listed)
    if as_json:
        rows = [{"id": str(i), "code": c, "createdAt": t.isoformat()} for i, c, t in found]
        typer.echo(json.dumps(rows, indent=2))
        return
    for id, code, created_at in found:
        typer.echo(f"{code:<24} {id}  since {created_at:%Y-%m-%d}")
    if not found:
        typer.echo("There are none: `./run tenants create` or `./run import` makes one.", err=True)


@app.command(epilog="Example: [bold]./run tenants delete acme[/] asks before it acts")
def delete(
    code: Code,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a tenant with all its stock, history and keys; the owner's role does it."""
    from gateway import provision
    from gateway.cli.questions import confirm

    confirm(f"This removes the tenant {code} and everything that it has.", yes=yes)
    rows = provision.act(lambda owner: _delete(owner, code), as_owner=True)
    typer.echo(json.dumps({"code": code, "rows": rows}) if as_json else f"Removed {rows:,} rows.")


async def _delete(owner: "Database", code: str) -> int:
    from services import tenants

    await tenant_id(owner, code)
    return await tenants.delete(owner, code)


async def tenant_id(database: "Database", code: str) -> UUID:
    """Return the id of the tenant that a command names.

    Raises:
        Problem: there is none.
    """
    from services import tenants

    found = await tenants.find(database, code)
    if found is None:
        raise Problem(f"There is no tenant {code!r}: `./run tenants list` shows those there are.")
    return found
