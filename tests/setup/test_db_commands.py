"""`./run db …` on the built-in PostgreSQL and on a given one."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from commands import Done, run
from gateway import embedded
from models import migrate
from models.session import Database
from services import tenants

CURE = "check the address and that the server runs, or unset it to use the built-in one."
TENANTS = "select string_agg(code, ' ' order by code) from tenants"


def names_in(folder: Path) -> list[str] | None:
    """Return the names of what is in a folder, and None when there is none."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else None


class Given:
    """A database of its own on the tests' server, as DATABASE_URL would lead to it."""

    def __init__(self, server: embedded.Handle, name: str) -> None:
        self.server = server
        self.name = name
        self.owner_url, self.app_url = server.urls(name)

    def db(self, *arguments: str, **variables: str) -> Done:
        """Run `./run db` on it."""
        urls = {"DATABASE_URL": self.app_url, "DATABASE_OWNER_URL": self.owner_url}
        return run("db", *arguments, **{**urls, **variables})

    async def value(self, sql: str, url: str | None = None) -> object:
        """Return one value, as the owner sees it unless another address is given."""
        connection = await asyncpg.connect(url or self.owner_url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    async def tenant(self, code: str) -> UUID:
        """Make a tenant."""
        database = Database(self.app_url)
        try:
            return await tenants.create(database, code, {"name": f"The company {code}"})
        finally:
            await database.close()


@pytest.fixture
def given(server: embedded.Handle, request: pytest.FixtureRequest) -> Iterator[Given]:
    """An empty database."""
    name = f"given {abs(hash(request.node.nodeid))}"
    server.drop_database(name)
    server.create_database(name)
    yield Given(server, name)
    server.drop_database(name)


@pytest.fixture
def migrated(given: Given) -> Given:
    """A database with the schema."""
    migrate.upgrade(given.owner_url)
    return given


@pytest.fixture
async def filled(migrated: Given) -> Given:
    """A database with the schema and two tenants."""
    for code in ("one", "two"):
        await migrated.tenant(code)
    return migrated


async def test_upgrade_makes_the_tables_in_the_given_database_and_starts_no_server(
    given: Given,
) -> None:
    done = given.db("upgrade")

    assert done == Done(0, f"The schema is at {migrate.head()}.\n", "")
    assert await given.value("select version_num from alembic_version") == migrate.head()
    assert names_in(Path("/nonexistent")) is None


def test_the_expected_revision_is_the_one_that_migrations_lead_to() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))

    assert ScriptDirectory.from_config(config).get_current_head() == migrate.head()


async def test_a_newer_schema_is_let_alone(migrated: Given) -> None:
    await migrated.value("update alembic_version set version_num = '9999'")
    urls = {"DATABASE_URL": migrated.app_url, "DATABASE_OWNER_URL": migrated.owner_url}

    assert run("tenants", "list", **urls) == Done(
        1,
        "",
        "The database is at 9999, from a newer Stockgraph than this one, which knows "
        f"{migrate.head()}: start that one, or restore a dump of before.\n",
    )


def test_url_prints_the_addresses_that_the_commands_use(given: Given) -> None:
    assert given.db("url") == Done(0, f"{given.app_url}\n", "")
    assert given.db("url", "--owner") == Done(0, f"{given.owner_url}\n", "")
    assert json.loads(given.db("url", "--json").stdout) == {
        "url": given.app_url,
        "ownerUrl": given.owner_url,
    }


def test_shell_hands_its_arguments_and_its_exit_code_through(given: Given) -> None:
    assert given.db("shell", "-Atc", "select 6 * 7") == Done(0, "42\n", "")
    assert given.db("shell", "-c", "nonsense").code == 1


async def test_a_dump_restored_brings_every_tenants_rows_back_behind_row_security(
    filled: Given, tmp_path: Path
) -> None:
    file = tmp_path / "stock.dump"

    dumped = filled.db("dump", str(file), "--json")
    await filled.tenant("three")
    restored = filled.db("restore", str(file), "--yes")

    assert json.loads(dumped.stdout) == {"file": str(file), "bytes": file.stat().st_size}
    assert file.stat().st_mode & 0o777 == 0o600
    assert names_in(tmp_path) == ["stock.dump"]
    assert restored == Done(0, f"Restored {file}.\n", "")
    assert await filled.value(TENANTS) == "one two"
    names = "select string_agg(name, ', ' order by name) from tenant_settings"
    assert await filled.value(names) == "The company one, The company two"
    assert await filled.value(names, filled.app_url) is None
    database = Database(filled.app_url)
    tenant_id = await tenants.get(database, "two")
    async with database.read(tenant_id) as session:
        assert (await tenants.settings(session)).name == "The company two"
    await database.close()
    assert filled.db("upgrade").code == 0


async def test_a_dump_goes_into_an_empty_database(
    filled: Given, server: embedded.Handle, tmp_path: Path
) -> None:
    filled.db("dump", str(tmp_path / "stock.dump"))
    other = Given(server, f"{filled.name} other")
    server.create_database(other.name)

    done = other.db("restore", str(tmp_path / "stock.dump"), "--yes")

    assert done.code == 0
    assert await other.value(TENANTS) == "one two"
    server.drop_database(other.name)


@pytest.mark.parametrize("kept", [0, 0.3])
async def test_a_dump_that_is_cut_short_changes_nothing(
    kept: float, filled: Given, tmp_path: Path
) -> None:
    file = tmp_path / "stock.dump"
    filled.db("dump", str(file))
    whole = file.read_bytes()
    file.write_bytes(whole[: int(kept * len(whole)) if kept < 1 else int(kept)])

    done = filled.db("restore", str(file), "--yes")

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{file} was not restored, and nothing was changed: pg_restore: ")
    assert done.stderr.count("\n") == 1
    assert await filled.value(TENANTS) == "one two"


async def test_what_the_server_refuses_of_a_dump_changes_nothing(
    filled: Given, tmp_path: Path
) -> None:
    role = f"doomed_{abs(hash(filled.name))}"
    await filled.value(f"create role {role}")
    await filled.value(f"grant select on tenants to {role}")
    filled.db("dump", str(tmp_path / "x.dump"))
    await filled.value(f"drop owned by {role}")
    await filled.value(f"drop role {role}")

    done = filled.db("restore", str(tmp_path / "x.dump"), "--yes")

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{tmp_path}/x.dump was not restored, and nothing was changed: ")
    assert done.stderr.endswith(f'ERROR:  role "{role}" does not exist.\n')
    assert await filled.value(TENANTS) == "one two"


async def test_restore_and_reset_are_refused_while_others_use_the_database(
    filled: Given, tmp_path: Path
) -> None:
    filled.db("dump", str(tmp_path / "stock.dump"))
    other = await asyncpg.connect(filled.app_url)

    for arguments in (["restore", str(tmp_path / "stock.dump"), "--yes"], ["reset", "--yes"]):
        assert filled.db(*arguments) == Done(
            1,
            "",
            "The database is in use (1 open sessions): end the server and imports first.\n",
        )

    await other.close()


async def test_reset_empties_the_database_when_that_is_confirmed(filled: Given) -> None:
    unconfirmed = filled.db("reset")
    assert unconfirmed == Done(
        1, "", "This removes all tenants and all their data. Add --yes if that is meant.\n"
    )
    assert await filled.value(TENANTS) == "one two"

    assert filled.db("reset", "--yes") == Done(0, "The database is empty.\n", "")

    assert await filled.value(TENANTS) is None
    await filled.tenant("new")
    assert await filled.value(TENANTS) == "new"


async def test_a_role_that_does_not_see_every_row_dumps_nothing(
    filled: Given, tmp_path: Path
) -> None:
    role = f"bound_{abs(hash(filled.name))}"
    await filled.value(f"create role {role} login")
    await filled.value(f"grant pg_read_all_data to {role}")
    url = filled.owner_url.replace("stockgraph_owner", role)

    done = filled.db("dump", str(tmp_path / "stock.dump"), DATABASE_OWNER_URL=url)

    assert done == Done(
        1,
        "",
        "The role of DATABASE_OWNER_URL is bound by row-level security and does not see every row: "
        "dump with a superuser's or a BYPASSRLS role's address.\n",
    )
    assert names_in(tmp_path) == []
    await filled.value(f"drop owned by {role}")
    await filled.value(f"drop role {role}")


def test_a_file_that_cannot_be_written_or_is_not_there_is_named(filled: Given) -> None:
    assert filled.db("dump", "/nonexistent/x.dump") == Done(
        1, "", "/nonexistent/x.dump cannot be written: No such file or directory.\n"
    )
    assert filled.db("restore", "/nonexistent/x.dump", "--yes") == Done(
        1, "", "There is no file /nonexistent/x.dump: give one that `./run db dump` has written.\n"
    )


@pytest.fixture
async def stranger(filled: Given) -> AsyncIterator[str]:
    """The address for a role that may connect and has no rights."""
    role = f"stranger_{abs(hash(filled.name))}"
    await filled.value(f"create role {role} login")
    yield filled.owner_url.replace("stockgraph_owner", role)
    await filled.value(f"drop role {role}")


async def test_a_role_without_the_owners_rights_is_told_so_in_one_sentence(
    filled: Given, stranger: str, tmp_path: Path
) -> None:
    variables = {"DATABASE_URL": filled.app_url, "DATABASE_OWNER_URL": stranger}
    cure = "set DATABASE_OWNER_URL to the role that owns the tables.\n"

    assert run("tenants", "delete", "one", "--yes", **variables) == Done(
        1,
        "",
        "The database does not let this role do that (permission denied for function "
        f"tenant_find): {cure}",
    )
    assert filled.db("reset", "--yes", DATABASE_OWNER_URL=stranger) == Done(
        1,
        "",
        f"The database does not let this role do that (must be owner of schema public): {cure}",
    )
    assert filled.db("upgrade", DATABASE_OWNER_URL=stranger) == Done(
        1,
        "",
        "The schema was not brought up to date (permission denied for table alembic_version): set "
        "DATABASE_OWNER_URL to the role that owns the database. It must be allowed to make roles "
        "too, unless a superuser has made one before: `create role stockgraph_app nologin`.\n",
    )
    dumped = filled.db("dump", str(tmp_path / "x.dump"), DATABASE_OWNER_URL=stranger)
    assert dumped.code == 1
    assert dumped.stderr.startswith("The database was not dumped: pg_dump: error: query failed: ")
    assert dumped.stderr.count("\n") == 1


def test_a_role_that_was_not_let_in_is_told_what_it_needs(stranger: str) -> None:
    assert run("tenants", "list", DATABASE_URL=stranger) == Done(
        1,
        "",
        "The role of DATABASE_URL has no rights in its database (permission denied for function "
        "schema_revision): `grant stockgraph_app to` that role.\n",
    )


def test_a_given_server_is_not_ours_to_stop(given: Given) -> None:
    assert given.db("stop") == Done(
        1,
        "",
        "DATABASE_URL is set, and that server is not Stockgraph's to stop: unset it to stop the "
        "built-in one.\n",
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://u@/x?host=/nonexistent", "[Errno 2] No such file or directory"),
        ("postgresql://u:secret@127.0.0.1:9/x", "[Errno 111] Connect call failed ('127.0.0.1', 9)"),
        (
            "postgresql://u:sec/ret@127.0.0.1:9/x",
            "it cannot be read; in a password, % / : @ are written as %25 %2F %3A %40",
        ),
    ],
)
def test_a_database_that_cannot_be_reached_is_one_sentence(url: str, reason: str) -> None:
    assert run("db", "upgrade", DATABASE_URL=url) == Done(
        1,
        "",
        f"The database of DATABASE_URL cannot be reached ({reason}): {CURE}\n",
    )


def test_a_database_that_does_not_exist_is_one_sentence(given: Given) -> None:
    done = given.db("upgrade", DATABASE_OWNER_URL=given.server.urls("not there")[0])

    assert done == Done(
        1,
        "",
        "The database of DATABASE_OWNER_URL cannot be reached "
        f'(database "not there" does not exist): {CURE}\n',
    )


def test_the_built_in_server_runs_for_a_command_and_stops_after_it(root: Path) -> None:
    variables = {"STOCKGRAPH_DATA_DIR": str(root)}

    assert run("db", "upgrade", **variables).code == 0
    assert not (root / "data" / "postmaster.pid").exists()
    assert run("db", "shell", "-Atc", TENANTS, **variables) == Done(0, "\n", "")
    assert run("db", "stop", "--json", **variables) == Done(0, '{"stopped": false}\n', "")
