"""First expired, first out: which buckets a demand is met from, and what is told as a breach."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.fefo import Breach, Bucket, Shelf, Taken, Wish, by_expiry, by_receipt

D = Decimal
TODAY = date(2026, 6, 1)
EARLY = datetime(2026, 1, 1, tzinfo=UTC)
PLENTY = D(10**9)


def bucket(id: str, free: int, *, days_left: int | None = None, **more: object) -> Bucket:
    values = {
        "received_at": EARLY,
        "expiry_date": None if days_left is None else TODAY + timedelta(days=days_left),
        "days_left": days_left,
    } | more
    return Bucket(id=id, free=D(free), **values)  # type: ignore[arg-type]  # one place for all fields


def picked(shelf: Shelf, wish: Wish, most: Decimal = PLENTY) -> list[tuple[str, Decimal]]:
    return [(one.bucket.id, one.quantity) for one in shelf.take(wish, most)]


def test_takes_what_expires_first_and_what_has_no_date_last() -> None:
    shelf = Shelf(
        [bucket("none", 5), bucket("late", 5, days_left=9), bucket("soon", 5, days_left=1)]
    )

    assert picked(shelf, Wish(quantity=D(12))) == [("soon", 5), ("late", 5), ("none", 2)]


def test_decides_between_equal_dates_by_receipt_then_the_smaller_rest_then_bin_then_id() -> None:
    later = EARLY + timedelta(days=1)
    buckets = [
        bucket("e", 3, days_left=4, received_at=later),
        bucket("d", 3, days_left=4, bin_code="B"),
        bucket("c", 3, days_left=4, bin_code="A"),
        bucket("b", 3, days_left=4, bin_code="A"),
        bucket("a", 2, days_left=4, bin_code="Z"),
    ]

    assert [one.id for one in sorted(buckets, key=by_expiry)] == ["a", "b", "c", "d", "e"]


def test_leaves_what_is_not_good_for_as_long_as_is_asked() -> None:
    shelf = Shelf([bucket("soon", 5, days_left=29), bucket("late", 5, days_left=30)])

    assert picked(shelf, Wish(quantity=D(8), min_days_left=30)) == [("late", 5)]


def test_takes_no_more_than_may_be_promised() -> None:
    shelf = Shelf([bucket("soon", 5, days_left=1), bucket("late", 5, days_left=2)])

    assert picked(shelf, Wish(quantity=D(9)), D(6)) == [("soon", 5), ("late", 1)]
    assert shelf.left(Wish(quantity=D(9))) == 4


def test_tells_a_breach_when_a_lot_asked_for_by_name_should_wait() -> None:
    soon = bucket("soon", 5, days_left=1, lot_id="lot_1")
    late = bucket("late", 5, days_left=2, lot_id="lot_2")
    shelf = Shelf([soon, late])
    wish = Wish(quantity=D(3), lot_id="lot_2")

    taken = shelf.take(wish, PLENTY)

    assert taken == [Taken(late, D(3))]
    assert shelf.breaches(wish, taken) == [Breach(late, soon)]


def test_tells_no_breach_of_what_would_not_be_good_for_long_enough() -> None:
    late = bucket("late", 5, days_left=40)
    shelf = Shelf([bucket("soon", 5, days_left=1), late])
    wish = Wish(quantity=D(3), min_days_left=30)

    assert shelf.breaches(wish, shelf.take(wish, PLENTY)) == []


def test_takes_what_came_first_when_the_date_is_not_to_count() -> None:
    old = bucket("old", 5, days_left=9)
    new = bucket("new", 5, days_left=1, received_at=EARLY + timedelta(days=3))
    shelf = Shelf([new, old])
    wish = Wish(quantity=D(4))

    taken = shelf.take(wish, PLENTY, by_receipt)

    assert taken == [Taken(old, D(4))]
    assert shelf.breaches(wish, taken) == [Breach(old, new)]


_buckets = st.lists(
    st.builds(
        lambda free, days, lot, received: {
            "free": free,
            "days_left": days,
            "lot_id": lot,
            "received_at": EARLY + timedelta(days=received),
        },
        st.integers(0, 20),
        st.none() | st.integers(0, 12),
        st.sampled_from(["lot_1", "lot_2", None]),
        st.integers(0, 3),
    ),
    max_size=12,
)
_wishes = st.lists(
    st.builds(
        Wish,
        quantity=st.integers(1, 40).map(Decimal),
        lot_id=st.sampled_from([None, None, "lot_1"]),
        min_days_left=st.integers(0, 8),
    ),
    max_size=5,
)


@given(_buckets, _wishes, st.integers(0, 60).map(Decimal))
def test_invariant_18_no_bucket_is_taken_while_a_fitting_one_that_expires_earlier_has_units_left(
    made: list[dict[str, object]], wishes: list[Wish], most: Decimal
) -> None:
    buckets = [bucket(f"item_{n}", **one) for n, one in enumerate(made)]  # type: ignore[arg-type]  # drawn as they are taken
    shelf = Shelf(buckets)
    used = {one.id: D(0) for one in buckets}

    for wish in wishes:
        before = {one.id: one.free - used[one.id] for one in buckets}
        taken = shelf.take(wish, most)
        for one in taken:
            used[one.bucket.id] += one.quantity
        fitting = [one for one in buckets if wish.names(one) and wish.allows(one)]
        total = sum((one.quantity for one in taken), D(0))
        assert total == min(wish.quantity, most, sum((before[one.id] for one in fitting), D(0)))
        for first, second in pairwise(one.bucket for one in taken):
            assert (first.expiry_date or date.max) <= (second.expiry_date or date.max)
        for one in taken:
            assert 0 < one.quantity <= before[one.bucket.id]
            earlier = [
                other
                for other in fitting
                if (other.expiry_date or date.max) < (one.bucket.expiry_date or date.max)
            ]
            assert [other.id for other in earlier if used[other.id] < other.free] == []
        if wish.lot_id is None:
            assert shelf.breaches(wish, taken) == []


_named = st.lists(
    st.builds(
        Wish,
        quantity=st.integers(1, 12).map(Decimal),
        lot_id=st.sampled_from([None, "lot_1", "lot_2"]),
        bin_id=st.sampled_from([None, "bin_1", "bin_2"]),
    ),
    min_size=1,
    max_size=5,
)


def most_of(buckets: list[Bucket], wishes: list[Wish]) -> Decimal:
    """What all wishes can have together: the least cut of the network (Ford and Fulkerson)."""
    cuts = []
    for chosen in (c for n in range(len(wishes) + 1) for c in combinations(range(len(wishes)), n)):
        others = [wish.quantity for n, wish in enumerate(wishes) if n not in chosen]
        reached = [one.free for one in buckets if any(wishes[n].names(one) for n in chosen)]
        cuts.append(sum(others, D(0)) + sum(reached, D(0)))
    return min(cuts)


@given(st.lists(st.integers(0, 10), min_size=9, max_size=9), _named)
def test_wishes_that_cross_are_met_as_far_as_any_way_of_sharing_meets_them(
    free: list[int], wishes: list[Wish]
) -> None:
    parts = [(lot, bin) for lot in (None, "lot_1", "lot_2") for bin in (None, "bin_1", "bin_2")]
    buckets = [
        bucket(f"item_{n}", free[n], lot_id=lot, bin_id=bin) for n, (lot, bin) in enumerate(parts)
    ]
    shelf = Shelf(buckets)

    taken = [shelf.take(wish, wish.quantity) for wish in wishes]
    for index, wish in enumerate(wishes):
        lack = wish.quantity - sum((one.quantity for one in taken[index]), D(0))
        shelf.make_room(wishes, taken, index, lack)

    used = {one.id: D(0) for one in buckets}
    for wish, found in zip(wishes, taken, strict=True):
        for one in found:
            assert wish.names(one.bucket)
            used[one.bucket.id] += one.quantity
    left = {one.id: shelf.left(Wish(quantity=D(1), bucket_id=one.id)) for one in buckets}
    assert {one.id: one.free - used[one.id] for one in buckets} == left
    assert sum(used.values()) == most_of(buckets, wishes)
