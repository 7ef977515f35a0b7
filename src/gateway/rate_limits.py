"""How many requests a key may make: two fixed windows, the clock's minute and the clock's hour.

The counts lie in memory that the worker processes of one server share, so that the documented
numbers hold however many workers there are. Servers on several machines count for themselves. A
request that is refused is not counted.
"""

import contextlib
import fcntl
import hashlib
import math
import mmap
import os
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

KEYS_MAX = 4096  # keys that are counted at a time; more share the places of those used least

_MINUTE, _HOUR = 60, 3600
_PLACE = struct.Struct("<16sIIII")  # key, minute, count, hour, count
_TRIES = 16  # places in which a key may stand

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a key stands in its tighter window: the one with less left, the hour when equal."""

    limit: int
    remaining: int
    resets_at: int  # seconds since 1970

    @property
    def headers(self) -> dict[str, str]:
        """The documented headers."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.resets_at),
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass; `retry_after_seconds` is 0 when it may."""

    standing: Standing | None
    retry_after_seconds: int = 0


class RateLimits:
    """The counts of one server; with a file they are shared by all processes that name it."""

    def __init__(self, shared: Path | None = None, clock: Clock = time.time) -> None:
        self._clock = clock
        self._file: int | None = None
        size = KEYS_MAX * _PLACE.size
        if shared is None:
            self._memory = mmap.mmap(-1, size)
            return
        self._file = os.open(shared, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        os.ftruncate(self._file, size)
        self._memory = mmap.mmap(self._file, size)

    def take(self, key: str, per_minute: int | None, per_hour: int | None) -> Verdict:
        """Count one request of this key, unless that is too many; None is no limit."""
        if per_minute is None and per_hour is None:
            return Verdict(None)
        now = self._clock()
        minute, hour = int(now // _MINUTE), int(now // _HOUR)
        with self._locked():
            place, minutes, hours = self._find(_digest(key), minute, hour)
            windows = [
                (limit, used, ends)
                for limit, used, ends in (
                    (per_minute, minutes, (minute + 1) * _MINUTE),
                    (per_hour, hours, (hour + 1) * _HOUR),
                )
                if limit is not None
            ]
            full = [ends for limit, used, ends in windows if used >= limit]
            taken = 0 if full else 1
            _PLACE.pack_into(
                self._memory, place, _digest(key), minute, minutes + taken, hour, hours + taken
            )
        standings = [Standing(limit, max(0, limit - used - taken), e) for limit, used, e in windows]
        tighter = min(standings, key=lambda one: (one.remaining, -one.resets_at))
        wait = max(1, math.ceil(max(full) - now)) if full else 0
        return Verdict(tighter, wait)

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()
        if self._file is not None:
            os.close(self._file)

    def _find(self, key: bytes, minute: int, hour: int) -> tuple[int, int, int]:
        """The key's place, and its counts in the present windows."""
        first = int.from_bytes(key[:4], "little")
        least: tuple[int, int] | None = None
        for step in range(_TRIES):
            place = (first + step) % KEYS_MAX * _PLACE.size
            owner, its_minute, minutes, its_hour, hours = _PLACE.unpack_from(self._memory, place)
            if owner == key:
                return (
                    place,
                    minutes if its_minute == minute else 0,
                    hours if its_hour == hour else 0,
                )
            use = hours if its_hour == hour else -1
            if least is None or use < least[0]:
                least = (use, place)
        assert least is not None, "there is at least one try"
        return least[1], 0, 0

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        if self._file is None:
            yield
            return
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=16).digest()
