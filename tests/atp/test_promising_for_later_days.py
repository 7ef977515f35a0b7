"""What may be promised for a day, against a model that tries every unit by itself."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.atp.ahead import Ahead, project

D = Decimal
DAYS = st.integers(0, 9)
UNITS = st.integers(1, 6).map(D)
LATER = st.lists(st.tuples(st.integers(1, 9), UNITS), max_size=3).map(tuple)
SOON = st.lists(st.tuples(DAYS, UNITS), max_size=3).map(tuple)
GOOD = st.one_of(st.none(), st.integers(0, 9))
SHELVES = st.lists(st.tuples(GOOD, UNITS), max_size=4).map(tuple)


def ahead_of(supply: object, promised: object, planned: object, shelves: object) -> Ahead:
    return Ahead(supply=supply, promised=promised, planned=planned, shelves=shelves)  # type: ignore[arg-type]  # drawn


AHEADS = st.builds(ahead_of, LATER, LATER, SOON, SHELVES)


def units_of(ahead: Ahead, available: Decimal) -> list[tuple[int, int]]:
    """Every single unit that is there or comes, as its first and its last day."""
    free = sum((units for _, units in ahead.shelves), D(0)) if ahead.shelves else available
    stock = ahead.shelves or ((None, max(D(0), free)),)
    there = [(0, 99 if good is None else good, units) for good, units in stock]
    there += [(day, 99, units) for day, units in ahead.supply]
    return [(first, last) for first, last, units in there for _ in range(int(units))]


def can_meet(units: list[tuple[int, int]], wanted: list[int]) -> bool:
    """Whether each wanted unit gets one that is there on its day, by augmenting paths."""
    taken: dict[int, int] = {}

    def find(want: int, seen: set[int]) -> bool:
        for index, (first, last) in enumerate(units):
            if first <= wanted[want] <= last and index not in seen:
                seen.add(index)
                if index not in taken or find(taken[index], seen):
                    taken[index] = want
                    return True
        return False

    return all(find(want, set()) for want in range(len(wanted)))


def wanted_of(ahead: Ahead, available: Decimal) -> list[int]:
    """The day of each unit that is wanted; what is owed already is wanted today."""
    free = sum((units for _, units in ahead.shelves), D(0)) if ahead.shelves else available
    owed = max(D(0), free - available - reserved_of(ahead)) if ahead.shelves else D(0)
    dated = [(0, owed), *ahead.promised, *ahead.planned]
    return [day for day, units in dated for _ in range(int(units))]


def reserved_of(ahead: Ahead) -> Decimal:
    return sum((units for _, units in ahead.promised), D(0))


@given(AHEADS, st.integers(0, 12).map(D), DAYS)
def test_the_most_that_may_be_promised_is_what_can_be_had_beside_all_else(
    ahead: Ahead, there: Decimal, day: int
) -> None:
    if ahead.shelves:
        there = min(there, sum((units for _, units in ahead.shelves), D(0)))
    units, wanted = units_of(ahead, there), wanted_of(ahead, there - reserved_of(ahead))
    promisable = project(there - reserved_of(ahead), ahead).promisable.at(day)

    if not can_meet(units, wanted):
        return
    most = 0
    while can_meet(units, [*wanted, *[day] * (most + 1)]):
        most += 1
    assert promisable == most


@given(AHEADS, st.integers(-6, 12).map(D), DAYS, st.integers(1, 12).map(D))
def test_promising_what_may_be_promised_turns_no_later_day_negative(
    ahead: Ahead, available: Decimal, day: int, quantity: Decimal
) -> None:
    before = project(available, ahead)
    if quantity > before.promisable.at(day):
        return
    after = project(
        available,
        Ahead(ahead.supply, ahead.promised, (*ahead.planned, (day, quantity)), ahead.shelves),
    )

    later = [d for d in after.balance.days if d >= day]
    assert all(after.balance.at(d) >= 0 for d in [day, *later])


@given(LATER, LATER, SOON, st.integers(-6, 12).map(D), DAYS)
def test_without_lots_it_is_the_least_balance_from_then_on(
    supply: tuple[tuple[int, Decimal], ...],
    promised: tuple[tuple[int, Decimal], ...],
    planned: tuple[tuple[int, Decimal], ...],
    available: Decimal,
    day: int,
) -> None:
    ahead = Ahead(supply, promised, planned)

    def balance(u: int) -> Decimal:
        come = sum((q for d, q in supply if d <= u), D(0))
        gone = sum((q for d, q in (*promised, *planned) if d <= u), D(0))
        return available + reserved_of(ahead) + come - gone

    found = project(available, ahead)
    assert found.promisable.at(day) == min(balance(u) for u in range(day, 11))
    assert [found.balance.at(u) for u in range(11)] == [balance(u) for u in range(11)]


@given(LATER, LATER, DAYS)
def test_what_counts_now_is_what_the_days_after_leave(
    supply: tuple[tuple[int, Decimal], ...], promised: tuple[tuple[int, Decimal], ...], days: int
) -> None:
    ahead = Ahead(supply, promised)

    assert ahead.counted(days) == project(D(0), ahead).promisable.at(days)


def test_units_that_expire_leave_unless_somebody_wants_them_before() -> None:
    ahead = Ahead(supply=((8, D(20)),), planned=((3, D(4)),), shelves=((5, D(10)), (None, D(2))))

    found = project(D(12), ahead)

    assert [found.balance.at(day) for day in (0, 3, 5, 6, 8)] == [12, 8, 8, 2, 22]
    assert [found.promisable.at(day) for day in (0, 3, 5, 6, 8)] == [8, 8, 8, 2, 22]


def test_a_shelf_life_that_is_asked_for_takes_short_lots_out_sooner() -> None:
    ahead = Ahead(shelves=((5, D(10)), (None, D(2))))

    found = project(D(12), ahead, shelf_days=3)

    assert [found.promisable.at(day) for day in (0, 2, 3)] == [12, 12, 2]
