"""What acts on a reservation share: it is locked with the levels of its places, and looked at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import NotFound
from domain.json import dumps
from domain.promise_errors import ReservationEnded, ReservationExceeded, TtlRefused
from domain.quantities import ZERO, plain
from models import postings
from models import reservations as statements
from models.session import Session
from services import outbox
from services.reservations.reading import reservations as reader

Pair = tuple[str, str]  # location id, product id


@dataclass(frozen=True, slots=True)
class Done:
    """A reservation as an act has left it, and a sentence about that."""

    reservation: Any
    message: str
    touched: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class Part:
    """Units of a row that are to be resolved, with the bucket on which they stand if they do."""

    row: Any
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Locked:
    """Reservations that are locked, with their lines and what is open of them.

    `now` was read after the locks: what ended while they were waited for has ended.
    """

    headers: Mapping[str, Any]
    lines: Mapping[str, list[Any]]
    rows: Mapping[tuple[str, int], list[Any]]
    now: datetime

    @property
    def pairs(self) -> list[Pair]:
        """The places of all lines, in the order of locks."""
        return sorted({(one.location_id, one.product_id) for o in self.lines.values() for one in o})

    def is_over(self, header: Any) -> bool:
        """Whether the clock has ended it."""
        return header.expires_at is not None and header.expires_at <= self.now

    def open_of(self, line: Any) -> Decimal:
        """How many units of a line are open; what the clock has ended counts as open until then."""
        rows = self.rows.get((line.header_id, line.number), [])
        return sum((row.quantity for row in rows), ZERO)

    def parts(self, line: Any, quantity: Decimal) -> list[Part]:
        """Rows of a line that make up so many units, the oldest first."""
        found = []
        for row in self.rows.get((line.header_id, line.number), []):
            if (some := min(quantity, row.quantity)) > 0:
                found.append(Part(row, some))
                quantity -= some
        return found

    def all_parts(self, header: Any) -> list[Part]:
        """All that is open of a reservation."""
        lines = self.lines[header.id]
        return [part for line in lines for part in self.parts(line, self.open_of(line))]


async def lock(
    session: Session, ids: Sequence[str], field: str, also: Sequence[Pair] = ()
) -> Locked:
    """Lock reservations, then the levels of their places and of these others, and read them.

    Raises:
        NotFound: there is none with one of these ids; names the field.
    """
    headers = {row.id: row for row in await session.all(statements.locked(ids))}
    for id in ids:
        if id not in headers:
            raise NotFound("Reservation", field)
    lines: dict[str, list[Any]] = defaultdict(list)
    for line in await session.all(statements.lines_of(ids)):
        lines[line.header_id].append(line)
    own = ((line.location_id, line.product_id) for rows in lines.values() for line in rows)
    pairs = sorted({*own, *also})
    await lock_places(session, pairs)
    rows: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in await session.all(statements.open_parts(ids)):
        rows[row.header_id, row.line_number].append(row)
    return Locked(headers, lines, rows, await session.scalar(statements.moment()))


async def lock_places(session: Session, pairs: Sequence[Pair]) -> None:
    """Lock the levels of these places, in order; they are made where they are not."""
    locations, products = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    await session.one(postings.lock_levels(locations, products))


async def resolve(session: Session, parts: Sequence[Part], to: str) -> None:
    """Resolve units as CONSUMED, RELEASED or EXPIRED; their reservation and levels are locked."""
    if parts:
        shown = [{"id": part.row.id, "quantity": part.quantity} for part in parts]
        await session.call(statements.RESOLVE, dumps(shown).decode(), to)


def wished(
    locked: Locked, header: Any, wishes: Sequence[tuple[int, Decimal | None]], field: str
) -> list[Part]:
    """The parts of the lines that are named by number, all open ones when none is.

    Raises:
        NotFound: there is no such line; ReservationExceeded: less of it is open.
    """
    if not wishes:
        return locked.all_parts(header)
    by_number = {line.number: line for line in locked.lines[header.id]}
    asked: dict[int, Decimal] = defaultdict(Decimal)
    found = []
    for index, (number, quantity) in enumerate(wishes):
        line = by_number.get(number)
        if line is None:
            raise NotFound("Reservation line", f"{field}[{index}].number")
        left = locked.open_of(line) - asked[number]
        part = left if quantity is None else quantity
        if part > left:
            raise ReservationExceeded(
                f"{plain(left)} units of line {number} are open, and {plain(part)} are asked for.",
                field=f"{field}[{index}].quantity",
                details={"open": plain(left), "asked": plain(part)},
            )
        asked[number] += part
    for number, quantity in asked.items():
        found += locked.parts(by_number[number], quantity)
    return found


def end(now: datetime, seconds: int, most: int) -> datetime:
    """So many seconds from now.

    Raises:
        TtlRefused: they are none, or more than the channel's policies allow.
    """
    if not 0 < seconds <= most:
        raise TtlRefused("ttlSeconds", f"ttlSeconds must be from 1 to {most}.", max=most)
    return now + timedelta(seconds=seconds)


async def seconds_until(session: Session, needed: Sequence[date | None]) -> int:
    """For how many seconds the last of these days is still to be waited for; 0 without any."""
    days = [day for day in needed if day is not None]
    if not days:
        return 0
    return max(0, int(await session.scalar(statements.seconds_until_end(max(days)))))


def require_active(locked: Locked, header: Any, field: str) -> None:
    """Make sure that something of a reservation is open.

    Raises:
        ReservationEnded: all of it is consumed, released or expired.
    """
    state = "EXPIRED" if header.state == "ACTIVE" and locked.is_over(header) else header.state
    if state != "ACTIVE":
        raise ReservationEnded(
            f"The reservation is {state.lower()} already.",
            field=field,
            details={"reservationId": header.id, "state": state},
        )


async def shown(session: Session, id: str) -> Any:
    """The reservation as it stands now."""
    return (await reader.by_ids(session, [id]))[id]


async def tell(session: Session, topic: str, row: Any, author: Author) -> None:
    """Tell of a reservation as it stands after an act."""
    event = {
        "state": row.state,
        "kind": row.kind,
        "channelId": row.channel_id,
        "reference": row.reference,
        "expiresAt": row.expires_at,
        "lines": [
            {
                "number": line["number"],
                "productId": line["product_id"],
                "locationId": line["location_id"],
                "reserved": line["reserved"],
                "consumed": line["consumed"],
                "released": line["released"],
                "expired": line["expired"],
                "neededOn": line["needed_on"],
                "atpBefore": line["atp_before"],
            }
            for line in row.lines_
        ],
        "actor": {"id": author.id, "name": author.name},
    }
    await outbox.emit(session, topic, row.id, event)
