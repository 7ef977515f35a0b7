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
INSUFFICIENT_PRIVILEGE = "42501"


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
        Problem: the owner's address leads nowhere, or to a role that may not do this.
    """
    assert settings.owner_url, "called within database()"
    asyncio.run(_check(settings.owner_url, "DATABASE_OWNER_URL"))
    try:
        migrate.upgrade(settings.owner_url)
    except Exception as error:
        if not lacks_rights(error):
            raise
        raise Problem(
            f"The schema was not brought up to date ({words_of(error)}): set DATABASE_OWNER_URL to "
            f"the role that owns the database. It must be allowed to make roles too, unless a "
            f"superuser has made one before: `create role {migrate.APP_ROLE} nologin`."
        ) from error


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


def lacks_rights(error: Exception) -> bool:
    """Say whether the database has refused because of the role that asked."""
    from models.constraints import sql_state

    return sql_state(error) == INSUFFICIENT_PRIVILEGE


def words_of(error: Exception) -> str:
    """Return what the database has said, without the statement that it was said to."""
    return str(getattr(error, "orig", error)).rstrip(".")


async def _revision(url: str) -> str | None:
    import asyncpg

    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    try:
        return str(await connection.fetchval("select schema_revision()"))
    except asyncpg.UndefinedFunctionError:
        return None
    except asyncpg.InsufficientPrivilegeError as error:
        raise Problem(
            f"The role of DATABASE_URL has no rights in its database ({error}): "
            f"`grant {migrate.APP_ROLE} to` that role."
        ) from error
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
        if isinstance(error, ValueError) and not isinstance(error, asyncpg.InterfaceError):
            # Its words may be a piece of the password, taken for a port.
            reason = "it cannot be read; in a password, % / : @ are written as %25 %2F %3A %40"
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
