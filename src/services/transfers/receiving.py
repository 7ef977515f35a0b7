"""Receives transfers: good units are on hand, damaged ones as well and on hold."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import LotRefused, OverReceipt
from domain.machines.transfers import TransferAction as A
from domain.quantities import ZERO, plain
from models import locations, records, transferring
from models.session import Session
from services import holds, stock
from services.documents import Advance
from services.locations.reading import is_held
from services.stock import buckets
from services.transfers import outcomes, work
from services.transfers.outcomes import Outcome
from services.transfers.work import Step, Work

DAMAGED = "Arrived damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveLine:
    """Units of a line that have arrived: `quantity` in good condition, and `damaged` besides.

    Good ones go into `dest_bin_id`, else into the line's bin; damaged ones into `damaged_bin_id`,
    else where the good ones go. With a lot they are of that lot, else first what expires first.
    """

    line_id: str
    quantity: Decimal = ZERO
    damaged: Decimal = ZERO
    lot_id: str | None = None
    dest_bin_id: str | None = None
    damaged_bin_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Step):
    """A wish to receive units of a transfer: of these lines, or all that is in transit."""

    lines: Sequence[ReceiveLine] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """Units that reach a bucket."""

    line: stock.Line
    is_damaged: bool


async def receive(session: Session, author: Author, wish: Receipt) -> Outcome:
    """Receive units: good ones can be promised from now on, damaged ones are on hold.

    Damaged units in a bin of which nothing is promised need no hold. The transfer is locked, so
    two receipts never take the same units. The statements are the same for any number of lines.

    Raises:
        IllegalStep: nothing of it is in transit.
        NotFound, BinRefused, LotRefused, QuantityRefused: a line names what cannot be.
        OverReceipt: more is to be received than is in transit.
    """
    job = await work.begin(session, wish, A.RECEIVE)
    balances = await session.all(transferring.transit_of(job.row.id))
    asked = _asked(job, wish, balances)
    bins = await _bins(session, job, asked)
    arrivals = list(_arrivals(job, asked, balances))
    work.require_some(sum((one.line.delta or ZERO for one in arrivals), ZERO))
    moved = await work.post(session, author, job, wish, [one.line for one in arrivals])
    shares = _to_hold(arrivals, moved.items, bins)
    hold = holds.Wish(type="DAMAGE", reason=DAMAGED, reference=job.row.number)
    await holds.place_shares(session, author, hold, shares)
    now = await session.scalar(records.now())
    taken = Advance(
        action=A.RECEIVE,
        to=work.after_arrival(job),
        values={"received_at": now},
        posting_id=moved.posted.id,
    )
    await work.end(session, author, job, wish, taken)
    return await outcomes.of(session, job.row.id, _message(job), posted=moved.posted)


def _asked(job: Work, wish: Receipt, balances: Sequence[Any]) -> list[tuple[str, ReceiveLine]]:
    """What has arrived, with the place of each in the request."""
    if wish.lines is None:
        coming: dict[str, Decimal] = defaultdict(Decimal)
        for balance in balances:
            coming[balance.line_id] += balance.quantity
        return [
            ("lines", ReceiveLine(line_id=id, quantity=number)) for id, number in coming.items()
        ]
    found = []
    for index, one in enumerate(wish.lines):
        place = f"lines[{index}]"
        line = job.line(one.line_id, f"{place}.lineId")
        work.quantity(line, one.quantity, f"{place}.quantity", ZERO)
        work.quantity(line, one.damaged, f"{place}.damagedQuantity", ZERO)
        found.append((place, one))
    return found


async def _bins(
    session: Session, job: Work, asked: Sequence[tuple[str, ReceiveLine]]
) -> Mapping[str, Any]:
    """The bins into which things go, all at the destination."""
    wanted = {job.lines[one.line_id].dest_bin_id for _, one in asked}
    wanted |= {bin for _, one in asked for bin in (one.dest_bin_id, one.damaged_bin_id)}
    ids = sorted(id for id in wanted if id)
    rows = await session.all(records.by_ids(locations.bins, ids)) if ids else []
    bins = {row.id: row for row in rows}
    for place, one in asked:
        dest = job.row.dest_location_id
        buckets.bin_of(one.dest_bin_id, dest, bins, f"{place}.destBinId")
        buckets.bin_of(one.damaged_bin_id, dest, bins, f"{place}.damagedBinId")
    return bins


def _arrivals(
    job: Work,
    asked: Sequence[tuple[str, ReceiveLine]],
    balances: Sequence[Any],
) -> Iterator[_Arrival]:
    left = {(one.line_id, one.inventory_item_id): one.quantity for one in balances}
    of_line: dict[str, list[Any]] = defaultdict(list)
    for balance in balances:
        of_line[balance.line_id].append(balance)
    for place, one in asked:
        line = job.lines[one.line_id]
        fitting = [b for b in of_line[line.id] if one.lot_id in (None, b.lot_id)]
        if one.lot_id is not None and not fitting:
            text = "No units of this lot are in transit."
            raise LotRefused(f"{place}.lotId", text, code="LOT_NOT_IN_TRANSIT")
        _check_most(place, one, sum((left[line.id, b.inventory_item_id] for b in fitting), ZERO))
        good_bin = one.dest_bin_id or line.dest_bin_id
        for is_damaged, number, bin_id in (
            (False, one.quantity, good_bin),
            (True, one.damaged, one.damaged_bin_id or good_bin),
        ):
            yield from _taken(job, fitting, left, (is_damaged, number, bin_id))


def _taken(
    job: Work,
    balances: Sequence[Any],
    left: dict[tuple[str, str], Decimal],
    wanted: tuple[bool, Decimal, str | None],
) -> Iterator[_Arrival]:
    """Take units out of transit, first expiry first, into a bin of the destination."""
    is_damaged, number, bin_id = wanted
    for balance in balances:
        key = (balance.line_id, balance.inventory_item_id)
        taken = min(number, left[key])
        if taken <= ZERO:
            continue
        left[key] -= taken
        number -= taken
        kind = "DAMAGED" if is_damaged else "RECEIVED"
        job.count(balance.line_id, **{kind.lower(): taken})
        job.move(*key, kind, -taken)
        line = stock.Line(
            product_id=balance.product_id,
            location_id=job.row.dest_location_id,
            bin_id=bin_id,
            lot_id=balance.lot_id,
            delta=taken,
        )
        yield _Arrival(line=line, is_damaged=is_damaged)


def _check_most(place: str, one: ReceiveLine, coming: Decimal) -> None:
    asked = one.quantity + one.damaged
    if asked > coming:
        raise OverReceipt(
            f"{plain(asked)} have arrived, and {plain(coming)} are in transit.",
            field=f"{place}.quantity" if place != "lines" else place,
            details={"asked": plain(asked), "inTransit": plain(coming)},
        )


def _to_hold(
    arrivals: Sequence[_Arrival], items: Mapping[work.Key, str], bins: Mapping[str, Any]
) -> list[holds.Share]:
    """Damaged units that are not in a bin of which nothing is promised anyway."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in arrivals:
        bin = bins.get(one.line.bin_id or "")
        if one.is_damaged and not (bin is not None and is_held(bin.type)):
            found[items[work.key_of(one.line)]] += one.line.delta or ZERO
    return [
        holds.Share(inventory_item_id=item_id, quantity=number) for item_id, number in found.items()
    ]


def _message(job: Work) -> str:
    good = sum((one.get("received", ZERO) for one in job.counted.values()), ZERO)
    damaged = sum((one.get("damaged", ZERO) for one in job.counted.values()), ZERO)
    more = f", {plain(damaged):f} of them damaged" if damaged else ""
    return f"Received {plain(good + damaged):f} units of {job.row.number}{more}."
