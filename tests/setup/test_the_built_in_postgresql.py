"""One folder, one server, however many processes come and go, and in whatever way they end."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from gateway import embedded
from gateway.problems import Problem
from server_user import ServerUser, postgres_processes, postmaster, users

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="it is about what root does")
EVERYTHING = ["data", "log", "s", "start.lock", "users.lock"]
SYSTEM_PYTHON = "/usr/bin/python3"


async def value(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_makes_a_database_with_an_owner_and_a_role_that_row_security_binds(
    root: Path,
) -> None:
    handle = embedded.start(root)

    roles = """
        select json_agg(json_build_array(rolname, rolsuper, rolbypassrls, rolinherit, rolcanlogin)
                        order by rolname)::text
        from pg_roles where rolname like 'stockgraph%'"""
    assert await value(handle.app_url, "select current_user::text") == "stockgraph_server"
    assert await value(handle.owner_url, "select current_user::text") == "stockgraph_owner"
    assert await value(handle.app_url, roles) == (
        '[["stockgraph_app", false, false, true, false], '
        '["stockgraph_owner", true, true, true, true], '
        '["stockgraph_server", false, false, true, true]]'
    )
    assert await value(
        handle.app_url, "select pg_has_role('stockgraph_server', 'stockgraph_app', 'usage')"
    )
    for name, setting in {"jit": "off", "TimeZone": "UTC", "listen_addresses": ""}.items():
        assert await value(handle.app_url, f"show {name}") == setting
    locale = "select datlocale from pg_database where datname = current_database()"
    assert await value(handle.app_url, locale) == "C.UTF-8"
    handle.close()
    assert postgres_processes(root) == []


async def test_makes_copies_and_removes_databases(root: Path) -> None:
    handle = embedded.start(root)
    owner_url, _ = handle.create_database('odd "name"/?&')
    await value(owner_url, "create table marks as select 7 as mark")

    _, app_url = handle.create_database("copy", template='odd "name"/?&')
    await value(handle.urls("copy")[0], "grant select on marks to stockgraph_app")

    assert await value(app_url, "select mark from marks") == 7
    handle.drop_database('odd "name"/?&')
    handle.drop_database("never there")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await value(owner_url, "select 1")
    handle.close()


def test_six_processes_at_once_make_one_server_and_the_last_to_leave_stops_it(root: Path) -> None:
    with users(root, 6) as started:
        answers = [user.answer() for user in started]
        assert set(answers) == {
            f"postgresql://stockgraph_server@/stockgraph?host={root}/s&port=5432"
        }
        server = postmaster(root)
        for user in started[:5]:
            user.leave()
            assert postmaster(root) == server
        started[5].leave()
        assert postgres_processes(root) == []


def test_a_killed_user_does_not_keep_the_server_from_stopping(root: Path) -> None:
    with users(root, 3) as (first, second, last):
        for user in (first, second, last):
            user.answer()

        first.kill()
        second.leave()
        assert postgres_processes(root) != []
        last.leave()

        assert postgres_processes(root) == []


async def test_a_server_whose_only_user_was_killed_is_joined_by_the_next(root: Path) -> None:
    with users(root, 1) as (user,):
        user.answer()
        server = postmaster(root)
        user.kill()

    handle = embedded.start(root)

    assert postmaster(root) == server
    assert await value(handle.app_url, "select 1") == 1
    handle.close()
    assert postgres_processes(root) == []


def test_stop_ends_a_server_that_nobody_uses_and_only_by_force_one_that_is_used(
    root: Path,
) -> None:
    assert embedded.stop(root) is False
    with users(root, 1) as (user,):
        user.answer()
        with pytest.raises(Problem, match=r"in use by another process"):
            embedded.stop(root)
        assert embedded.stop(root, force=True) is True
    with users(root, 1) as (user,):
        user.answer()
    assert postgres_processes(root) != []

    assert embedded.stop(root) is True
    assert postgres_processes(root) == []
    assert embedded.stop(root) is False


@pytest.mark.parametrize("which", ["the postmaster", "every process"])
async def test_what_was_committed_is_there_after_a_kill_of(which: str, root: Path) -> None:
    first = embedded.start(root)
    await value(first.owner_url, "create table marks as select 7 as mark")
    processes = [postmaster(root)] if which == "the postmaster" else postgres_processes(root)
    for process in processes:
        os.kill(process, signal.SIGKILL)

    second = embedded.start(root)

    assert await value(second.owner_url, "select mark from marks") == 7
    first.close()
    second.close()
    assert postgres_processes(root) == []


@pytest.mark.parametrize(
    "moment",
    [
        0.15,
        0.3,
        *(pytest.param(m, marks=pytest.mark.long) for m in (0.05, 0.2, 0.25, 0.4, 0.5, 0.7)),
    ],
)
def test_a_first_start_that_was_killed_is_done_anew(moment: float, root: Path) -> None:
    user = ServerUser(root)
    time.sleep(moment)
    user.kill()

    embedded.start(root).close()
    time.sleep(0.5)  # the initdb of the killed process may go on for so long
    embedded.start(root).close()

    assert sorted(path.name for path in root.iterdir()) == EVERYTHING
    ends = time.monotonic() + 20  # and longer on a busy machine, but not for ever
    while postgres_processes(root) and time.monotonic() < ends:
        time.sleep(0.1)
    assert postgres_processes(root) == []


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with PostgreSQL."""
    process = subprocess.Popen(["/bin/sleep", "60"])
    yield process
    process.kill()
    process.wait()


async def test_a_stranger_with_the_servers_process_id_is_let_alone(
    root: Path, stranger: subprocess.Popen[bytes]
) -> None:
    first = embedded.start(root)
    for process in postgres_processes(root):
        os.kill(process, signal.SIGKILL)
    for lock_file in (root / "data" / "postmaster.pid", root / "s" / ".s.PGSQL.5432.lock"):
        _, *rest = lock_file.read_text().splitlines()
        lock_file.write_text("\n".join([str(stranger.pid), *rest, ""]))

    second = embedded.start(root)

    assert await value(second.app_url, "select 1") == 1
    first.close()
    second.close()
    assert stranger.poll() is None


@pytest.mark.parametrize("name", ["with space, comma", "quo\"te' $HOME %20&?", "x" * 90])
async def test_the_folder_may_be_called(name: str, root: Path) -> None:
    handle = embedded.start(root / name)

    assert await value(handle.app_url, "select 1") == 1
    handle.close()


def test_a_short_socket_folder_of_somebody_else_is_refused(root: Path) -> None:
    deep = root / ("x" * 90)
    handle = embedded.start(deep)
    folder = Path(handle.app_url.partition("host=")[2].partition("&")[0])
    handle.close()
    assert folder.parent == Path("/tmp")
    folder.symlink_to("/var/tmp")

    with pytest.raises(Problem, match=r"belongs to another user"):
        embedded.start(deep)

    folder.unlink()


def test_a_server_is_found_by_users_with_other_folders_for_temporary_files(root: Path) -> None:
    deep = root / ("x" * 90)
    first = ServerUser(deep, env={**os.environ, "TMPDIR": "/var/tmp"})
    answer = first.answer()
    assert "?host=/var/tmp/stockgraph-pg-" in answer

    second = ServerUser(deep, env={**os.environ, "TMPDIR": "/tmp"})

    assert second.answer() == answer
    first.leave()
    second.leave()
    assert postgres_processes(deep) == []
    assert not Path(answer.partition("?host=")[2].partition("&")[0]).exists()


def test_a_folder_and_a_link_to_it_are_one(root: Path) -> None:
    root.mkdir()
    link = root.with_name("link")
    link.symlink_to(root)
    first, second = embedded.start(root), embedded.start(link)

    assert first.app_url == second.app_url
    first.close()
    second.close()


def test_a_folder_of_another_version_is_refused(root: Path) -> None:
    embedded.start(root).close()
    (root / "data" / "PG_VERSION").write_text("14\n")

    with pytest.raises(Problem) as caught:
        embedded.start(root)

    assert str(caught.value) == (
        "The data folder was made by PostgreSQL 14, which is not installed: set "
        "STOCKGRAPH_PG_BINDIR to its programs, or choose another STOCKGRAPH_DATA_DIR and move the "
        "data with `./run db dump` and `./run db restore`."
    )


def test_a_folder_that_is_none_of_postgresqls_is_refused(root: Path) -> None:
    (root / "data").mkdir(parents=True)

    with pytest.raises(Problem, match=r"is no data folder of PostgreSQL"):
        embedded.start(root)

    assert sorted(path.name for path in root.iterdir()) == ["data", "start.lock", "users.lock"]


def test_a_place_without_a_server_is_refused_by_name(root: Path) -> None:
    with pytest.raises(Problem, match=r"There is no PostgreSQL server in /usr/lib: set STOCKGRAPH"):
        embedded.start(root, Path("/usr/lib"))


async def test_variables_of_postgresql_clients_do_not_lead_astray(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"PGPORT": "1", "PGHOST": "nowhere", "PGDATA": "/x", "PGUSER": "x"}.items():
        monkeypatch.setenv(name, text)

    handle = embedded.start(root)

    assert await value(handle.app_url, "select current_user::text") == "stockgraph_server"
    handle.close()


@as_root
def test_root_gets_a_copy_of_programs_that_the_servers_user_cannot_run(root: Path) -> None:
    package = embedded.find_bindir().parent.parent
    hidden = root.parent / "hidden"
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, hidden / folder.name, symlinks=True)
    hidden.chmod(0o700)
    left_over = root / ".rt-1"
    left_over.mkdir(parents=True)

    handle = embedded.start(root, hidden / package.name / "pginstall" / "bin")

    assert handle.bindir.is_relative_to(root)
    assert not left_over.exists()
    handle.close()
    assert hidden.stat().st_mode & 0o777 == 0o700


@as_root
def test_root_keeps_to_itself_what_lies_outside_the_folder(root: Path) -> None:
    closed = root.parent / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(Problem, match=rf"who may not enter {closed}: choose another"):
        embedded.start(closed / "root")

    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
@pytest.mark.skipif(not Path(SYSTEM_PYTHON).exists(), reason="needs a Python that nobody can run")
def test_a_user_who_is_not_root_runs_the_server_too(root: Path) -> None:
    root.mkdir()
    shutil.chown(root, "nobody")
    user = ServerUser(root, python=SYSTEM_PYTHON, user="nobody", group=65534, extra_groups=[])

    answer = user.answer()

    assert answer == f"postgresql://stockgraph_server@/stockgraph?host={root}/s&port=5432"
    assert (root / "data").owner() == "nobody"
    user.leave()
    assert postgres_processes(root) == []


@as_root
@pytest.mark.skipif(not Path(SYSTEM_PYTHON).exists(), reason="needs a Python that nobody can run")
def test_a_folder_that_cannot_be_written_is_refused(root: Path) -> None:
    root.mkdir()
    user = ServerUser(root, python=SYSTEM_PYTHON, user="nobody", group=65534, extra_groups=[])

    assert user.answer() == (
        f"The folder {root} cannot be used (Permission denied): make it writable or choose another "
        "STOCKGRAPH_DATA_DIR."
    )
    user.leave()


@as_root
@pytest.mark.skipif(not Path(SYSTEM_PYTHON).exists(), reason="needs a Python that nobody can run")
def test_a_user_without_a_name_is_told_so(root: Path) -> None:
    root.mkdir()
    os.chown(root, 54321, 54321)
    user = ServerUser(root, python=SYSTEM_PYTHON, user=54321, group=54321, extra_groups=[])

    assert user.answer() == (
        "The user id 54321 has no name on this system, which the built-in PostgreSQL needs: add it "
        "to /etc/passwd or set DATABASE_URL."
    )
    user.leave()
