"""Reservations that last longer, or that are put on buckets."""

from dataclasses import dataclass
from typing import Any

from domain.actor import Author
from domain.errors import Invalid
from models import reservations as statements
from models.session import Session
from services import atp
from services.channels import reading as channels
from services.reservations import firming, parts
from services.reservations.parts import Done, Locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A wish that a soft reservation last so many seconds from now."""

    reservation_id: str
    ttl_seconds: int


async def extend(session: Session, author: Author, wish: Extension) -> Done:
    """Have a soft reservation end later or sooner, counted from now.

    Raises:
        NotFound: there is none.
        ReservationEnded: it is consumed, released or expired.
        ChannelRetired: its channel promises no longer.
        Invalid: it is firm and has no end.
        TtlRefused: it would last longer than the channel's policies allow.
    """
    locked, header = await _soft(session, wish.reservation_id)
    await channels.require_active(session, header.channel_id, "reservationId")
    book = await atp.book(session, sorted({location for location, _ in locked.pairs}))
    places = await atp.by_pairs(session, locked.pairs, book)
    most = min(
        place.terms(header.channel_id).reservation_ttl_max_seconds for place in places.values()
    )
    lines = locked.lines[header.id]
    waits = await parts.seconds_until(session, [line.needed_on for line in lines])
    expires_at = parts.end(locked.now, wish.ttl_seconds, most + waits)
    await session.call(statements.EXTEND, header.id, expires_at)
    row = await parts.shown(session, header.id)
    await parts.tell(session, "reservation.extended", row, author)
    return Done(row, "Extended the reservation.", locked.pairs)


async def firm_up(session: Session, author: Author, reservation_id: str) -> Done:
    """Put a soft reservation on buckets, what expires first; no clock ends it from then on.

    What can be promised stays as it is.

    Raises:
        NotFound: there is none.
        ReservationEnded: it is consumed, released or expired.
        Invalid: it is firm already.
        InsufficientStock: its units are not there: sold on backorder, or lost meanwhile.
    """
    locked, header = await _soft(session, reservation_id)
    await firming.put_on_buckets(session, locked, "reservationId")
    row = await parts.shown(session, header.id)
    await parts.tell(session, "reservation.firmed", row, author)
    return Done(row, "Put the reservation on inventory items.", locked.pairs)


async def _soft(session: Session, id: str) -> tuple[Locked, Any]:
    locked = await parts.lock(session, [id], "reservationId")
    header = locked.headers[id]
    parts.require_active(locked, header, "reservationId")
    if header.kind == "HARD":
        raise Invalid("reservationId", "The reservation is firm: it has no end.")
    return locked, header
