"""What channels may promise, as docs/promise.md says it: a step at a time, slowly."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor


@dataclass(frozen=True, kw_only=True)
class Channel:
    """What holds for a channel at the place; `rank` is its order, `level` its tier."""

    id: str
    mode: str
    rank: int
    level: int
    promised: int = 0
    left: int = 0  # of its quota
    share: Fraction = Fraction(0)
    cap: int | None = None
    spills: bool = False
    kept: int = 0  # minimum, safety and reserve stock, and the buffer
    backorder: int = 0
    threshold: int = 10
    weight: Fraction | None = None
    preempts: bool = False
    minimum: int | None = None
    fraction: Fraction | None = None
    short_lived: int = 0  # units that are not good for long enough for it


def dealt(pool: int, parts: dict[str, Fraction]) -> dict[str, int]:
    """Whole units of a pool: everybody his floor, then one each to the largest fractions."""
    given = {id: floor(pool * part) for id, part in parts.items()}
    while sum(given.values()) < floor(sum((pool * part for part in parts.values()), Fraction(0))):
        behind = {id: pool * part - given[id] for id, part in parts.items()}
        most = max(behind.values())
        given[min(id for id in behind if behind[id] == most)] += 1
    return given


def paid(available: int, channels: list[Channel]) -> dict[str, int]:
    """What is there behind each fence: unit by unit to whoever is first and has quota left."""
    given = dict.fromkeys((one.id for one in channels), 0)
    for _ in range(max(0, available)):
        for one in sorted(channels, key=lambda c: c.rank):
            if given[one.id] < one.left:
                given[one.id] += 1
                break
    return given


def promises(
    usable: int, reserved: int, channels: list[Channel]
) -> dict[str, tuple[int, int, str]]:
    """For each channel its ATP, what it may be asked for at once, and how scarce that is."""
    available = usable - reserved
    free = available - sum(one.left for one in channels)
    behind = paid(available, channels)
    sharing = [one for one in channels if one.mode == "SHARE"]
    pool = max(0, free) + sum(one.promised for one in sharing)
    parts = dealt(pool, {one.id: one.share for one in sharing})
    scarce = dealt(max(0, free), {one.id: one.weight for one in channels if one.weight})
    found = {}
    for one in channels:
        after = [other for other in channels if one.preempts and other.level > one.level]
        if one.mode == "SHARE":
            base = min(max(0, parts[one.id] - one.promised), max(0, free))
            base += sum(behind[other.id] for other in after)
        elif one.mode == "FENCED":
            base = behind[one.id] + sum(behind[other.id] for other in after)
            base += max(0, free) if one.spills else 0
        else:
            base = free + sum(other.left for other in after)
            if one.weight and 0 < free <= one.threshold:
                base = min(base, scarce[one.id])
            if one.mode == "CAP" and one.cap is not None:
                base = min(base, one.cap - one.promised)
        if one.short_lived:
            base = min(base, available - one.short_lived)
        if one.fraction is not None:
            base = min(base, floor(usable * one.fraction) - one.promised)
        atp = max(base - one.kept, -one.backorder)
        least = one.minimum is not None and atp < one.minimum
        severity = "CRITICAL" if atp <= 0 else "LOW" if atp <= one.threshold else "OK"
        found[one.id] = (atp, 0 if least else max(0, atp + one.backorder), severity)
    return found
