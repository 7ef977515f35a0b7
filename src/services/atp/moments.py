"""The moment to which all numbers of one read belong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import positions
from models import availability
from models.session import Session


@dataclass(frozen=True, slots=True)
class Moment:
    """When a snapshot was taken, by the database's clock, and its position."""

    now: datetime
    position: str

    @property
    def place(self) -> positions.Place:
        """What the position says."""
        return positions.decode(self.position)


async def moments(session: Session, keys: Sequence[object]) -> Mapping[object, Moment]:
    """The moment of the session's snapshot, for each key the same."""
    return dict.fromkeys(keys, await moment(session))


async def moment(session: Session) -> Moment:
    """The moment of the session's snapshot."""
    row = await session.one(availability.moment())
    return Moment(row.now, positions.encode(row.cluster, row.snapshot, row.known_when))


async def sees(session: Session, snapshot: str) -> bool:
    """Whether the session sees every transaction that was seen in this snapshot."""
    return bool(await session.scalar(availability.sees(snapshot)))


async def moment_of_write(session: Session) -> Moment:
    """The moment of a writing session; its position is the first that sees what was written.

    Where the last statement has told it, it is not asked again.
    """
    row = session.moment or await session.one(availability.moment_of_write())
    snapshot = positions.with_own(row.snapshot, row.own)
    return Moment(row.now, positions.encode(row.cluster, snapshot, row.known_when))
