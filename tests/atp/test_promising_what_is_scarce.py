"""Weights, preemption, shelf lives and limits: the arithmetic of docs/promise.md."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.atp.rules import Cell, Mode, Numbers, Promised, Terms, cells

D = Decimal


def terms(channel_id: str = "A", **more: object) -> Terms:
    return Terms(channel_id=channel_id, **more)  # type: ignore[arg-type]  # one place for all fields


def atps(made: list[Cell]) -> list[Decimal]:
    return [cell.atp for cell in made]


def test_divides_what_is_free_by_weight_once_it_is_scarce() -> None:
    weighed = [terms("A", weight=D("0.5")), terms("B", weight=D("0.3")), terms("C")]

    assert atps(cells(Numbers(D(11)), weighed, {})) == [11, 11, 11]
    assert atps(cells(Numbers(D(10)), weighed, {})) == [5, 3, 10]
    assert atps(cells(Numbers(D(7)), weighed, {})) == [3, 2, 7]  # 3.5 and 2.1: five whole units


def test_pays_fences_of_one_level_by_weight_and_the_levels_in_turn() -> None:
    fenced = [
        terms("A", mode=Mode.FENCED, rank=0, level=0),
        terms("B", mode=Mode.FENCED, rank=1, level=1, weight=D("0.6")),
        terms("C", mode=Mode.FENCED, rank=2, level=1, weight=D("0.2")),
        terms("D", mode=Mode.FENCED, rank=3, level=1),
    ]
    quotas = {id: Promised(quota_left=D(10)) for id in "ABCD"}

    assert atps(cells(Numbers(D(18)), fenced, quotas)) == [10, 6, 2, 0]
    assert atps(cells(Numbers(D(34)), fenced, quotas)) == [10, 10, 10, 4]
    assert atps(cells(Numbers(D(6)), fenced, quotas)) == [6, 0, 0, 0]


def test_a_channel_may_take_what_is_set_aside_for_those_after_it() -> None:
    made = [
        terms("A", rank=0, level=0, can_preempt=True),
        terms("B", mode=Mode.FENCED, rank=1, level=1),
        terms("C", rank=2, level=1, can_preempt=True),
    ]
    quotas = {"B": Promised(quota_left=D(6))}

    enough, short = (cells(Numbers(D(n)), made, quotas) for n in (10, 4))

    assert (atps(enough), atps(short)) == ([10, 6, 4], [4, 4, 0])
    assert [cell.fenced_for_others for cell in enough] == [0, 0, 6]


def test_promises_only_what_lives_long_enough() -> None:
    numbers = Numbers(D(20), reserved=D(4), lots=((3, D(5)), (40, D(6))))
    made = [terms("A", minimum_shelf_life_days=30), terms("B", minimum_shelf_life_days=3)]

    a, b = cells(numbers, made, {})

    assert (a.atp, a.short_lived, b.atp, b.short_lived) == (11, 5, 16, 0)


def test_promises_no_more_than_its_part_of_what_is_usable() -> None:
    numbers = Numbers(D(25), expired=D(3), reserved=D(8))
    promised = {"A": Promised(quantity=D(6))}

    [cell] = cells(numbers, [terms(maximum_fraction=D("0.4"))], promised)

    assert cell.atp == 2  # 40 % of 22 are 8 whole units, and 6 are promised


def test_accepts_nothing_below_the_minimum_and_as_much_below_zero_as_it_may() -> None:
    [low] = cells(Numbers(D(4)), [terms(minimum_atp=D(5))], {})
    [enough] = cells(Numbers(D(5)), [terms(minimum_atp=D(5), backorder_limit=D(2))], {})

    assert (low.atp, low.acceptable, enough.acceptable) == (4, 0, 7)


amounts = st.integers(0, 40).map(Decimal)
weights = st.sampled_from([None, D("0.1"), D("0.25")])


@given(
    on_hand=amounts,
    quotas=st.lists(amounts, min_size=4, max_size=4),
    parts=st.lists(weights, min_size=4, max_size=4),
    levels=st.lists(st.integers(0, 2), min_size=4, max_size=4),
)
def test_fences_are_paid_with_all_that_is_there_and_never_more(
    on_hand: Decimal, quotas: list[Decimal], parts: list[Decimal | None], levels: list[int]
) -> None:
    fenced = [
        terms(str(n), mode=Mode.FENCED, rank=n, level=level, weight=part)
        for n, (level, part) in enumerate(zip(sorted(levels), parts, strict=True))
    ]
    left = {str(n): Promised(quota_left=quota) for n, quota in enumerate(quotas)}

    found = atps(cells(Numbers(on_hand), fenced, left))

    assert sum(found) == min(on_hand, sum(quotas))
    assert all(atp <= quota for atp, quota in zip(found, quotas, strict=True))
