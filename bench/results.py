"""Prints results, and writes them with the machine's description."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import asyncpg
from rich.console import Console
from rich.table import Table

from bench.data import Data
from bench.measure import Result

FILE = Path(__file__).with_name("RESULTS.md")
HEAD = """# Results of `./run bench matrix`

20,000 products x 40 locations x 8 channels, 1.5 million buckets, 800,000 products at locations.
Each line compares two ways of doing the same on one machine: they alternate within each round, and
the ratio is the median of the rounds' ratios. Absolute times are the machine's, and no promise.

"""


def show(results: Sequence[Result]) -> None:
    """Print a table."""
    table = Table(box=None, pad_edge=False)
    for name in ("", "ratio", "rounds", "goal", ""):
        table.add_column(name, justify="left" if name == "" else "right", overflow="fold")
    for one in results:
        colour = {"kept": "green", "MISSED": "red"}.get(one.verdict, "dim")
        spread = _spread(one)
        table.add_row(
            one.name, _short(one.median), spread, one.target, f"[{colour}]{one.verdict}[/]"
        )
    Console().print(table)


async def write(results: Sequence[Result], data: Data, seconds: float) -> None:
    """Write bench/RESULTS.md."""
    lines = [HEAD, *await _machine(data, seconds), ""]
    lines += ["| | of | ratio | rounds | goal | |", "|---|---|---|---|---|---|"]
    for one in results:
        spread = _spread(one)
        cells = (one.name, one.cost, f"**{_short(one.median)}**", spread, one.target, one.verdict)
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "Medians of the rounds:", ""]
    lines += [f"- {one.name}: {'; '.join(one.notes)}" for one in results if one.notes]
    FILE.write_text("\n".join(lines) + "\n")


def _spread(one: Result) -> str:
    return f"{_short(min(one.ratios))} to {_short(max(one.ratios))}"


def _short(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"  # noqa: PLR2004 - two digits are enough from there


async def _machine(data: Data, seconds: float) -> list[str]:
    connection = await asyncpg.connect(data.owner_url)
    try:
        server = await connection.fetchval("show server_version")
        buffers = await connection.fetchval("show shared_buffers")
        day = await connection.fetchval("select current_date")
        size = await connection.fetchval("select pg_size_pretty(pg_database_size($1))", data.name)
    finally:
        await connection.close()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(
        f"{n} {version(n)}" for n in ("sqlalchemy", "asyncpg", "strawberry-graphql")
    )
    cores = f"{os.cpu_count()} cores, {memory:.0f} GB memory"
    return [
        f"- {cores}, {platform.system()} {platform.machine()}",
        f"- PostgreSQL {server}, shared_buffers {buffers}, a database of {size} in the page cache",
        f"- Python {platform.python_version()}, {packages}",
        f"- {day}, in {seconds:.0f} s",
    ]
