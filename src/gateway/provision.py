"""The database a command works on: the given one, or our own server while the command runs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from gateway.problems import Problem
from gateway.settings import Settings, load_settings
from models import migrate

if TYPE_CHECKING:
    from models.session import Database

T = TypeVar("T")
OLDEST_VERSION = 15
CONNECT_SECONDS = 10


@contextmanager
def database(settings: Settings) -> Iterator[Settings]:
    """Give settings whose addresses lead to a running database, for as long as the block runs.

    With DATABASE_URL they are the given ones and nothing is started. Else our own server is
    started, or joined when another process has started it, and left at the end.

    Raises:
        Problem: the database cannot be reached or is too old, or the server does not start.
    """
    if settings.database_url:
        asyncio.run(_check(settings.database_url, "DATABASE_URL"))
        yield settings
        return
    # Imported here: its file locks do not exist on every system that a given database serves.
    from gateway import embedded

    handle = embedded.start(settings.data_dir, settings.pg_bindir)
    try:
        addresses = {"database_url": handle.app_url, "database_owner_url": handle.owner_url}
        yield settings.model_copy(update=addresses)
    finally:
        handle.close()


@contextmanager
def current_database(settings: Settings) -> Iterator[Settings]:
    """Do as `database`, and bring the schema up to date where the owner's address is known.

    Raises:
        Problem: as `database`; or the schema is a newer one than this program knows, or an older
            one while the owner's address, which an upgrade takes, is not given.
    """
    with database(settings) as ready:
        assert ready.database_url, "database() gives addresses"
        found, needed = asyncio.run(_revision(ready.database_url)), migrate.head()
        if found != needed:
            if (found or "") > needed or not ready.database_owner_url:
                raise Problem(_other_schema(found, needed))
            upgrade(ready)
        yield ready


def upgrade(settings: Settings) -> None:
    """Bring the schema up to date as its owner.

    Raises:
        Problem: the owner's address leads nowhere.
    """
    assert settings.owner_url, "called within database()"
    asyncio.run(_check(settings.owner_url, "DATABASE_OWNER_URL"))
    migrate.upgrade(settings.owner_url)


def act(action: "Callable[[Database], Awaitable[T]]", *, as_owner: bool = False) -> T:
    """Run one piece of work on the up-to-date database and return what it gives.

    Everything that was opened for it is closed afterwards, our own server included.

    Raises:
        Problem: as `current_database`.
    """
    with current_database(load_settings()) as ready:
        url = ready.owner_url if as_owner else ready.database_url
        assert url, "current_database() gives addresses"
        return asyncio.run(_act(action, url, prepared=ready.db_prepared))


async def _act(action: "Callable[[Database], Awaitable[T]]", url: str, *, prepared: bool) -> T:
    from models.session import Database

    database = Database(url, prepared=prepared)
    try:
        return await action(database)
    finally:
        await database.close()


def _other_schema(found: str | None, needed: str) -> str:
    if (found or "") > needed:
        return (
            f"The database is at {found}, from a newer Stockgraph than this one, which knows "
            f"{needed}: start that one, or restore a dump of before."
        )
    state = f"is at {found}" if found else "has no tables of Stockgraph"
    return (
        f"The database {state} and this program needs {needed}: "
        "run `./run db upgrade` with DATABASE_OWNER_URL set to the role that owns the tables."
    )


async def _revision(url: str) -> str | None:
    import asyncpg

    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    try:
        return str(await connection.fetchval("select schema_revision()"))
    except asyncpg.UndefinedFunctionError:
        return None
    finally:
        await connection.close()


async def _check(url: str, name: str) -> None:
    """Connect once, so that a wrong address is one sentence and no traceback.

    Raises:
        Problem: there is no connection, or the server is too old.
    """
    import asyncpg

    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise Problem(
            f"The database of {name} cannot be reached ({reason}): "
            "check the address and that the server runs, or unset it to use the built-in one."
        ) from error
    version = connection.get_server_version().major
    await connection.close()
    if version < OLDEST_VERSION:
        raise Problem(
            f"The database of {name} is PostgreSQL {version}: version {OLDEST_VERSION} or newer "
            "is needed."
        )
