"""The program's commands, run as processes of their own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "src"
TIME_LIMIT_SECONDS = 120


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


def environment(**variables: str) -> dict[str, str]:
    """Return an environment without settings but the given ones."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("STOCKGRAPH_", "DATABASE_", "PG"))
    }
    # A folder that nobody uses: a command that forgets its setting must not touch a real one.
    return {
        **kept,
        "PYTHONPATH": str(SOURCES),
        "STOCKGRAPH_DATA_DIR": "/nonexistent/stockgraph",
        **variables,
    }


def command(*arguments: str) -> list[str]:
    """Return the command line that `./run` goes on as."""
    return [sys.executable, "-P", "-m", "gateway", *arguments]


def run(*arguments: str, stdin: str = "", **variables: str) -> Done:
    """Run a command to its end with these settings and no others."""
    result = subprocess.run(
        command(*arguments),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env=environment(**variables),
        timeout=TIME_LIMIT_SECONDS,
    )
    return Done(result.returncode, result.stdout, result.stderr)
