"""An import of stock against COPY of the same file, and how much memory it takes."""

import asyncio
import csv
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncpg

from bench.data import Data
from bench.measure import Result
from models import migrate

PRODUCTS, LOCATIONS = 2_500, 40
ROWS = PRODUCTS * LOCATIONS
ROUNDS = 5
WHY = (
    "COPY fills a table without keys; an imported row is staged, checked, resolved, an entry, "
    "a bucket with its indexes, and part of a kept sum"
)
MADE = ("inventory_items", "ledger_entries", "stock_levels")
COLUMNS = ("sku", "locationCode", "binCode", "quantity")


async def run(data: Data) -> list[Result]:
    """Import 100,000 rows of stock into an empty tenant, round by round."""
    name = f"{data.name}_import"
    data.handle.drop_database(name)
    owner_url, app_url = data.handle.create_database(name)
    await asyncio.to_thread(migrate.upgrade, owner_url)
    owner = await asyncpg.connect(owner_url)
    try:
        return await _compare(owner, app_url)
    finally:
        await owner.close()
        data.handle.drop_database(name)


async def _compare(owner: asyncpg.Connection, app_url: str) -> list[Result]:
    copied: list[float] = []
    kept: list[float] = []
    imported: list[float] = []
    memory = 0.0
    columns = ", ".join(f'"{name}" text' for name in COLUMNS)
    await owner.execute(f"create table bench_copy ({columns})")
    with tempfile.TemporaryDirectory(prefix="stockgraph-bench-") as place:
        folder = Path(place)
        _write(folder)
        for number in range(ROUNDS):
            copied.append(await _copy(owner, folder / "stock.csv"))
            told = await asyncio.to_thread(_import, folder, app_url, f"round-{number}")
            imported.append(told["seconds"])
            memory = max(memory, told["megabytes"])
            kept.append(await _copy_made(owner, folder, number))
    speed = f"{ROWS / min(imported):,.0f} rows a second, checked, in the ledger and in balances"
    bare = Result(
        name="Import : COPY of the file's rows into a table without keys",
        ratios=[c / i for c, i in zip(copied, imported, strict=True)],
        goal=None,
        cost="rows a second",
        notes=[
            f"{ROWS:,} rows: copied in {min(copied):.2f} s, imported in {min(imported):.2f} s",
            speed,
            WHY,
            f"peak memory of the importing process: {memory:.0f} MB",
        ],
    )
    indexed = Result(
        name="Import : bare COPY of the same rows into the same tables",
        ratios=[k / i for k, i in zip(kept, imported, strict=True)],
        goal=0.1,
        at_most=False,
        cost="rows a second",
        notes=[f"buckets, ledger entries and levels copied in {min(kept):.2f} s"],
    )
    return [bare, indexed]


def _write(folder: Path) -> None:
    products = [f"SKU-{n:05d}" for n in range(PRODUCTS)]
    locations = [f"L-{n:02d}" for n in range(LOCATIONS)]
    files = {
        "products": (("sku", "name"), [(sku, f"Product {sku}") for sku in products]),
        "locations": (
            ("code", "name", "type"),
            [(code, f"Location {code}", "DC_STORAGE") for code in locations],
        ),
        "bins": (("locationCode", "code"), [(code, "A-1") for code in locations]),
        "stock": (
            COLUMNS,
            [
                (sku, code, "A-1", (index * 7919) % 997 + 1)
                for index, (sku, code) in enumerate(
                    (sku, code) for sku in products for code in locations
                )
            ],
        ),
    }
    for name, (header, rows) in files.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)


async def _copy(owner: asyncpg.Connection, path: Path) -> float:
    await owner.execute("truncate bench_copy")
    begun = time.perf_counter()
    await owner.copy_to_table("bench_copy", source=path, format="csv", header=True)
    return time.perf_counter() - begun


async def _copy_made(owner: asyncpg.Connection, folder: Path, number: int) -> float:
    """COPY what the first import has made into tables of the same keys, checks and indexes."""
    spent = 0.0
    for table in MADE:
        rows, target = folder / table, f"bench_{table}"
        if number == 0:
            await owner.copy_from_table(table, output=rows, format="binary")
            await owner.execute(f"create table {target} (like {table} including all)")
        await owner.execute(f"truncate {target}")
        begun = time.perf_counter()
        await owner.copy_to_table(target, source=rows, format="binary")
        spent += time.perf_counter() - begun
    return spent


def _import(folder: Path, url: str, tenant: str) -> dict[str, float]:
    """In a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.import_once", str(folder), url, tenant]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told: dict[str, float] = json.loads(answer.splitlines()[-1])
    return told
