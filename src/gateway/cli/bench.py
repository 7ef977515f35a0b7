"""`./run bench`: ratios of one way of doing things to another, on this machine."""

import os
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

ROOT = Path(__file__).resolve().parents[3]


class What(StrEnum):
    """The benchmarks."""

    MATRIX = "matrix"
    POSTINGS = "postings"
    EXECUTION = "execution"
    MEMORY = "memory"
    REQUESTS = "requests"
    MOTION = "motion"
    PROMISE = "promise"


@app.command(
    epilog="Examples: [bold]./run bench matrix[/] needs some 5 minutes and 2 GB of disk, "
    "[bold]./run bench postings[/] 3 minutes, [bold]./run bench execution[/] 2, "
    "[bold]./run bench memory[/] 5, "
    "[bold]./run bench requests[/] 1, [bold]./run bench motion[/] 5 and "
    "[bold]./run bench promise[/] 2 after that of the matrix"
)
def bench(what: Annotated[What, typer.Argument(help="Which benchmark.")] = What.MATRIX) -> None:
    """Measure on a database of its own, and write bench/RESULTS.md; 1 when a goal is missed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "bench", what.value]
    raise typer.Exit(subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode)
