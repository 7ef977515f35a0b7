"""Builds the explorer's pages from `ui/` with npm, when they are missing or their sources changed.

A build lies in `ui/dist/<hash of the sources>`, so that one is either there whole or not at all,
and its address changes with its content. Only one process builds at a time. Run as a program, this
module builds once and ends; it ends at once when another process is building already.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import structlog
import typer

from gateway import node
from gateway.problems import Problem

ADDRESS = "/graphql/explorer"  # under which builds are served, each with its hash
RETRY = "check the network and run `./run ui`."

_SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "src/*", "examples/*")
_STEP_SECONDS = 600
_CLOSED = "The server may not write to its folder ui: run `./run ui` as a user who may."

log = structlog.get_logger(__name__)

Report = Callable[[str], None]


class Builds:
    """The builds of the explorer in a checkout."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._ui = root / "ui"
        self._dist = self._ui / "dist"
        self.name = _hash(self._ui)
        self.folder = self._dist / self.name
        self._failed = self._dist / f"{self.name}.failed"

    def renewed(self) -> "Builds":
        """The builds of the sources as they are now: they may have changed under a server."""
        return Builds(self._root)

    def is_ready(self) -> bool:
        """Whether there is a build of the present sources."""
        return self.folder.is_dir()

    def failure(self) -> str | None:
        """Why the last try to build the present sources failed, if it did."""
        with contextlib.suppress(FileNotFoundError):
            return self._failed.read_text()
        return None if os.access(self._ui, os.W_OK) else _CLOSED

    def build(self, report: Report, *, wait: bool = True) -> None:
        """Build the present sources unless that is done.

        With `wait` false, leave it to the process that is building already, if there is one.

        Raises:
            Problem: it cannot be built; the sentence is kept for the page to show.
        """
        if not os.access(self._ui, os.W_OK):
            raise Problem(_CLOSED)
        self._dist.mkdir(exist_ok=True)
        with _lock(self._dist / ".lock", wait=wait) as is_ours:
            if is_ours and not self.is_ready():
                self._failed.unlink(missing_ok=True)
                try:
                    self._build(report)
                except Problem as problem:
                    self._failed.write_text(str(problem))
                    raise

    def _build(self, report: Report) -> None:
        found = node.find(self._root)
        self._install_packages(found, report)
        report("Bundling the explorer")
        partial = self._dist / f"{self.name}.{os.getpid()}.partial"
        address = f"{ADDRESS}/{self.name}"
        command = [str(found.node), "build.mjs", "--out", str(partial), "--base", address]
        try:
            self._run(found, "Bundling the explorer", command)
            partial.rename(self.folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        for other in self._dist.iterdir():
            if other.is_dir() and other != self.folder:
                shutil.rmtree(other, ignore_errors=True)

    def _install_packages(self, found: node.Node, report: Report) -> None:
        """`npm ci`, unless the packages of this very lock are there."""
        installed = self._ui / "node_modules" / ".stockgraph-lock"
        lock = hashlib.sha256((self._ui / "package-lock.json").read_bytes()).hexdigest()
        with contextlib.suppress(FileNotFoundError):
            if installed.read_text() == lock:
                return
        report("Installing the explorer's packages with npm")
        installed.unlink(missing_ok=True)
        self._run(found, "Installing the explorer's packages with npm", [*found.npm, "ci"])
        installed.write_text(lock)

    def _run(self, found: node.Node, step: str, command: list[str]) -> None:
        try:
            done = subprocess.run(
                command,
                cwd=self._ui,
                env=found.environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_STEP_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise node.StepFailed(step, f"it took over {_STEP_SECONDS} s", RETRY) from None
        if done.returncode != 0:
            raise node.StepFailed(step, done.stdout + done.stderr, RETRY)


def build(root: Path) -> None:
    """Build the explorer now, saying each step on stderr.

    Raises:
        Problem: it cannot be built.
    """
    builds = Builds(root)
    builds.build(lambda step: typer.echo(f"{step} …", err=True))
    typer.echo(f"The explorer is built: {builds.folder.relative_to(root)}", err=True)


@contextlib.asynccontextmanager
async def kept_built(root: Path) -> AsyncIterator[None]:
    """Build beside what runs inside, in a process of its own; that is ended when it is left."""
    if Builds(root).is_ready():
        yield
        return
    # A session of its own: npm starts further processes, and Ctrl-C must not reach them half-way.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "gateway.explorer_build", str(root),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


def _hash(ui: Path) -> str:
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(ui.glob(pattern)):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(ui)}:{len(content)}:".encode() + content)
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def _lock(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock file; false when another process has it and we do not wait."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def main() -> int:
    """Build in the background of a server: at low priority, with a line in the log at the end."""
    os.nice(10)
    builds = Builds(Path(sys.argv[1]))
    try:
        builds.build(lambda _step: None, wait=False)
    except Problem as problem:
        log.warning("explorer_not_built", reason=str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
