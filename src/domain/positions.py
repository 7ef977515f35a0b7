"""Positions: moments of a database's recorded history, opaque to clients."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NUMBER_BYTES = 8
_LENGTH = 32  # of three numbers in base 64


@dataclass(frozen=True, slots=True)
class Place:
    """What a position says: every transaction below this one of the cluster was seen, at `when`."""

    cluster: int
    transaction: int
    when: datetime


def encode(cluster: int, transaction: int, when: datetime) -> str:
    """The position up to which every transaction of this database cluster is seen.

    A position of another cluster (after a restore, say) is told by its first part. `when` is the
    database's clock as the position was taken.
    """
    numbers = (cluster, transaction, (when - _EPOCH) // _MICROSECOND)
    raw = b"".join(number.to_bytes(_NUMBER_BYTES, "big") for number in numbers)
    return urlsafe_b64encode(raw).decode()


def decode(position: str) -> Place:
    """What `encode` made the position from.

    Raises:
        ValueError: it is none.
    """
    try:
        raw = urlsafe_b64decode(position.encode())
    except (Error, UnicodeError) as error:
        raise ValueError("not in base 64") from error
    if len(position) != _LENGTH or len(raw) != 3 * _NUMBER_BYTES:
        raise ValueError("not of a position's length")
    cluster, transaction, micros = (
        int.from_bytes(raw[at : at + _NUMBER_BYTES], "big")
        for at in range(0, len(raw), _NUMBER_BYTES)
    )
    return Place(cluster, transaction, _moment(micros))


def _moment(micros: int) -> datetime:
    try:
        return _EPOCH + micros * _MICROSECOND
    except OverflowError as error:
        raise ValueError("no moment of the calendar") from error
