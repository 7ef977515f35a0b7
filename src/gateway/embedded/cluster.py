"""One data folder and the server that runs on it.

Every function that changes something here is called within `locks.starting`.
"""

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.embedded.account import Account
from gateway.problems import Problem

PORT = 5432
OWNER_ROLE = "stockgraph_owner"
# How long a killed server may take to die, so that its successor can start.
DYING_SECONDS = 60
# How long a start may take that has to recover from a crash first.
RECOVERY_SECONDS = 300
STOP_SECONDS = 60
# Larger than any process id, so no process can have it.
NO_PROCESS = 2**31 - 1
STILL_DYING = ("already exists", "pre-existing shared memory block", "is still in use")
UNFINISHED = ".data-"
# What pg_isready answers.
ACCEPTING, REJECTING = 0, 1


@dataclass(frozen=True)
class Cluster:
    """A data folder, the programs for it, and the user and socket of its server."""

    root: Path
    bindir: Path
    account: Account
    socket: Path

    @property
    def data(self) -> Path:
        """The folder that PostgreSQL calls its data directory."""
        return self.root / "data"

    @property
    def log(self) -> Path:
        """The folder of the server's log files: one a weekday, overwritten a week later."""
        return self.root / "log"

    def ready(self) -> int:
        """Return pg_isready's answer: 0 accepting, 1 starting or stopping, 2 nobody there.

        A process id proves nothing: after a reboot a stranger may have it.
        """
        arguments = ["pg_isready", "-q", "-h", str(self.socket), "-p", str(PORT), "-t", "5"]
        arguments += ["-U", OWNER_ROLE, "-d", "postgres"]
        return self.run(arguments, dropped=False).returncode

    def run(
        self, arguments: Sequence[str], *, dropped: bool = True, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs to its end, as the server's user unless not `dropped`.

        The environment loses what would steer PostgreSQL, and its messages are in English.
        """
        program, *rest = arguments
        as_user = self.account.subprocess_arguments() if dropped else {}
        return subprocess.run(
            [str(self.bindir / program), *rest],
            input=text or "",
            capture_output=True,
            text=True,
            check=False,
            cwd=self.root,
            env=environment(),
            umask=0o077,
            start_new_session=True,
            **as_user,
        )

    def sql(self, text: str, *, database: str = "postgres") -> str:
        """Run SQL as the owner through psql, and return the rows without decoration.

        Raises:
            Problem: the server refused it.
        """
        arguments = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        arguments += ["-h", str(self.socket), "-p", str(PORT), "-U", OWNER_ROLE, "-d", database]
        result = self.run(arguments, dropped=False, text=text)
        if result.returncode != 0:
            raise Problem(
                f"The built-in PostgreSQL refused a statement: {last_line(result.stderr)}"
            )
        return result.stdout


def environment() -> dict[str, str]:
    """Return our environment without PostgreSQL's variables and with messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def version(data: Path) -> int:
    """Return the major version of PostgreSQL that made the data folder.

    Raises:
        Problem: none did.
    """
    try:
        return int((data / "PG_VERSION").read_text().split(".")[0])
    except (OSError, ValueError):
        raise Problem(
            f"The folder {data} is no data folder of PostgreSQL: choose another "
            "STOCKGRAPH_DATA_DIR."
        ) from None


def create(cluster: Cluster, major: int) -> None:
    """Make the data folder, or nothing: it gets its name when initdb is through.

    initdb writes PG_VERSION first, so a folder cut short would look whole.

    Raises:
        Problem: initdb failed.
    """
    # A name of its own: the initdb of a process that was killed may still be writing in another.
    unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=cluster.root))
    cluster.account.own(unfinished)
    locale = ["--locale=C.UTF-8"]
    if major >= 17:  # noqa: PLR2004 - the first version with a locale that no library update changes
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    arguments = ["initdb", "-D", str(unfinished), "-U", OWNER_ROLE, "--auth=trust"]
    result = cluster.run([*arguments, "--encoding=UTF8", *locale])
    if result.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise Problem(
            f"The database folder could not be made in {cluster.root}: {last_line(result.stderr)}"
        )
    unfinished.rename(cluster.data)
    _sync_folder(cluster.root)


def remove_unfinished(root: Path) -> None:
    """Remove what killed processes left of data folders that they were making."""
    for folder in root.glob(f"{UNFINISHED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def launch(cluster: Cluster) -> None:
    """Start the server and return when it answers; waits for a killed one to be gone.

    Raises:
        Problem: it does not start; names the log.
    """
    cluster.log.mkdir(exist_ok=True)
    cluster.account.own(cluster.log)
    first_words = cluster.log / "start.log"
    # Relative to the folder, since pg_ctl hands paths to a shell in plain double quotes.
    arguments = ["pg_ctl", "start", "-D", "data", "-l", "log/start.log"]
    arguments += ["-w", "-t", str(RECOVERY_SECONDS), "-o", _server_options(cluster)]
    deadline = time.monotonic() + DYING_SECONDS
    while True:
        first_words.unlink(missing_ok=True)
        _disown_strangers(cluster)
        known = {path: path.stat().st_size for path in cluster.log.iterdir()}
        result = cluster.run(arguments)
        if cluster.ready() == ACCEPTING:
            return
        words = _words_since(known, cluster.log) or result.stderr
        if time.monotonic() > deadline or not any(sign in words for sign in STILL_DYING):
            raise Problem(
                f"The built-in PostgreSQL does not start: {last_line(words)} "
                f"The folder {cluster.log} says more."
            )
        time.sleep(0.1)


def _words_since(known: dict[Path, int], log: Path) -> str:
    """Return the errors that were logged since the files had the known sizes."""
    words = []
    for path in sorted(log.iterdir()):
        with path.open(errors="replace") as file:
            file.seek(known.get(path, 0))
            words += [line for line in file if "FATAL:" in line or "PANIC:" in line]
    return "".join(words)


def _server_options(cluster: Cluster) -> str:
    """Return the server's settings as one string for pg_ctl, which hands it to a shell.

    Trust among local users is safe only because TCP is off and the socket's folder is private.
    """
    folder = str(cluster.socket).replace('"', '""')
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": f'"{folder}"',
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "jit": "off",
        "max_connections": "200",
        "shared_buffers": "256MB",
        "logging_collector": "on",
        "log_directory": str(cluster.log),
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
    }
    if _has_library(cluster.bindir, "pg_stat_statements"):
        settings["shared_preload_libraries"] = "pg_stat_statements"
    return " ".join(shlex.quote(f"--{name}={value}") for name, value in settings.items())


def _has_library(bindir: Path, name: str) -> bool:
    libraries = bindir.parent / "lib"
    return any(next(libraries.rglob(f"{name}.{end}"), None) for end in ("so", "dylib"))


def wait_until_settled(cluster: Cluster) -> bool:
    """Wait while a server is starting or stopping; say whether one answers then.

    Such a server is left by a process that was killed in the middle of starting or stopping it.

    Raises:
        Problem: it did not settle in the time that a recovery may take.
    """
    deadline = time.monotonic() + RECOVERY_SECONDS
    while (answer := cluster.ready()) == REJECTING:
        if time.monotonic() > deadline:
            raise Problem(
                f"The built-in PostgreSQL has been starting for {RECOVERY_SECONDS} s: "
                f"the folder {cluster.log} says why."
            )
        time.sleep(0.1)
    return answer == ACCEPTING


def shut_down(cluster: Cluster) -> None:
    """Stop the server if one answers: transactions under way are rolled back, sessions ended.

    Raises:
        Problem: it is still there after a minute.
    """
    process = _recorded_process(cluster.data / "postmaster.pid")
    if not wait_until_settled(cluster) or not _runs_here(process, cluster):
        return
    arguments = ["pg_ctl", "stop", "-D", str(cluster.data), "-m", "fast", "-w"]
    result = cluster.run([*arguments, "-t", str(STOP_SECONDS)])
    if result.returncode != 0:
        raise Problem(
            f"The built-in PostgreSQL does not stop: {last_line(result.stderr)} "
            f"The folder {cluster.log} says more."
        )
    if cluster.socket.parent != cluster.root:
        with contextlib.suppress(OSError):
            cluster.socket.rmdir()


def recorded_socket(data: Path) -> Path | None:
    """Return the folder of the last started server's socket, unless it was stopped in order."""
    with contextlib.suppress(OSError, IndexError):
        folder = Path((data / "postmaster.pid").read_text().splitlines()[4])
        return folder if folder.is_dir() else None
    return None


def _recorded_process(lock_file: Path) -> int | None:
    """Return the process id in one of the server's two lock files."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(lock_file.read_text().splitlines()[0])
    return None


def _disown_strangers(cluster: Cluster) -> None:
    """Free the server's lock files from a process id that is not, or no longer, a server's here.

    The data folder's gets an id that cannot exist in its first line. It stays: with it PostgreSQL
    still finds the shared memory of a predecessor whose children are alive.
    """
    lock_file = cluster.data / "postmaster.pid"
    process = _recorded_process(lock_file)
    if process is not None and _alive(process) and not _runs_here(process, cluster):
        _, *rest = lock_file.read_text().splitlines()
        lock_file.write_text("\n".join([str(NO_PROCESS), *rest, ""]))
    lock_file = cluster.socket / f".s.PGSQL.{PORT}.lock"
    if not _runs_here(_recorded_process(lock_file), cluster):
        lock_file.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _runs_here(process: int | None, cluster: Cluster) -> bool:
    """Say whether the process is a PostgreSQL server of this very data folder.

    A server's working folder is its data folder. Where the system does not show working folders,
    the name of the program has to do.
    """
    if process is None:
        return False
    if Path("/proc/self/cwd").exists():
        try:
            return Path(f"/proc/{process}/cwd").samefile(cluster.data)
        except OSError:
            return False
    arguments = ["/bin/ps", "-o", "comm=", "-p", str(process)]
    result = subprocess.run(arguments, capture_output=True, text=True, check=False)
    return "postgres" in result.stdout


def last_line(text: str) -> str:
    """Return the last line that says something, as the end of a sentence."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return f"{(lines or ['no reason was given'])[-1].rstrip('.')}."
