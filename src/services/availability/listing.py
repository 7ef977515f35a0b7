"""What is available bucket by bucket, and as one sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.errors import LimitExceeded, NotFound
from domain.quantities import ZERO
from models import stock_lines
from models.session import Session
from services import atp
from services.atp import Numbers

LINES_MAX = 10_000
_HELD_BINS = ("HOLD", "QUARANTINE", "DAMAGE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Included:
    """What is to count as available although it is not: expired, recalled, otherwise held."""

    expired: bool = False
    recalled: bool = False
    on_hold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which buckets are meant: all that is given must be true of them."""

    location_id: str | None = None
    product_id: str | None = None
    lot_id: str | None = None
    bin_id: str | None = None
    included: Included = Included()

    @property
    def filters(self) -> dict[str, str]:
        """What is given, by column."""
        columns = ("location_id", "product_id", "lot_id", "bin_id")
        return {name: value for name in columns if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Base units; on hand less on hold, recalled, expired and picked is available."""

    on_hand: Decimal = ZERO
    available: Decimal = ZERO
    on_hold: Decimal = ZERO
    picked: Decimal = ZERO
    recalled: Decimal = ZERO
    expired: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One bucket, with what of it is available."""

    id: str
    product_id: str
    location_id: str
    lot_id: str | None
    lot_number: str | None
    expiry_date: date | None
    bin_id: str | None
    bin_code: str | None
    bin_type: str | None
    sums: Sums
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many buckets there are, with their sums."""

    count: int
    sums: Sums


async def lines(session: Session, wish: Wish) -> list[Line]:
    """The buckets that are meant, in the order of location, expiry date and bin.

    Raises:
        LimitExceeded: they are more than 10,000.
    """
    rows = await session.all(stock_lines.lines(wish.filters, LINES_MAX + 1))
    if len(rows) > LINES_MAX:
        message = f"More than {LINES_MAX:,} lines: name a location, a product, a lot or a bin."
        raise LimitExceeded("filter", message, max=LINES_MAX)
    return [line_of(row, wish.included) for row in rows]


async def totals(session: Session, wishes: Sequence[Wish]) -> Mapping[Wish, Totals]:
    """For each wish the sums of the buckets that are meant, however many they are."""
    found = {}
    for wish in wishes:
        row = await session.one(stock_lines.sums(wish.filters))
        found[wish] = Totals(count=row.lines, sums=_sums(row, wish.included, ZERO))
    return found


async def line(session: Session, id: str) -> Line | None:
    """One bucket by its id; None where there is none."""
    rows = await session.all(stock_lines.lines({"id": id}, 1))
    return line_of(rows[0], Included()) if rows else None


def line_of(row: Any, included: Included, drift: Decimal = ZERO) -> Line:
    """The line of a row of `stock_lines`, with so much less on hand."""
    sums = _sums(row, included, drift)
    return Line(
        id=row.id,
        product_id=row.product_id,
        location_id=row.location_id,
        lot_id=row.lot_id,
        lot_number=row.lot_number,
        expiry_date=row.expiry_date,
        bin_id=row.bin_id,
        bin_code=row.bin_code,
        bin_type=row.bin_type,
        sums=sums,
        status=_status(sums, row.bin_type),
    )


def _sums(row: Any, included: Included, drift: Decimal) -> Sums:
    on_hand = row.on_hand - drift
    numbers = Numbers(on_hand, row.expired, row.held, row.reserved)
    on_hold = row.held - row.recalled
    back = (
        (row.expired if included.expired else ZERO)
        + (row.recalled if included.recalled else ZERO)
        + (on_hold if included.on_hold else ZERO)
    )
    return Sums(
        on_hand=on_hand,
        available=numbers.available + back,
        on_hold=on_hold,
        picked=row.reserved,
        recalled=row.recalled,
        expired=row.expired,
    )


def _status(sums: Sums, bin_type: str | None) -> str:
    """The first that is true of any unit of the bucket, or of its empty bin."""
    if sums.recalled > 0:
        return "RECALLED"
    if sums.on_hold > 0 or bin_type in _HELD_BINS:
        return "ON_HOLD"
    return "EXPIRED" if sums.expired > 0 else "AVAILABLE"


async def promise(session: Session, wish: Wish, channel_id: str | None) -> Decimal | None:
    """What the channel may promise of the product at the location; 0 where nothing is stocked.

    None without a channel, and where the question is not about one product at one location.

    Raises:
        NotFound: there is no such channel among the active ones.
    """
    if channel_id is None:
        return None
    location_id, product_id = wish.location_id, wish.product_id
    book = await atp.book(session, None if location_id is None else [location_id])
    if channel_id not in {channel.channel_id for channel in book.channels}:
        raise NotFound("Channel", "channelId")
    if location_id is None or product_id is None:
        return None
    places = await atp.by_pairs(session, [(location_id, product_id)], book)
    cells = [cell for place in places.values() for cell in place.cells]
    return next((cell.atp for cell in cells if cell.terms.channel_id == channel_id), ZERO)
