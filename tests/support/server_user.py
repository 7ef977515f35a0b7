"""Processes that use one folder's built-in PostgreSQL, to be killed and watched by tests.

Run as a script it is such a process: it prints the server's address, or the problem, and stays
until its standard input ends.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gateway import embedded
from gateway.problems import Problem

SOURCES = Path(__file__).resolve().parents[2] / "src"


class ServerUser:
    """A process of its own that starts or joins the server of a folder."""

    def __init__(
        self,
        root: Path,
        *,
        python: str = sys.executable,
        env: dict[str, str] | None = None,
        **how: Any,
    ) -> None:
        self._process = subprocess.Popen(
            [python, __file__, str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**(os.environ if env is None else env), "PYTHONPATH": _path()},
            cwd="/",
            start_new_session=True,
            **how,
        )

    def answer(self) -> str:
        """Return what it says when it is through with starting: an address or a problem."""
        assert self._process.stdout
        return str(self._process.stdout.readline()).strip()

    def leave(self) -> None:
        """Let it close its handle and end."""
        self._process.communicate(timeout=30)

    def kill(self) -> None:
        """Kill it, without a chance to close anything."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate(timeout=30)


def _path() -> str:
    installed = [folder for folder in sys.path if folder.endswith("site-packages")]
    return os.pathsep.join([str(SOURCES), *installed])


def postmaster(root: Path) -> int:
    """Return the process id of the server that runs in the folder."""
    return int((root / "data" / "postmaster.pid").read_text().splitlines()[0])


def postgres_processes(root: Path) -> list[int]:
    """Return the ids of all processes of the folder's server: they work in its data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == root / "data":
                found.append(int(process.name))
    return sorted(found)


@contextlib.contextmanager
def users(root: Path, count: int) -> Iterator[list[ServerUser]]:
    """Give several processes that use the folder's server; ends those that are left."""
    started = [ServerUser(root) for _ in range(count)]
    try:
        yield started
    finally:
        for user in started:
            user.kill()


def _use(root: Path) -> None:
    try:
        handle = embedded.start(root)
    except Problem as problem:
        _say(str(problem))
        return
    _say(handle.app_url)
    sys.stdin.read()
    handle.close()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _use(Path(sys.argv[1]))
