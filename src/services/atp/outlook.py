"""What each channel can promise for later days: cells as they will be, day by day."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from domain.promise_errors import BeyondHorizon, UnknownBucketSize
from domain.quantities import ZERO
from models import ahead as statements
from models.session import Session
from services.atp.ahead import HORIZON_DAYS, NOTHING_AHEAD, Ahead, Projection, project
from services.atp.cells import Pair, Place, dated
from services.atp.rules import Cell, Terms, cells_alike

SIZES = {"DAY": 1, "WEEK": 7}
USUAL = {"DAY": 14, "WEEK": 26}  # how many parts unless told


@dataclass(frozen=True, slots=True)
class Bucket:
    """A part of the time ahead, both days included; days count from today."""

    index: int
    first: int
    last: int

    def sum(self, dated: Iterable[tuple[int, Decimal]]) -> Decimal:
        """The units of its days."""
        return sum((units for day, units in dated if self.first <= day <= self.last), ZERO)


def buckets(size: str, count: int | None) -> list[Bucket]:
    """So many parts of a size, from today; the last one ends with the horizon at the latest.

    Raises:
        UnknownBucketSize: there is no such size.
        BeyondHorizon: there are none, or the last would begin beyond the horizon.
    """
    days = SIZES.get(size)
    if days is None:
        known = ", ".join(SIZES)
        text = f"size must be one of {known}."
        raise UnknownBucketSize("buckets.size", text, known=list(SIZES))
    most = HORIZON_DAYS // days + 1
    many = USUAL[size] if count is None else count
    if not 1 <= many <= most:
        text = f"count must be from 1 to {most} for parts of a {size}."
        raise BeyondHorizon("buckets.count", text, max=most)
    return [Bucket(n, n * days, min(n * days + days - 1, HORIZON_DAYS)) for n in range(many)]


class Outlook:
    """One product at one location for all days ahead."""

    def __init__(self, place: Place, ahead: Ahead) -> None:
        self.place = place
        self.ahead = ahead
        self._terms = [cell.terms for cell in place.cells]
        self._index = {one.channel_id: n for n, one in enumerate(self._terms)}
        self._projections: dict[int, Projection] = {}
        self._cells: dict[tuple[Decimal, Decimal], list[Cell]] = {}

    @cached_property
    def is_still(self) -> bool:
        """Whether nothing changes on any day ahead."""
        return self.ahead == NOTHING_AHEAD

    def projection(self, shelf_days: int = 0) -> Projection:
        """What is there and may be promised, of units good for so many days."""
        found = self._projections.get(shelf_days)
        if found is None:
            found = project(self.place.numbers.present, self.ahead, shelf_days)
            self._projections[shelf_days] = found
        return found

    def cell(self, channel_id: str, day: int) -> Cell:
        """What a channel can promise for a day, whatever is planned for it and later ones."""
        index = self._index[channel_id]
        if self.is_still:
            return self.place.cells[index]
        terms = self._terms[index]
        there = self._counted(terms, day, 0)
        short = ZERO
        if terms.minimum_shelf_life_days:
            short = there - self._counted(terms, day, terms.minimum_shelf_life_days)
        found = self._cells.get((there, short))
        if found is None:
            numbers = replace(
                self.place.numbers,
                inbound=there - self.place.numbers.present,
                lots=((-1, short),),
            )
            found = cells_alike(numbers, self._terms, self.place.promised, self.place.step)
            self._cells[there, short] = found
        return found[index]

    def least(self, channel_id: str, parts: Sequence[Bucket]) -> list[Decimal]:
        """What a channel can promise for whichever day of each part."""
        if self.is_still:
            return [self.place.cells[self._index[channel_id]].atp] * len(parts)
        days = self._days
        atp = [self.cell(channel_id, day).atp for day in days]
        # That of a day counts until the next one: also that of the last day before a part.
        return [
            min(atp[bisect_right(days, part.first) - 1 : bisect_right(days, part.last)])
            for part in parts
        ]

    def earliest(self, channel_id: str, quantity: Decimal) -> int | None:
        """The first day for which a channel may promise so many units; None within the horizon."""
        return next(
            (day for day in self._days if self.cell(channel_id, day).acceptable >= quantity), None
        )

    @cached_property
    def _days(self) -> list[int]:
        """The days on which some number changes, today first."""
        lives = {one.minimum_shelf_life_days for one in self._terms} | {0}
        found = {day for life in lives for day in self.projection(life).promisable.days}
        found |= {min(one.inbound_horizon_days + 1, HORIZON_DAYS) for one in self._terms}
        return sorted(found)

    def _counted(self, terms: Terms, day: int, shelf_days: int) -> Decimal:
        """What is there for a channel on a day, of what its policy lets it count."""
        curve = self.projection(shelf_days).promisable
        if terms.include_inbound is False:
            return min(curve.at(day), curve.at(0))
        horizon = terms.inbound_horizon_days
        if day > horizon:
            return min(curve.at(day), curve.at(horizon))
        if not terms.include_inbound:
            return curve.at(day)
        return curve.at(day) + self.ahead.counted(horizon) - self.ahead.counted(day)


class Lookout:
    """What is ahead of one place, and the outlook over it once it is asked for."""

    def __init__(self, ahead: Ahead) -> None:
        self.ahead = ahead
        self._outlook: Outlook | None = None

    @property
    def is_still(self) -> bool:
        """Whether nothing is ahead, so that each day is as today."""
        return self.ahead is NOTHING_AHEAD

    def over(self, place: Place) -> Outlook:
        """The outlook of the place; every cell of it is given the same."""
        if self._outlook is None:
            self._outlook = Outlook(place, self.ahead)
        return self._outlook


async def lookouts(session: Session, pairs: Sequence[Pair]) -> Mapping[Pair, Lookout]:
    """What is ahead of (location, product) pairs: one statement for each kind of source."""
    if not pairs:
        return {}
    keys = sorted({pair[0] for pair in pairs}), sorted({pair[1] for pair in pairs})
    supply = _by_pair(await session.all(statements.supply_of(*keys)))
    demand = _by_pair(await session.all(statements.demand_of(*keys)))
    shelves = _by_pair(await session.all(statements.shelves_of(*keys)))
    found = {}
    for pair in pairs:
        asked = demand.get(pair)
        if asked is None and pair not in supply and pair not in shelves:
            found[pair] = Lookout(NOTHING_AHEAD)
            continue
        ahead = Ahead(
            supply=dated(supply[pair].dated) if pair in supply else (),
            promised=() if asked is None else dated(asked.promised),
            planned=() if asked is None else dated(asked.planned),
            shelves=_shelves(shelves[pair].dated) if pair in shelves else (),
        )
        found[pair] = Lookout(ahead)
    return found


def _by_pair(rows: Sequence[Any]) -> dict[Pair, Any]:
    return {(row.location_id, row.product_id): row for row in rows}


def _shelves(rows: Any) -> tuple[tuple[int | None, Decimal], ...]:
    return tuple((None if days is None else int(days), Decimal(units)) for days, units in rows)


async def days(session: Session, keys: Sequence[object]) -> Mapping[object, date]:
    """The tenant's day, for each key the same."""
    return dict.fromkeys(keys, await today(session))


async def today(session: Session) -> date:
    """The tenant's day."""
    found: date = await session.scalar(statements.today())
    return found


def day_of(today: date, day: int) -> date:
    """The calendar day that is so many days from today."""
    return today + timedelta(days=day)
