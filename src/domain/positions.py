"""Positions: moments of a database's recorded history, opaque to clients."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LENGTH_MAX = 20_000
_LAST = 2**63 - 1
_TEXT = re.compile(
    r"(\d{1,20})/(\d{1,19}):(\d{1,19}):((?:\d{1,19},)*\d{1,19}|)/(-?\d{1,18})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a position says: which transactions of the cluster were seen, and when.

    `snapshot` is written as PostgreSQL writes one: `least:next:in progress`.
    """

    cluster: int
    snapshot: str
    when: datetime


def encode(cluster: int, snapshot: str, when: datetime) -> str:
    """The position at which the transactions of this snapshot of this cluster are seen.

    A position of another cluster (after a restore, say) is told by its first part. `when` is the
    database's clock as the position was taken.
    """
    text = f"{cluster}/{snapshot}/{(when - _EPOCH) // _MICROSECOND}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def with_own(snapshot: str, own: int) -> str:
    """The snapshot of a transaction, with what it has written itself."""
    least, after, running = snapshot.split(":")
    others = {int(one) for one in running.split(",") if one} | set(range(int(after), own))
    seen = ",".join(str(one) for one in sorted(others - {own}))
    return f"{least}:{max(int(after), own + 1)}:{seen}"


def decode(position: str) -> Place:
    """What `encode` made the position from.

    Raises:
        ValueError: it is none.
    """
    found = _TEXT.fullmatch(_opened(position))
    if found is None:
        raise ValueError("not of a position's form")
    cluster, least, after, running, micros = found.groups()
    numbers = [int(one) for one in running.split(",") if one]
    ordered = all(low < high for low, high in pairwise(numbers))
    inside = all(int(least) <= one < int(after) for one in numbers)
    if not (ordered and inside and 0 < int(least) <= int(after) <= _LAST):
        raise ValueError("not of a snapshot's order")
    return Place(int(cluster), f"{least}:{after}:{running}", _moment(int(micros)))


def _opened(position: str) -> str:
    if len(position) > _LENGTH_MAX:
        raise ValueError("not of a position's length")
    try:
        return urlsafe_b64decode(position.encode() + b"=" * (-len(position) % 4)).decode()
    except (Error, UnicodeError) as error:
        raise ValueError("not in base 64") from error


def _moment(micros: int) -> datetime:
    try:
        return _EPOCH + micros * _MICROSECOND
    except OverflowError as error:
        raise ValueError("no moment of the calendar") from error
