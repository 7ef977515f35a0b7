"""`./run bench WHAT` in a process of its own."""

import asyncio
import os
import sys
import time
from pathlib import Path

from rich.console import Console

from bench import (
    classes,
    data,
    execution,
    history,
    importing,
    ledger_data,
    memory,
    motion,
    past,
    posting_over_http,
    posting_speed,
    postings,
    promise,
    reads,
    requests,
    rest,
    results,
)
from bench.measure import Result
from gateway import embedded
from gateway.settings import load_settings

console = Console()


async def main(what: str, root: Path) -> int:
    begun = time.perf_counter()
    handle = embedded.start(root)
    try:
        found = await BENCHMARKS[what](handle, begun)
        results.show(found)
    finally:
        handle.close()
    return 1 if any(one.verdict == "MISSED" for one in found) else 0


async def _matrix(handle: embedded.Handle, begun: float) -> list[Result]:
    place = await data.ready(handle, console.print)
    parts = {
        "pages": reads,
        "pages of the past": past,
        "the REST page": rest,
        "classes": classes,
        "postings": postings,
        "imports": importing,
    }
    found = []
    for name, part in parts.items():
        console.print(f"Measuring {name} …")
        found += await part.run(place)
    await results.write("matrix", found, place, time.perf_counter() - begun)
    return found


async def _postings(handle: embedded.Handle, begun: float) -> list[Result]:
    parts = {
        "postings": posting_speed,
        "postings over HTTP": posting_over_http,
        "pages of history": history,
    }
    found = []
    async with ledger_data.book(handle) as place:
        for name, part in parts.items():
            console.print(f"Measuring {name} …")
            found += await part.run(place)
        await results.write("postings", found, place, time.perf_counter() - begun)
    return found


async def _execution(handle: embedded.Handle, begun: float) -> list[Result]:
    place = await data.ready(handle, console.print)
    found = await execution.run(place)
    await results.write("execution", found, place, time.perf_counter() - begun)
    return found


async def _requests(handle: embedded.Handle, begun: float) -> list[Result]:
    async with ledger_data.book(handle, "bench_requests") as place:
        found = await requests.run(place)
        await results.write("requests", found, place, time.perf_counter() - begun)
    return found


async def _motion(handle: embedded.Handle, begun: float) -> list[Result]:
    place = await motion.make(await data.ready(handle, console.print))
    found = await motion.run(place)
    await results.write("motion", found, place, time.perf_counter() - begun)
    return found


async def _promise(handle: embedded.Handle, begun: float) -> list[Result]:
    place = await data.ready(handle, console.print)
    async with ledger_data.book(handle, "bench_small_promise") as book:
        found = await promise.run(place, book)
    await results.write("promise", found, place, time.perf_counter() - begun)
    return found


async def _memory(handle: embedded.Handle, begun: float) -> list[Result]:
    async with memory.tenants_of(handle) as place:
        found = await memory.run(place)
        await results.write("memory", found, place, time.perf_counter() - begun)
    return found


BENCHMARKS = {
    "matrix": _matrix,
    "postings": _postings,
    "execution": _execution,
    "memory": _memory,
    "requests": _requests,
    "motion": _motion,
    "promise": _promise,
}

if __name__ == "__main__":
    folder = os.environ.get("STOCKGRAPH_BENCH_DIR")
    default = load_settings().data_dir.with_name("stockgraph-bench")
    sys.exit(asyncio.run(main(sys.argv[1], Path(folder) if folder else default)))
