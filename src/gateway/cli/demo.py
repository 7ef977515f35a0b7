"""`./run demo`, which is `./run`: the server with a company to look at."""

import asyncio
import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from gateway.settings import Settings
    from models.session import Database
    from services.imports import Progress

app = typer.Typer()

KEY_NAME = "demo"
KEY_FILE = "demo-key"
# More than the documented limits: a dashboard that somebody builds on it should not stop at 100.
PER_MINUTE, PER_HOUR = 1_000, 20_000

TOLD = """
  [bold]Stockgraph[/] serves [bold]Harbor & Pine Outfitters[/], a demo company.

  Address   [cyan]{base}[/]
  Key       [cyan]{key}[/]
{link}
  What can each channel promise from the main warehouse?

  [green]curl -H "Authorization: Bearer {key}" \\
    "{base}/api/inventory/channel-location?locationId=loc_main&limit=2"[/]

  Three things to try
  [bold]1[/] {first}
  [bold]2[/] Add [green]&severity=CRITICAL[/] to the address: what can be promised to nobody.
  [bold]3[/] Bring your own stock: [green]./run import FOLDER --tenant NAME[/] (docs/import.md).

  [dim]Ctrl-C ends it; ./run goes on from here.[/]
"""
EXPLORER = """  GraphiQL  [cyan]{explorer}[/]
            [dim]signs you in, once, within ten minutes[/]
"""
FIRST_WITH_EXPLORER = "Open GraphiQL and run its first tab: the same question over GraphQL."
FIRST_WITHOUT = "Read what REST answers: [cyan]/openapi.json[/]."


@app.command(
    epilog="Examples: [bold]./run[/], [bold]./run demo --fresh[/], [bold]./run demo --port 9000[/]"
)
def demo(
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make the company anew.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that serve.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Make a demo company where there is none, and serve it until Ctrl-C."""
    from gateway import garbage

    with garbage.lasting():
        from gateway import provision
        from gateway import serve as server
        from gateway.settings import load_settings

    listener, settings = server.listen(load_settings(host=host, port=port, workers=workers))
    with listener, provision.current_database(settings) as ready:
        key = asyncio.run(_prepare(ready, fresh=fresh))
        server.run(ready, listener, lambda: _announce(ready, key, as_json=as_json))


async def _prepare(settings: "Settings", *, fresh: bool) -> str:
    """Make the company unless it is there, and return a key to it."""
    from models.session import Database
    from services import demo as company

    assert settings.database_url, "the command has found or started a database"
    database = Database(settings.database_url, prepared=settings.db_prepared)
    try:
        state = await company.state(database)
        if state is not company.State.ABSENT and (fresh or state is company.State.BROKEN_OFF):
            await _remove(settings)
            state = company.State.ABSENT
        if state is company.State.ABSENT:
            await _make(database)
        return await _key(database, settings.data_dir / KEY_FILE)
    finally:
        await database.close()


async def _remove(settings: "Settings") -> None:
    from models.session import Database
    from services import demo as company
    from services import tenants

    assert settings.owner_url, "the command has found or started a database"
    owner = Database(settings.owner_url, prepared=settings.db_prepared)
    try:
        await tenants.delete(owner, company.CODE)
    finally:
        await owner.close()


async def _make(database: "Database") -> None:
    from services import demo as company

    console = _console(stderr=True)  # stdout is for what a program may read
    with console.status("Making the demo company …") as status:

        def show(progress: "Progress") -> None:
            status.update(f"Making the demo company: {progress.step} …")

        made = await company.make(database, show)
    console.print(f"Made the demo company: {made.report.posted:,} ledger entries.", style="dim")


async def _key(database: "Database", file: Path) -> str:
    """Return the key of the last start while it is valid, else a new one that takes its place.

    A key is stored hashed, so its text is kept beside: in a file that only this user can read.
    """
    from domain.errors import Unauthorized
    from services import demo as company
    from services import keys, tenants

    tenant_id = await tenants.get(database, company.CODE)
    with contextlib.suppress(Unauthorized):
        known = _kept_key(file)
        if (await keys.authenticate(database, known)).actor.tenant_id == tenant_id:
            return known
    wish = keys.KeyWish(name=KEY_NAME, scopes=["*"], per_minute=PER_MINUTE, per_hour=PER_HOUR)
    async with database.write(tenant_id) as session:
        rows, _ = await keys.listed(session, limit=1_000)
        for row in rows:
            if row.name == KEY_NAME:
                await keys.revoke(session, row.id)
        made = await keys.create(session, wish)
    _keep_key(file, made.plain)
    return made.plain


def _kept_key(file: Path) -> str:
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _keep_key(file: Path, key: str) -> None:
    with contextlib.suppress(OSError):  # a folder that cannot be written to: a new key each time
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(f"{key}\n")


def _announce(settings: "Settings", key: str, *, as_json: bool) -> None:
    from gateway.explorer_sessions import ExplorerSessions
    from gateway.runtime import explorer_folder

    base, explorer = settings.base_url, None
    if settings.explorer:
        token = ExplorerSessions(explorer_folder()).issue_link(key)
        explorer = f"{base}/graphql?token={token}"
    if as_json:
        typer.echo(json.dumps({"url": base, "key": key, "explorer": explorer}))
        return
    first = FIRST_WITH_EXPLORER if explorer else FIRST_WITHOUT
    link = EXPLORER.format(explorer=explorer) if explorer else ""
    # Soft: a line that is pasted must stay one line, however narrow the terminal is.
    _console(stderr=False).print(
        TOLD.format(base=base, key=key, link=link, first=first), soft_wrap=True, highlight=False
    )


def _console(*, stderr: bool) -> "Console":
    from rich.console import Console

    return Console(stderr=stderr)
