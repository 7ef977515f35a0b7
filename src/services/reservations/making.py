"""Makes reservations: what a channel promises is checked and written under one lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import Invalid
from domain.json import dumps
from domain.promise_errors import InsufficientAtp
from domain.quantities import ZERO, plain
from models import reservations as statements
from models.session import Session
from services import atp, checks
from services.atp import Place, Terms
from services.channels import reading as channels
from services.reservations import firming, parts
from services.reservations.parts import Pair
from services.reservations.promising import Given, Promises
from services.stock import acting, buckets
from services.stock.buckets import Bucket


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWish:
    """Units of a product that an order wants from a location, for a day or at once."""

    product_id: str
    location_id: str
    quantity: Decimal
    needed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveWish:
    """A wish to reserve lines for an order, all of them or, if told, what can be promised.

    It ends after `ttl_seconds`, or those of the channel's policies; `firm` ones stand on buckets at
    once and do not end.
    """

    channel_id: str
    lines: Sequence[LineWish]
    reference: str | None = None
    ttl_seconds: int | None = None
    firm: bool = False
    allow_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOutcome:
    """What became of one line; `atp` is what the channel could promise before it.

    `earliest` is the first day for which what it lacks could be promised beside all the others.
    """

    index: int
    asked: Decimal
    reserved: Decimal
    shortfall: Decimal
    atp: Decimal
    earliest: date | None = None


@dataclass(frozen=True, slots=True)
class Reserved:
    """A reservation that was made, with what became of each line that was asked for."""

    reservation: Any
    lines: Sequence[LineOutcome]
    message: str
    touched: Sequence[Pair]


async def reserve(session: Session, author: Author, wish: ReserveWish) -> Reserved:
    """Reserve the lines for a channel; those of one product are summed before they are checked.

    The level rows of all places stay locked until the transaction ends, so that no two callers are
    ever promised the same unit.

    Raises:
        InsufficientAtp: the channel may promise less than a line asks for, or nothing at all;
            `details.earliest` is the first day for which what is missing could be promised.
        BeyondHorizon: a line is needed later than promises look.
        ChannelRetired: the channel promises no longer.
        TtlRefused: it would last longer than the channel's policies allow.
        NotFound, Invalid and its kinds: a line names what is not there, or breaks a rule.
    """
    found, asked = await _asked(session, wish)
    pairs = sorted({bucket.pair for bucket in found})
    await parts.lock_places(session, pairs)
    book = await atp.book(session, sorted({location for location, _ in pairs}))
    places = await atp.places(session, pairs, book)
    terms = [places[pair].terms(wish.channel_id) for pair in pairs]
    expires_at = await _end(session, wish, terms)
    outcomes, rows = await _promised(session, wish, found, asked, places)
    _check_shortfall(wish, found, outcomes)
    id = ids.new("resv_")
    await session.call(statements.MAKE, _header(id, author, wish, expires_at), dumps(rows).decode())
    if wish.firm:
        await firming.put_on_buckets(session, await parts.lock(session, [id], "id"), "lines")
    made = await parts.shown(session, id)
    await parts.tell(session, "reservation.made", made, author)
    return Reserved(made, outcomes, _message(outcomes), pairs)


async def _asked(session: Session, wish: ReserveWish) -> tuple[list[Bucket], list[Decimal]]:
    """The product and place of each line, and how much of it is wanted."""
    checks.texts({"reference": wish.reference}, "reference")
    if wish.firm and any(line.needed_on is not None for line in wish.lines):
        raise Invalid("firm", "What is needed on a later day is put on inventory items by then.")
    await channels.require_active(session, wish.channel_id, "channelId")
    found = await buckets.find(session, [_values(line) for line in wish.lines], makes_lots=False)
    asked = [
        acting.quantity(bucket.product, line.quantity, f"{bucket.field}quantity")
        for bucket, line in zip(found, wish.lines, strict=True)
    ]
    return found, asked


def _header(id: str, author: Author, wish: ReserveWish, expires_at: datetime) -> str:
    header = {
        "id": id,
        "channelId": wish.channel_id,
        "reference": wish.reference,
        "expiresAt": expires_at.isoformat(),  # to the last microsecond
        "actor": {"id": author.id, "name": author.name},
    }
    return dumps(header).decode()


def _values(line: LineWish) -> dict[str, Any]:
    return {"product_id": line.product_id, "location_id": line.location_id}


async def _end(session: Session, wish: ReserveWish, terms: Sequence[Terms]) -> datetime:
    """When it ends: each place may shorten it; what is needed later may last that much longer."""
    now = await session.scalar(statements.moment())
    most = min(one.reservation_ttl_max_seconds for one in terms)
    seconds = wish.ttl_seconds
    if seconds is None:
        seconds = min(most, *(one.reservation_ttl_seconds for one in terms))
    waits = await parts.seconds_until(session, [line.needed_on for line in wish.lines])
    return parts.end(now, seconds, most + waits)


async def _promised(
    session: Session,
    wish: ReserveWish,
    found: Sequence[Bucket],
    asked: Sequence[Decimal],
    places: Mapping[Pair, Place],
) -> tuple[list[LineOutcome], list[dict[str, Any]]]:
    """What each line gets after those before it, and the rows that keep it."""
    needed = [line.needed_on for line in wish.lines]
    promises = Promises(wish.channel_id, places)
    if any(needed):
        await promises.look_ahead(session)
    days = promises.days_until(needed)
    given = [
        promises.give(bucket.pair, quantity, day)
        for bucket, quantity, day in zip(found, asked, days, strict=True)
    ]
    short = [quantity - one.quantity for quantity, one in zip(asked, given, strict=True)]
    if any(short):
        await promises.look_ahead(session)
    outcomes, rows = [], []
    for index, bucket in enumerate(found):
        one, day, lacks = given[index], days[index], short[index]
        outcomes.append(
            LineOutcome(
                index=index,
                asked=asked[index],
                reserved=one.quantity,
                shortfall=lacks,
                atp=one.atp,
                earliest=promises.earliest(bucket.pair, lacks) if lacks else None,
            )
        )
        row = _row(index + 1, bucket, asked[index], one)
        rows.append(row | {"neededOn": promises.day(day).isoformat() if day else None})
    return outcomes, rows


def _row(number: int, bucket: Bucket, asked: Decimal, given: Given) -> dict[str, Any]:
    return {
        "id": ids.new("resl_"),
        "number": number,
        "product": bucket.product.id,
        "location": bucket.location_id,
        "asked": asked,
        "reserved": given.quantity,
        "fromQuota": given.from_quota,
        "atpBefore": given.atp,
    }


def _check_shortfall(
    wish: ReserveWish, found: Sequence[Bucket], outcomes: Sequence[LineOutcome]
) -> None:
    short = next((one for one in outcomes if one.shortfall), None)
    given = sum((one.reserved for one in outcomes), ZERO)
    if short is None or (wish.allow_partial and given > 0):
        return
    raise InsufficientAtp(
        f"{plain(short.asked)} are asked for and {wish.channel_id} may promise "
        f"{plain(short.reserved)}.",
        field=f"{found[short.index].field}quantity",
        details={
            "asked": plain(short.asked),
            "atp": plain(short.atp),
            "free": plain(short.reserved),
            "shortfall": plain(short.shortfall),
            "channelId": wish.channel_id,
            **({} if short.earliest is None else {"earliest": short.earliest.isoformat()}),
        },
    )


def _message(outcomes: Sequence[LineOutcome]) -> str:
    given = sum((one.reserved for one in outcomes), ZERO)
    short = sum((one.shortfall for one in outcomes), ZERO)
    message = f"Reserved {acting.signed(given).removeprefix('+')}"
    return f"{message}; {plain(short)} could not be promised" if short else message
