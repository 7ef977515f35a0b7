"""What a channel may promise, mode by mode: the arithmetic of docs/promise.md."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.atp.rules import Cell, Mode, Numbers, Promised, Severity, Terms, cells, severity

D = Decimal


def terms(channel_id: str = "A", **more: object) -> Terms:
    return Terms(channel_id=channel_id, **more)  # type: ignore[arg-type]  # one place for all fields


def atps(made: list[Cell]) -> list[Decimal]:
    return [cell.atp for cell in made]


def test_without_policies_promises_what_is_on_hand_and_not_reserved() -> None:
    [cell] = cells(Numbers(D(200), reserved=D(50)), [terms()], {})

    assert (cell.on_hand, cell.reserved, cell.available, cell.atp) == (200, 50, 150, 150)
    assert cell.severity is Severity.OK


def test_deducts_expired_held_and_reserved_once_each() -> None:
    numbers = Numbers(on_hand=D(100), expired=D(5), held=D(10), reserved=D(20))

    [cell] = cells(numbers, [terms(safety_stock=D(5), buffer=D(2))], {})

    assert (cell.available, cell.atp) == (65, 58)


def test_pays_fences_by_priority_when_they_outgrow_the_stock() -> None:
    numbers = Numbers(on_hand=D(65))
    fenced = [
        terms("A", mode=Mode.FENCED, rank=0),
        terms("B", mode=Mode.FENCED, rank=1),
        terms("C", rank=2),
    ]
    promised = {"A": Promised(quota_left=D(30)), "B": Promised(quota_left=D(40))}

    made = cells(numbers, fenced, promised)

    assert [cell.available for cell in made] == [30, 35, 65]
    assert atps(made) == [30, 35, 0]
    assert [cell.fenced_for_others for cell in made] == [40, 30, 70]


def test_lets_a_fence_spill_over_into_free_stock() -> None:
    fenced = terms("A", mode=Mode.FENCED, spill_over=True)

    [cell] = cells(Numbers(D(50)), [fenced], {"A": Promised(D(5), D(20))})

    assert (cell.available, cell.atp) == (20, 50)
    assert (cell.on_hand, cell.reserved) == (25, 5)


def test_caps_what_is_promised_at_a_time() -> None:
    capped = terms("A", mode=Mode.CAP, cap=D(30))

    [cell] = cells(Numbers(D(100), reserved=D(12)), [capped], {"A": Promised(D(12))})

    assert (cell.on_hand, cell.reserved, cell.available, cell.atp) == (100, 12, 88, 18)


def test_a_cap_without_a_number_caps_nothing() -> None:
    assert atps(cells(Numbers(D(9)), [terms(mode=Mode.CAP)], {})) == [9]


def test_deals_out_shares_that_together_are_what_is_free() -> None:
    shares = [
        terms("A", mode=Mode.SHARE, share=D("0.5")),
        terms("B", mode=Mode.SHARE, share=D("0.3")),
        terms("C", mode=Mode.SHARE, share=D("0.2")),
    ]

    made = cells(Numbers(D(10), reserved=D(3)), shares, {"A": Promised(D(3))})

    assert atps(made) == [2, 3, 2]
    assert [cell.on_hand for cell in made] == [5, 3, 2]
    assert [cell.reserved for cell in made] == [3, 0, 0]


def test_gives_the_steps_left_over_to_the_largest_remainders() -> None:
    shares = [terms(id, mode=Mode.SHARE, share=D("0.333333")) for id in "ABC"]

    assert atps(cells(Numbers(D(11)), shares, {})) == [4, 3, 3]
    assert atps(cells(Numbers(D("1.5")), shares, {}, step=D("0.1"))) == [
        D("0.5"),
        D("0.5"),
        D("0.4"),
    ]


def test_leaves_unshared_what_no_share_covers() -> None:
    shares = [terms("A", mode=Mode.SHARE, share=D("0.5")), terms("B")]

    assert atps(cells(Numbers(D(10)), shares, {})) == [5, 10]


def test_promises_beyond_the_stock_only_as_far_as_backorders_go() -> None:
    numbers = Numbers(on_hand=D(2), reserved=D(9))

    made = cells(numbers, [terms("A", backorder_limit=D(5)), terms("B")], {})

    assert atps(made) == [-5, 0]
    assert [cell.available for cell in made] == [-7, -7]


def test_invariant_22_severity_is_critical_at_nothing_and_low_up_to_the_threshold() -> None:
    at = {q: severity(D(q), D(10)) for q in ("-1", "0", "0.000001", "10", "10.000001")}

    assert at == {
        "-1": Severity.CRITICAL,
        "0": Severity.CRITICAL,
        "0.000001": Severity.LOW,
        "10": Severity.LOW,
        "10.000001": Severity.OK,
    }


quantities = st.integers(0, 200).map(D)


@given(
    st.builds(Numbers, quantities, quantities, quantities, quantities),
    st.lists(st.tuples(st.sampled_from(Mode), quantities, quantities), min_size=1, max_size=5),
)
def test_never_promises_more_than_is_usable_whatever_the_modes(
    numbers: Numbers, channels: list[tuple[Mode, Decimal, Decimal]]
) -> None:
    made = cells(
        numbers,
        [
            terms(str(n), mode=mode, rank=n, share=D(1) / len(channels))
            for n, (mode, _, _) in enumerate(channels)
        ],
        {str(n): Promised(own, left) for n, (_, own, left) in enumerate(channels)},
    )

    most = max(D(0), numbers.available)
    assert all(0 <= cell.atp <= most for cell in made)
    fenced = sum(cell.atp for cell in made if cell.terms.mode is Mode.FENCED)
    assert fenced <= most
