"""What is to come and to go of one product at one location, and what may be promised for a day.

Pure functions, no session. Days count from today, which is 0. Formulas: docs/promise.md.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from domain.quantities import ZERO

HORIZON_DAYS = 180  # how far promises look ahead
_FOREVER = 1 << 30  # a day that never comes

Dated = tuple[int, Decimal]  # a day, and units


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is expected, promised for later days and planned, by days from today.

    `shelves` are all free units in buckets by the days for which they are still good, None for
    ever; only where some of them expire.
    """

    supply: Sequence[Dated] = ()
    promised: Sequence[Dated] = ()
    planned: Sequence[Dated] = ()
    shelves: Sequence[tuple[int | None, Decimal]] = ()

    def counted(self, days: int) -> Decimal:
        """What counts beside what is available in promises that are kept within so many days.

        What is promised for later is reserved already; as far as arrivals cover it in time, that
        takes nothing from now.
        """
        change: dict[int, Decimal] = defaultdict(Decimal)
        for day, units in self.supply:
            change[day] += units
        for day, units in self.promised:
            change[day] -= units
        reserved = sum((units for _, units in self.promised), ZERO)
        steps = [(day, change[day]) for day in sorted(change)]
        balances = list(accumulate((units for _, units in steps), initial=reserved))
        first = sum(1 for day, _ in steps if day <= days)
        return min(balances[first:])


NOTHING_AHEAD = Ahead()


@dataclass(frozen=True, slots=True)
class Curve:
    """A number for each day from today on: that of a day counts until the next one."""

    days: Sequence[int]
    values: Sequence[Decimal]

    def at(self, day: int) -> Decimal:
        """Its number on a day."""
        return self.values[bisect_right(self.days, day) - 1]


@dataclass(frozen=True, slots=True)
class Projection:
    """What will be there, and what of it may be promised for a day, whoever promises it.

    `balance` is what is left by the end of a day once all that is promised or planned by then has
    gone, below zero where too little is there; `promisable` is the most that may go on the day
    beside that so that no later balance falls below zero.
    """

    balance: Curve
    promisable: Curve


@dataclass(slots=True)
class _Shelf:
    """Units that are there from one day through another."""

    first: int
    last: int
    units: Decimal


def project(available: Decimal, ahead: Ahead, shelf_days: int = 0) -> Projection:
    """What may be promised for each day, of what is available now and what is ahead.

    `available` is signed, and what is promised for later is not in it. With `shelf_days` units
    count while they are good for so many days more.

    Without lots that expire it is the least balance of that day and all later ones. Units that
    expire go first to who wants them first; what nobody has wanted by then leaves.
    """
    reserved = sum((units for _, units in ahead.promised), ZERO)
    shelves, owed = _shelves(available + reserved, ahead, shelf_days)
    wanted: dict[int, Decimal] = defaultdict(Decimal, {0: owed})
    for day, units in [*ahead.promised, *ahead.planned]:
        wanted[day] += units
    days = sorted({0, *wanted, *(s.first for s in shelves), *(s.last + 1 for s in shelves)})
    days = [day for day in days if day <= HORIZON_DAYS]
    served, balances = _serve(shelves, wanted, days)
    least = list(accumulate(reversed(balances), min))[::-1]
    values = least if not ahead.shelves else _promisable(shelves, served, days, least)
    return Projection(Curve(days, balances), Curve(days, values))


def _shelves(there: Decimal, ahead: Ahead, shelf_days: int) -> tuple[list[_Shelf], Decimal]:
    """What is there and what comes, and what of it is owed now.

    What is promised already and stands in no bucket takes what expires first.
    """
    free = sum((units for _, units in ahead.shelves), ZERO) if ahead.shelves else max(ZERO, there)
    stock = ahead.shelves or [(None, free)]
    shelves = [
        _Shelf(0, _FOREVER if good is None else good - shelf_days, units)
        for good, units in stock
        if good is None or good >= shelf_days
    ]
    shelves += [_Shelf(day, _FOREVER, units) for day, units in ahead.supply]
    return sorted(shelves, key=lambda one: (one.last, one.first)), free - there


def _serve(
    shelves: Sequence[_Shelf], wanted: dict[int, Decimal], days: Sequence[int]
) -> tuple[list[Dated], list[Decimal]]:
    """What goes on which day, what expires first to who wants first, and what is left each day.

    What cannot be met is owed until something comes.
    """
    left = [one.units for one in shelves]
    owed, served, balances = ZERO, [], []
    for day in days:
        owed += wanted.get(day, ZERO)
        given = _take(shelves, left, day, owed)
        owed -= given
        if given:
            served.append((day, given))
        there = (
            units for one, units in zip(shelves, left, strict=True) if one.first <= day <= one.last
        )
        balances.append(sum(there, ZERO) - owed)
    return served, balances


def _take(
    shelves: Sequence[_Shelf], left: list[Decimal], day: int, most: Decimal | None
) -> Decimal:
    """Take up to so many units of what is there on a day, what expires first; None for all."""
    given = ZERO
    for index, one in enumerate(shelves):
        if one.first <= day <= one.last and left[index]:
            some = left[index] if most is None else min(left[index], most - given)
            left[index] -= some
            given += some
    return given


def _promisable(
    shelves: Sequence[_Shelf],
    served: Sequence[Dated],
    days: Sequence[int],
    least: Sequence[Decimal],
) -> list[Decimal]:
    """For each day the most that can go on it beside what goes anyway.

    Demands in the order of their days that each take what expires first are met as far as any
    choice can meet them (F. Glover: Maximum matching in a convex bipartite graph, 1967): with one
    that takes all it can get on the day, the sum grows by what can be had beside the others.
    """
    fixed = sum((units for _, units in served), ZERO)
    values = []
    for day, low in zip(days, least, strict=True):
        if low < 0:
            values.append(low)
            continue
        left, total = [one.units for one in shelves], ZERO
        demands: Iterable[tuple[int, Decimal | None]] = sorted(
            [*served, (day, None)], key=lambda one: one[0]
        )
        for when, units in demands:
            total += _take(shelves, left, when, units)
        values.append(total - fixed)
    return values
