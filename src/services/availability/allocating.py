"""From which buckets demands are met: one statement a kind of read, however many there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain import fefo
from domain.fefo import Shelf, Wish
from domain.quantities import ZERO
from models import postings, stock_lines
from models.lists.stock import levels_of
from models.session import Session
from services import atp
from services.atp import Numbers, Place

Pair = tuple[str, str]  # location id, product id
NOTHING = Numbers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Units of a product at a location that somebody wants, of the buckets that it names.

    `min_days_left` are the days that they must be good for; 0 takes what expires today. With a
    channel no more is given than the channel may promise there, unless they are `promised` to it
    already; `reserved` of them are counted as reserved now, in no bucket, and `behind` units are
    promised to those who have to wait for it. Without `respect_fefo`
    what came first goes first.
    """

    location_id: str
    product_id: str
    quantity: Decimal
    lot_id: str | None = None
    bin_id: str | None = None
    inventory_item_id: str | None = None
    channel_id: str | None = None
    min_days_left: int = 0
    respect_fefo: bool = True
    promised: bool = False
    reserved: Decimal = ZERO
    behind: Decimal = ZERO

    @property
    def pair(self) -> Pair:
        """The location and the product."""
        return self.location_id, self.product_id

    @property
    def wish(self) -> Wish:
        """What it asks of a bucket."""
        return Wish(
            quantity=self.quantity,
            lot_id=self.lot_id,
            bin_id=self.bin_id,
            bucket_id=self.inventory_item_id,
            min_days_left=self.min_days_left,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Units of one bucket for a demand; `free` of it were there before any demand."""

    inventory_item_id: str
    lot_id: str | None
    lot_number: str | None
    expiry_date: date | None
    bin_id: str | None
    bin_code: str | None
    quantity: Decimal
    free: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """`quantity` units are taken of a bucket although `passed_over_id` expires earlier.

    That one has units left. What never expires has no date.
    """

    inventory_item_id: str
    passed_over_id: str
    quantity: Decimal
    expiry_date: date | None
    passed_over_expiry_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """What a demand gets beside the others: never more than it asks for.

    `total` is what it could have at most beside them, and `there` what it could have if no channel
    were asked; `place` is its product at its location before any of them.
    """

    demand: Demand
    total: Decimal
    there: Decimal
    parts: list[Part]
    breaches: list[Breach]
    place: Place

    @property
    def numbers(self) -> Numbers:
        """The numbers of its product at its location before any demand."""
        return self.place.numbers

    @property
    def atp(self) -> Decimal:
        """What its channel could promise before any demand; without one, what was available."""
        return _atp(self.place, self.demand)

    @property
    def shortfall(self) -> Decimal:
        """Units that are wanted and not there."""
        return max(ZERO, self.demand.quantity - self.total)


async def allocate(
    session: Session, demands: Sequence[Demand], *, lock: bool = True
) -> list[Allotment]:
    """Choose buckets for all demands together; channels that they name must be active.

    With `lock` the level rows stay locked in the global order until the transaction ends, and
    what is read after that can be posted. Where something that expires earlier is passed over,
    that is told as a breach.
    """
    pairs = sorted({demand.pair for demand in demands})
    if lock:
        await session.all(postings.lock_stocked(pairs))
    if any(demand.channel_id is not None for demand in demands):
        book = await atp.book(session, sorted({location for location, _ in pairs}))
        return await share_out(session, demands, await atp.by_pairs(session, pairs, book))
    rows = await session.all(levels_of(pairs))
    levels = {(row.location_id, row.product_id): row for row in rows}
    places = {
        pair: Place(*pair, _numbers(levels[pair]), [])
        if pair in levels
        else Place(*pair, NOTHING, [])
        for pair in pairs
    }
    return await share_out(session, demands, places)


async def share_out(
    session: Session, demands: Sequence[Demand], places: Mapping[Pair, Place]
) -> list[Allotment]:
    """Choose buckets for all demands together, within what their places may promise.

    `places` has one for each (location, product) of a demand. Demands that fit the fewest buckets
    choose first; one that is short then has others take of other buckets, where that helps it.
    """
    demands = [_lasting(demand, places[demand.pair]) for demand in demands]
    rows = {row.id: row for row in await session.all(stock_lines.lines_of(list(places)))}
    shelves, pools = _shelves(rows.values()), dict(places)
    taken: dict[int, list[fefo.Taken]] = {}
    for index in _narrowest_first(demands, shelves):
        demand = demands[index]
        pool = pools[demand.pair]
        taken[index] = shelves[demand.pair].take(demand.wish, _most(pool, demand), _order(demand))
        given = sum((one.quantity for one in taken[index]), ZERO)
        pools[demand.pair] = pool.promising(demand.channel_id, given - min(given, demand.reserved))
    _make_room(demands, taken, shelves, pools)
    return [
        _allotment(demand, taken[index], shelves[demand.pair], pools, places, rows)
        for index, demand in enumerate(demands)
    ]


def _make_room(
    demands: Sequence[Demand],
    taken: Mapping[int, list[fefo.Taken]],
    shelves: Mapping[Pair, Shelf],
    pools: dict[Pair, Place],
) -> None:
    """Let the demands that are short have what others can take elsewhere."""
    for index, demand in enumerate(demands):
        given = sum((one.quantity for one in taken[index]), ZERO)
        most = min(demand.quantity - given, _most(pools[demand.pair], demand))
        if most <= 0:
            continue
        beside = [n for n, other in enumerate(demands) if other.pair == demand.pair]
        wishes, lists = [demands[n].wish for n in beside], [taken[n] for n in beside]
        more = shelves[demand.pair].make_room(wishes, lists, beside.index(index), most)
        if more:
            for n in beside:
                taken[n][:] = _sorted(taken[n], _order(demands[n]))
            pools[demand.pair] = pools[demand.pair].promising(demand.channel_id, more)


def _order(demand: Demand) -> fefo.Order:
    return fefo.by_expiry if demand.respect_fefo else fefo.by_receipt


def _sorted(taken: Sequence[fefo.Taken], order: fefo.Order) -> list[fefo.Taken]:
    return sorted(taken, key=lambda one: order(one.bucket))


def _lasting(demand: Demand, place: Place) -> Demand:
    """The demand, with the shelf life that its channel asks for there."""
    terms = (one.terms for one in place.cells if one.terms.channel_id == demand.channel_id)
    days = max((one.minimum_shelf_life_days for one in terms), default=0)
    return replace(demand, min_days_left=days) if days > demand.min_days_left else demand


def _numbers(level: Any) -> Numbers:
    return Numbers(level.on_hand, level.expired, level.held, level.reserved)


def _shelves(rows: Any) -> Mapping[Pair, Shelf]:
    found: dict[Pair, list[fefo.Bucket]] = defaultdict(list)
    for row in rows:
        found[row.location_id, row.product_id].append(
            fefo.Bucket(
                id=row.id,
                received_at=row.received_at,
                lot_id=row.lot_id,
                bin_id=row.bin_id,
                bin_code=row.bin_code,
                expiry_date=row.expiry_date,
                days_left=row.days_left,
                free=row.on_hand - row.expired - row.held - row.reserved,
            )
        )
    shelves: dict[Pair, Shelf] = defaultdict(lambda: Shelf([]))
    return shelves | {pair: Shelf(buckets) for pair, buckets in found.items()}


def _narrowest_first(demands: Sequence[Demand], shelves: Mapping[Pair, Shelf]) -> list[int]:
    def breadth(index: int) -> int:
        return len(shelves[demands[index].pair].fitting(demands[index].wish))

    return sorted(range(len(demands)), key=breadth)


def _most(place: Place, demand: Demand) -> Decimal:
    """What may be given at the place: of what is available, what the channel may promise now.

    As for a promise that is only kept: down to its backorder limit, and nothing below its minimum.
    """
    if demand.promised:
        return max(ZERO, place.numbers.available + demand.reserved + demand.behind)
    if demand.channel_id is None:
        return max(ZERO, place.numbers.available)
    return max(ZERO, min(place.cell(demand.channel_id).acceptable, place.numbers.available))


def _atp(place: Place, demand: Demand) -> Decimal:
    if demand.channel_id is None:
        return place.numbers.available
    return place.cell(demand.channel_id).atp


def _allotment(
    demand: Demand,
    taken: Sequence[fefo.Taken],
    shelf: Shelf,
    pools: Mapping[Pair, Place],
    places: Mapping[Pair, Place],
    rows: Mapping[str, Any],
) -> Allotment:
    given = sum((one.quantity for one in taken), ZERO)
    left, pool = shelf.left(demand.wish), pools[demand.pair]
    return Allotment(
        demand=demand,
        total=given + min(left, _most(pool, demand)),
        there=given + min(left, max(ZERO, pool.numbers.available)),
        parts=[_part(one, rows[one.bucket.id]) for one in taken],
        breaches=[_breach(one, taken) for one in shelf.breaches(demand.wish, taken)],
        place=places[demand.pair],
    )


def _breach(breach: fefo.Breach, taken: Sequence[fefo.Taken]) -> Breach:
    return Breach(
        inventory_item_id=breach.taken.id,
        passed_over_id=breach.passed_over.id,
        quantity=sum((one.quantity for one in taken if one.bucket.id == breach.taken.id), ZERO),
        expiry_date=breach.taken.expiry_date,
        passed_over_expiry_date=breach.passed_over.expiry_date,
    )


def _part(taken: fefo.Taken, row: Any) -> Part:
    return Part(
        inventory_item_id=row.id,
        lot_id=row.lot_id,
        lot_number=row.lot_number,
        expiry_date=row.expiry_date,
        bin_id=row.bin_id,
        bin_code=row.bin_code,
        quantity=taken.quantity,
        free=taken.bucket.free,
    )
