"""Prints results, and writes them with the machine's description."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import asyncpg
from rich.console import Console
from rich.table import Table

from bench.measure import Result


class Place(Protocol):
    """A database that was measured."""

    @property
    def owner_url(self) -> str: ...


FILE = Path(__file__).with_name("RESULTS.md")
BEGIN = "# Results of `./run bench "
HEADS = {
    "matrix": """
20,000 products x 40 locations x 8 channels, 1.5 million buckets, 800,000 products at locations.
Each line compares two ways of doing the same on one machine: they alternate within each round, and
the ratio is the median of the rounds' ratios. Absolute times are the machine's, and no promise.

""",
    "execution": """
The time of the process for whole answers, JSON included, without a network. Both engines run one
schema of Strawberry, whose resolver gives objects that are there; their answers are equal. The page
is that of `./run bench matrix`, asked for by REST and by the GraphQL operation behind it.

""",
    "memory": """
200 tenants with 1,000 products at a location and eight channels each. A process of its own serves
two pages of 200 products to each of so many tenants, and keeps reference data and what it has
written of it up to the bound. What is measured is the memory that is resident then, less that of a
process that has served one tenant and may keep 1 MB. Other work on the machine does not change it.

""",
    "postings": """
2,000 buckets of 100 products at 20 locations; a posting has one line. Spread goes over all
buckets, hot is one bucket for all connections. The ways alternate within each round, and the ratio
is the median of the rounds' ratios. After the last round the ledger is counted over again: entries,
documents and events are as many as postings were acknowledged, and every bucket and kept sum is the
sum of its entries. Absolute numbers are the machine's, and no promise.

""",
    "requests": """
200,000 stock requests of two lines each. Pages of 50 by cursor, the newest first, with what their
lines sum to. The ways alternate within each round, and the ratio is the median of the rounds'
ratios.

""",
    "motion": """
The data of `./run bench matrix` with a setting for each of its 800,000 products at locations, by
all methods, and a receipt and five issues within three months for one in five: 960,000 entries.
Reading is one statement; suggestions are a page of 500 with the sums of the whole list. Writing is
the use case in one transaction that is not kept, and takes the same statements for many lines as
for few.

""",
    "promise": """
Reading is of the data of `./run bench matrix`, whole answers of GraphQL in this process: with
nothing kept from one answer to the next, and as a server keeps reference data and rows. Reserving
is of 2,000 places with quotas and eight channels of all modes; a posting has one line and is that
of `./run bench postings`, run in the same rounds. All are in one process on the machine's cores.

""",
}


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


async def write(what: str, results: Sequence[Result], place: Place, seconds: float) -> None:
    """Write this benchmark's section of bench/RESULTS.md; the others stay as they are."""
    lines = [f"{BEGIN}{what}`", HEADS[what], *await _machine(place, seconds), ""]
    lines += ["| | of | ratio | rounds | goal | |", "|---|---|---|---|---|---|"]
    for one in results:
        spread = _spread(one)
        cells = (one.name, one.cost, f"**{_short(one.median)}**", spread, one.target, one.verdict)
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "Medians of the rounds:", ""]
    lines += [f"- {one.name}: {'; '.join(one.notes)}" for one in results if one.notes]
    sections = _sections() | {what: "\n".join(lines) + "\n"}
    FILE.write_text("\n".join(sections[name] for name in HEADS if name in sections))


def _sections() -> dict[str, str]:
    """What stands in the file, by the name of the benchmark."""
    parts = FILE.read_text().split(BEGIN)[1:] if FILE.exists() else []
    return {part.partition("`")[0]: f"{BEGIN}{part.rstrip()}\n" for part in parts}


def _spread(one: Result) -> str:
    return f"{_short(min(one.ratios))} to {_short(max(one.ratios))}"


def _short(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"  # noqa: PLR2004 - two digits are enough from there


async def _machine(place: Place, seconds: float) -> list[str]:
    connection = await asyncpg.connect(place.owner_url)
    try:
        server = await connection.fetchval("show server_version")
        buffers = await connection.fetchval("show shared_buffers")
        day = await connection.fetchval("select current_date")
        size = await connection.fetchval(
            "select pg_size_pretty(pg_database_size(current_database()))"
        )
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
        f"- {day}, in {seconds:.0f} s; load average {os.getloadavg()[0]:.1f} at the end",
    ]
