"""Alternating rounds, and the median of the ratios of each round."""

import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gateway.cli import GARBAGE_THRESHOLD

ROUNDS = 7
Act = Callable[[], Awaitable[object]]
Cost = Callable[[], float]  # seconds so far, of whatever is counted


@dataclass(frozen=True, kw_only=True)
class Result:
    """One comparison: `ratios` of its rounds against its goal, if it has one."""

    name: str
    ratios: Sequence[float]
    goal: float | None = None
    at_most: bool = True
    cost: str  # what the ratio is of: "database CPU", "time", "rows a second" …
    notes: Sequence[str] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.ratios)

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return "no goal"
        kept = self.median <= self.goal if self.at_most else self.median >= self.goal
        return "kept" if kept else "MISSED"

    @property
    def target(self) -> str:
        return "" if self.goal is None else f"{'≤' if self.at_most else '≥'} {self.goal:g}"


def backend_cpu(pid: int) -> Cost:
    """CPU seconds of one PostgreSQL process: steadier than wall time on a shared machine."""
    schedstat = Path(f"/proc/{pid}/schedstat")
    if not schedstat.exists():  # no Linux: the wall clock has to do
        return time.perf_counter
    return lambda: int(schedstat.read_text().split()[0]) / 1e9


async def rounds(
    variants: Mapping[str, Act], cost: Cost, *, calls: int, count: int = ROUNDS
) -> dict[str, list[float]]:
    """Mean seconds a call of each variant in each round; within a round they alternate."""
    for act in variants.values():
        for _ in range(8):  # prepared statements get their final plan after some calls
            await act()
    gc.collect()
    gc.freeze()  # as the server does, which looks for garbage as seldom
    gc.set_threshold(GARBAGE_THRESHOLD)
    spent: dict[str, list[float]] = {name: [] for name in variants}
    names = list(variants)
    for number in range(count):
        total = dict.fromkeys(names, 0.0)
        for _ in range(calls):
            for name in names if number % 2 else reversed(names):
                before = cost()
                await variants[name]()
                total[name] += cost() - before
        for name in names:
            spent[name].append(total[name] / calls)
    return spent


def ratios(spent: Mapping[str, Sequence[float]], ours: str, other: str) -> list[float]:
    """The ratio of each round."""
    return [a / b for a, b in zip(spent[ours], spent[other], strict=True)]


def milliseconds(spent: Mapping[str, Sequence[float]]) -> str:
    """The medians, for a note."""
    return ", ".join(
        f"{name} {statistics.median(seconds) * 1000:.2f} ms" for name, seconds in spent.items()
    )
