"""Looking after a whole database as its owner: dump, restore, empty, and psql.

PostgreSQL's own programs do the work. Passwords reach them by their environment, since arguments
can be read by everybody on the machine.
"""

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from gateway.embedded.binaries import find_program
from gateway.embedded.cluster import last_line
from gateway.problems import Problem
from gateway.settings import Settings

EMPTY = """
drop schema public cascade;
drop schema if exists past cascade;
create schema public;
"""
GROUP_ROLE = """
do $$ begin
  if not exists (select from pg_roles where rolname = 'stockgraph_app') then
    create role stockgraph_app nologin nosuperuser nobypassrls;
  end if;
end $$;
"""
# The newest programs set this in every dump; a server older than 17 does not know it.
TOO_NEW = b"SET transaction_timeout"
OTHER_SESSIONS = """
select count(*) from pg_stat_activity
 where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
"""
PIECE = 1 << 20


def dump(settings: Settings, target: Path) -> None:
    """Write the whole database, of all tenants, into a compressed file that `restore` reads.

    The file gets its name when it is complete, and only its owner may read it.

    Raises:
        Problem: the owner's role does not see every row, or the database or the file fails.
    """
    partial = target.with_name(f".{target.name}.partial")
    arguments = ["--format=custom", "--no-owner", "--no-password", "--dbname", _place(settings)]
    command = [find_program("pg_dump", settings.pg_bindir), *arguments]
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            result = subprocess.run(
                command, stdout=out, stderr=subprocess.PIPE, env=_environment(settings), check=False
            )
            os.fsync(out.fileno())
        if result.returncode == 0:
            partial.replace(target)
    except OSError as error:
        raise Problem(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    if result.returncode != 0:
        raise Problem(_why_no_dump(result.stderr.decode(errors="replace")))


def _why_no_dump(words: str) -> str:
    if "row-level security" in words:
        return (
            "The role of DATABASE_OWNER_URL is bound by row-level security and does not see every "
            "row: dump with a superuser's or a BYPASSRLS role's address."
        )
    errors = [line for line in words.splitlines() if "error:" in line]  # and not their details
    return f"The database was not dumped: {last_line(errors[0] if errors else words)}"


def restore(settings: Settings, source: Path) -> None:
    """Put the content of a dump in the place of everything in the database, or change nothing.

    It is one transaction. The schema is that of the dump afterwards.

    Raises:
        Problem: others use the database, the file is no dump, or the server refuses it.
    """
    if not source.is_file():
        raise Problem(f"There is no file {source}: give one that `./run db dump` has written.")
    refuse_others(settings)
    with tempfile.TemporaryFile() as reading, tempfile.TemporaryFile() as writing:
        reader = subprocess.Popen(
            [find_program("pg_restore", settings.pg_bindir), "--no-owner", "--file=-", source],
            stdout=subprocess.PIPE,
            stderr=reading,
        )
        writer = subprocess.Popen(
            [*_psql(settings), "--single-transaction", "--output", os.devnull, "--file=-"],
            stdin=subprocess.PIPE,
            stderr=writing,
            env=_environment(settings),
        )
        failed = _transfer(reader, writer)
        for words in (writing, reading):
            words.seek(0)
            text = words.read().decode(errors="replace")
            if failed and text.strip():
                raise Problem(
                    f"{source} was not restored, and nothing was changed: {last_line(text)}"
                )


def _transfer(reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes]) -> bool:
    """Send the statements from one to the other; say whether one of them failed.

    A writer whose input ended in the middle would commit what it has, so it is killed instead: its
    transaction ends with its connection.
    """
    assert reader.stdout, "it is a pipe"
    assert writer.stdin, "it is a pipe"
    with contextlib.suppress(BrokenPipeError), reader.stdout:
        _feed(reader.stdout, writer.stdin)
    if reader.wait() != 0:
        writer.kill()
    with contextlib.suppress(BrokenPipeError):
        writer.stdin.close()
    return writer.wait() != 0


def _feed(reading: IO[bytes], writing: IO[bytes]) -> None:
    writing.write((GROUP_ROLE + EMPTY).encode())
    for line in reading:
        if not line.startswith(TOO_NEW):
            writing.write(line)
        if line.startswith(b"CREATE"):
            break
    shutil.copyfileobj(reading, writing, PIECE)
    writing.flush()


def empty(settings: Settings) -> None:
    """Remove everything from the database, of all tenants.

    Raises:
        Problem: others use the database.
    """
    refuse_others(settings)
    asyncio.run(_execute(settings, EMPTY))


def refuse_others(settings: Settings) -> None:
    """Make sure that no other session is open on the database.

    Raises:
        Problem: there is one.
    """
    others = asyncio.run(_count_others(settings))
    if others:
        raise Problem(
            f"The database is in use ({others} open sessions): end the server and imports first."
        )


def shell(settings: Settings, arguments: list[str]) -> int:
    """Run psql as the owner until the user leaves it; return its exit code."""
    process = subprocess.Popen([*_psql(settings), *arguments], env=_environment(settings))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # psql ends the statement and goes on


def _psql(settings: Settings) -> list[str]:
    program = find_program("psql", settings.pg_bindir)
    return [program, "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname", _place(settings)]


async def _execute(settings: Settings, sql: str) -> None:
    connection = await asyncpg.connect(settings.owner_url)
    try:
        async with connection.transaction():
            await connection.execute("set local lock_timeout = '10s'")
            await connection.execute(sql)
    finally:
        await connection.close()


async def _count_others(settings: Settings) -> int:
    connection = await asyncpg.connect(settings.owner_url)
    try:
        return int(await connection.fetchval(OTHER_SESSIONS))
    finally:
        await connection.close()


def _place(settings: Settings) -> str:
    """Return the owner's address without its password."""
    parts = urlsplit(settings.owner_url or "")
    user, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=user.partition(":")[0] + at + host))


def _environment(settings: Settings) -> dict[str, str]:
    """Return our environment with the owner's password where PostgreSQL's programs look for it."""
    parts = urlsplit(settings.owner_url or "")
    _, _, password = parts.netloc.rpartition("@")[0].partition(":")
    added = {"PGPASSWORD": unquote(password)} if password else {}
    return {**os.environ, **added, "PGOPTIONS": "-c client_min_messages=warning"}
