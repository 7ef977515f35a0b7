"""Hands reserved stock out: units leave the stock and the reservation in one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import Invalid
from domain.ids import new as new_id
from domain.json import dumps
from domain.promise_errors import ChannelRetired, ReservationExpired
from domain.quantities import ZERO, plain
from models import catalog, records
from models import reservations as statements
from models.session import Session
from services import atp
from services.availability import Demand
from services.channels import reading as channels
from services.reservations import parts
from services.reservations.parts import Locked, Pair, Part
from services.reservations.reading import reservations as reader
from services.reservations.releasing import LinePart
from services.stock import issuing
from services.stock.buckets import Bucket, Values
from services.stock.issuing import Issued, Portion

RESERVATIONS_MAX = 100  # that one issue names


@dataclass(frozen=True, slots=True)
class Consumed(Issued):
    """An issue, with the reservations that it has consumed as they stand after it."""

    reservations: Sequence[Any] = ()


async def consume(
    session: Session, author: Author, reservation_id: str, lines: Sequence[LinePart], values: Values
) -> Consumed:
    """Hand out a reservation, or parts of it: what expires first, or what stands on its buckets.

    What has ended by the clock is reserved again within the grace of the channel's policies.

    Raises:
        NotFound: there is no such reservation or line.
        ReservationEnded: all of it is consumed or released.
        ReservationExpired: its time and the grace are over; `details.lines` has the present ATP.
        ReservationExceeded: less of a line is open than is asked for.
        InsufficientStock and its kinds, StockHeld: its units are not there any longer.
    """
    locked = await _ready(session, [reservation_id], "reservationId")
    header = locked.headers[reservation_id]
    named = [(line.number, line.quantity) for line in lines]
    chosen = parts.wished(locked, header, named, "lines")
    products = await _products(session, chosen)
    portions = [_portion(part, products, is_over=locked.is_over(header)) for part in chosen]
    shared = {"channel_id": header.channel_id, "reference": header.reference}
    return await _hand_out(session, author, shared | dict(values), locked, chosen, portions)


async def issue(session: Session, author: Author, values: Values) -> Issued:
    """Hand out lines, of reservations that are named first; the rest is as of an issue.

    Raises:
        NotFound, ReservationEnded, ReservationExpired: as of `consume`.
        Invalid: a reservation is of another channel.
    """
    ids = values.get("reservation_ids") or []
    if not ids:
        return await issuing.issue(session, author, values)
    _check_ids(ids)
    await channels.require_active(session, values.get("channel_id"), "channelId")
    portions = await issuing.portions(session, values)
    locked = await _ready(session, ids, "reservationIds", [one.bucket.pair for one in portions])
    for header in locked.headers.values():
        if header.channel_id != values.get("channel_id"):
            text = f"The reservation is of the channel {header.channel_id}."
            raise Invalid("channelId", text, channelId=header.channel_id)
    chosen, split = _split(locked, ids, portions)
    return await _hand_out(session, author, values, locked, chosen, split)


def _check_ids(ids: Sequence[str]) -> None:
    if len(set(ids)) < len(ids):
        raise Invalid("reservationIds", "A reservation is named twice.")
    if len(ids) > RESERVATIONS_MAX:
        message = f"reservationIds has more than {RESERVATIONS_MAX} reservations."
        raise Invalid("reservationIds", message, max=RESERVATIONS_MAX)


async def _hand_out(
    session: Session,
    author: Author,
    values: Values,
    locked: Locked,
    chosen: Sequence[Part],
    portions: Sequence[Portion],
) -> Consumed:
    await parts.resolve(session, chosen, "CONSUMED")
    portions = await _in_turn(session, portions)
    of = chosen[0].row.header_id if chosen else None
    done = await issuing.hand_out(session, author, values, portions, of)
    rows = await reader.by_ids(session, list(locked.headers))
    for id in locked.headers:
        await parts.tell(session, "reservation.consumed", rows[id], author)
    return Consumed(
        done.posting,
        done.entries,
        done.items,
        done.message,
        sorted({*locked.pairs, *done.touched}),
        done.breaches,
        [rows[id] for id in locked.headers],
    )


async def _in_turn(session: Session, portions: Sequence[Portion]) -> Sequence[Portion]:
    """The portions with what was promised after them: where too little is there, that waits."""
    ids = {one.reservation_id for one in portions if one.demand.promised}
    if not ids:
        return portions
    behind: dict[tuple[str | None, Pair], Decimal] = defaultdict(Decimal)
    for row in await session.all(statements.behind(sorted(id for id in ids if id))):
        behind[row.of, (row.location_id, row.product_id)] += row.quantity
    return [
        replace(
            one,
            demand=replace(one.demand, behind=behind[one.reservation_id, one.demand.pair]),
        )
        if one.demand.promised
        else one
        for one in portions
    ]


async def _ready(
    session: Session, ids: Sequence[str], field: str, also: Sequence[Pair] = ()
) -> Locked:
    """Lock reservations of which something may be consumed, late ones within their grace."""
    locked = await parts.lock(session, ids, field, also)
    swept = []
    for header in locked.headers.values():
        late = header.state == "ACTIVE" and locked.is_over(header)
        if late or header.state == "EXPIRED":
            await _check_grace(session, locked, header, field)
            swept += [header] if header.state == "EXPIRED" else []
        else:
            parts.require_active(locked, header, field)
    for header in swept:
        rows = [
            {"id": new_id("resl_"), "number": line.number, "quantity": line.expired}
            for line in locked.lines[header.id]
            if line.expired > 0
        ]
        await session.call(statements.REVIVE, header.id, dumps(rows).decode())
    return await parts.lock(session, ids, field, also) if swept else locked


async def _check_grace(session: Session, locked: Locked, header: Any, field: str) -> None:
    lines = locked.lines[header.id]
    pairs = sorted({(line.location_id, line.product_id) for line in lines})
    book = await atp.book(session, sorted({location for location, _ in pairs}))
    if header.channel_id not in {channel.channel_id for channel in book.channels}:
        raise ChannelRetired(f"The channel {header.channel_id} is not active.", field=field)
    places = await atp.by_pairs(session, pairs, book)
    cells = {pair: place.cell(header.channel_id) for pair, place in places.items()}
    seconds = min(cell.terms.late_consume_seconds for cell in cells.values())
    if locked.now < header.expires_at + timedelta(seconds=seconds):
        return
    told = [
        {"number": line.number, "atp": plain(cells[line.location_id, line.product_id].atp)}
        for line in lines
    ]
    raise ReservationExpired(
        f"The reservation has ended at {header.expires_at.isoformat(timespec='seconds')}.",
        field=field,
        details={"reservationId": header.id, "state": "EXPIRED", "lines": told},
    )


async def _products(session: Session, chosen: Sequence[Part]) -> Mapping[str, Any]:
    ids = sorted({part.row.product_id for part in chosen})
    rows = await session.all(records.by_ids(catalog.products, ids))
    return {row.id: row for row in rows}


def _portion(part: Part, products: Mapping[str, Any], *, is_over: bool) -> Portion:
    row = part.row
    bucket = Bucket(
        field="",
        product=products[row.product_id],
        location_id=row.location_id,
        bin_id=None,
        lot_id=None,
    )
    demand = Demand(
        location_id=row.location_id,
        product_id=row.product_id,
        quantity=part.quantity,
        inventory_item_id=row.inventory_item_id,
        channel_id=row.channel_id,
        promised=not is_over,
    )
    return Portion(bucket=bucket, demand=demand, reservation_id=row.header_id)


def _split(
    locked: Locked, ids: Sequence[str], portions: Sequence[Portion]
) -> tuple[list[Part], list[Portion]]:
    """What the lines take of the reservations, and the lines cut into that and the rest."""
    rows: dict[Pair, list[Any]] = defaultdict(list)
    for id in ids:
        for line in locked.lines[id]:
            found = locked.rows.get((id, line.number), [])
            rows[line.location_id, line.product_id] += found
    left = {row.id: row.quantity for found in rows.values() for row in found}
    taken: dict[str, Part] = {}
    split = []
    for portion in portions:
        wanted = portion.demand.quantity
        for row in rows[portion.bucket.pair]:
            some = min(wanted, left[row.id]) if _fits(portion.demand, row) else ZERO
            if some > 0:
                wanted -= some
                left[row.id] -= some
                taken[row.id] = Part(row, row.quantity - left[row.id])
                split.append(_covered(locked, portion, row, some))
        if wanted > 0:
            split.append(replace(portion, demand=replace(portion.demand, quantity=wanted)))
    return list(taken.values()), split


def _fits(demand: Demand, row: Any) -> bool:
    """Whether a line may take of a row: what stands on a bucket is for who asks for no other."""
    if row.inventory_item_id is None or demand.inventory_item_id == row.inventory_item_id:
        return True
    return demand.inventory_item_id is None and demand.lot_id is None and demand.bin_id is None


def _covered(locked: Locked, portion: Portion, row: Any, quantity: Decimal) -> Portion:
    demand = replace(
        portion.demand,
        quantity=quantity,
        inventory_item_id=row.inventory_item_id or portion.demand.inventory_item_id,
        promised=not locked.is_over(locked.headers[row.header_id]),
    )
    return replace(portion, demand=demand, reservation_id=row.header_id)
