"""`./run keys …`: what lets a program in, and how far."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.errors import Invalid, NotFound
from domain.permissions import Permission
from gateway.cli.tenants import tenant_id
from gateway.problems import Problem

if TYPE_CHECKING:
    from models.session import Database
    from services.keys import KeyWish, NewKey

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys.")

Tenant = Annotated[str, typer.Option(help="The tenant's code.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
PAGE = 200


@app.command(
    epilog="Examples: [bold]./run keys create --tenant acme --name shop --permission "
    "inventory.read[/], [bold]KEY=$(./run keys create --tenant acme --name try --permission '*')[/]"
)
def create(  # noqa: PLR0913 - each is an option of the command
    tenant: Tenant,
    name: Annotated[str, typer.Option(help="What the key is for.")],
    permission: Annotated[
        list[str],
        typer.Option(
            help="Such as inventory.read, inventory.*, inventory:read or '*'; repeatable."
        ),
    ],
    *,
    per_minute: Annotated[int | None, typer.Option(min=1, help="Requests a minute.")] = None,
    per_hour: Annotated[int | None, typer.Option(min=1, help="Requests an hour.")] = None,
    cost_max: Annotated[
        int | None, typer.Option(min=1, help="What an operation may be estimated to cost.")
    ] = None,
    unlimited: Annotated[bool, typer.Option("--unlimited", help="No limit of requests.")] = False,
    expires: Annotated[datetime | None, typer.Option(help="When it ends, in UTC.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, alone on the last line: it is shown this once."""
    from gateway import provision
    from services.keys import PER_HOUR_DEFAULT, PER_MINUTE_DEFAULT, KeyWish

    if unlimited and (per_minute or per_hour):
        raise typer.BadParameter("--unlimited goes with neither --per-minute nor --per-hour.")
    wish = KeyWish(
        name=name,
        scopes=permission,
        per_minute=None if unlimited else per_minute or PER_MINUTE_DEFAULT,
        per_hour=None if unlimited else per_hour or PER_HOUR_DEFAULT,
        cost_max=cost_max,
        expires_at=expires and expires.replace(tzinfo=UTC),
    )
    made = provision.act(lambda database: _create(database, tenant, wish))
    if as_json:
        typer.echo(json.dumps({**_shown(made.row), "key": made.plain}, indent=2))
        return
    typer.echo(f"{made.row.id} of {tenant} may {' '.join(permission)}. Its key:", err=True)
    typer.echo(made.plain)


async def _create(database: "Database", tenant: str, wish: "KeyWish") -> "NewKey":
    from services import keys

    async with database.write(await tenant_id(database, tenant)) as session:
        try:
            return await keys.create(session, wish)
        except Invalid as refusal:
            if "unknown" not in refusal.details:
                raise
            raise Problem(
                f"{refusal.message} There are {', '.join(Permission)}; a whole area such as "
                "inventory.*, and '*'."
            ) from refusal


@app.command("list", epilog="Example: [bold]./run keys list --tenant acme --json[/]")
def list_keys(tenant: Tenant, *, as_json: AsJson = False) -> None:
    """List a tenant's keys, newest first; their text is never shown again."""
    from gateway import provision

    rows = [_shown(row) for row in provision.act(lambda database: _list(database, tenant))]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        scopes = " ".join(row["scopes"])
        typer.echo(f"{row['id']}  {row['status']:<8} {row['key']}  {row['name']}: {scopes}")
    if not rows:
        typer.echo("There are none: `./run keys create` makes one.", err=True)


async def _list(database: "Database", tenant: str) -> list[Any]:
    from services import keys

    found: list[Any] = []
    async with database.read(await tenant_id(database, tenant)) as session:
        page, total = 1, 1
        while len(found) < total:
            rows, total = await keys.listed(session, limit=PAGE, page=page)
            found += rows
            page += 1
    return found


@app.command(epilog="Example: [bold]./run keys revoke key_01J… --tenant acme[/]")
def revoke(
    key: Annotated[str, typer.Argument(help="The key's id, as `keys list` shows it.")],
    tenant: Tenant,
    *,
    as_json: AsJson = False,
) -> None:
    """Make a key invalid, for good. Servers that know it let it in for a few seconds more."""
    from gateway import provision

    row = _shown(provision.act(lambda database: _revoke(database, tenant, key)))
    typer.echo(json.dumps(row, indent=2) if as_json else f"Revoked {row['id']} ({row['name']}).")


async def _revoke(database: "Database", tenant: str, key: str) -> Any:
    from services import keys

    async with database.write(await tenant_id(database, tenant)) as session:
        try:
            return await keys.revoke(session, key)
        except NotFound:
            raise Problem(
                f"There is no key {key!r}: `./run keys list --tenant {tenant}` shows what there is."
            ) from None


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "key": f"{row.key_prefix}…{row.last4}",
        "scopes": list(row.scopes),
        "perMinute": row.per_minute,
        "perHour": row.per_hour,
        "costMax": row.cost_max,
        "status": row.status,
        "createdAt": row.created_at.isoformat(),
        "expiresAt": row.expires_at and row.expires_at.isoformat(),
        "revokedAt": row.revoked_at and row.revoked_at.isoformat(),
    }
