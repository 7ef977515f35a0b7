"""`./run bench matrix` in a process of its own."""

import asyncio
import os
import sys
import time
from pathlib import Path

from rich.console import Console

from bench import data, importing, postings, reads, rest, results
from gateway import embedded
from gateway.settings import load_settings

console = Console()


async def main(root: Path) -> int:
    begun = time.perf_counter()
    handle = embedded.start(root)
    try:
        place = await data.ready(handle, console.print)
        found = []
        for name, part in (
            ("pages", reads.run),
            ("the REST page", rest.run),
            ("postings", postings.run),
            ("imports", importing.run),
        ):
            console.print(f"Measuring {name} …")
            found += await part(place)
        results.show(found)
        await results.write(found, place, time.perf_counter() - begun)
    finally:
        handle.close()
    return 1 if any(one.verdict == "MISSED" for one in found) else 0


if __name__ == "__main__":
    folder = os.environ.get("STOCKGRAPH_BENCH_DIR")
    default = load_settings().data_dir.with_name("stockgraph-bench")
    sys.exit(asyncio.run(main(Path(folder) if folder else default)))
