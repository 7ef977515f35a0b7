"""Gives reserved units back: somebody releases them, or the clock does."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.actor import SYSTEM, Author
from domain.quantities import ZERO, plain
from models import reservations as statements
from models.session import Database, Session
from services import tenants
from services.reservations import parts
from services.reservations.parts import Done
from services.reservations.reading import reservations as reader

_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePart:
    """Units of a line of a reservation, by its number; all that is open without a quantity."""

    number: int
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A wish to release a reservation, or some units of its lines."""

    reservation_id: str
    lines: Sequence[LinePart] = ()


async def release(session: Session, author: Author, wish: Release) -> Done:
    """Release a reservation or parts of it; what came of the quota goes back to it last.

    Raises:
        NotFound: there is no such reservation or line.
        ReservationEnded: all of it is consumed, released or expired.
        ReservationExceeded: less of a line is open than is to be released.
    """
    locked = await parts.lock(session, [wish.reservation_id], "reservationId")
    header = locked.headers[wish.reservation_id]
    parts.require_active(locked, header, "reservationId")
    named = [(line.number, line.quantity) for line in wish.lines]
    chosen = parts.wished(locked, header, named, "lines")
    await parts.resolve(session, chosen, "RELEASED")
    row = await parts.shown(session, header.id)
    await parts.tell(session, "reservation.released", row, author)
    total = sum((part.quantity for part in chosen), ZERO)
    return Done(row, f"Released {plain(total)} units.", locked.pairs)


async def sweep(database: Database) -> int:
    """Write down which reservations the clock has ended, for every tenant; how many there were.

    Reads are right without it. Any number of processes may do so at once.
    """
    ended = 0
    for tenant_id, _, _ in await tenants.listed(database):
        count = _BATCH
        while count == _BATCH:
            async with database.write(tenant_id) as session:
                count = await _sweep(session)
            ended += count
    return ended


async def _sweep(session: Session) -> int:
    due = [row.id for row in await session.all(statements.due(_BATCH))]
    if not due:
        return 0
    locked = await parts.lock(session, due, "id")
    over = [part for header in locked.headers.values() for part in locked.all_parts(header)]
    await parts.resolve(session, over, "EXPIRED")
    rows = await reader.by_ids(session, due)
    for id in due:
        await parts.tell(session, "reservation.expired", rows[id], SYSTEM)
    return len(due)
