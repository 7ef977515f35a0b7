"""Random sets of policies, quotas and promises, against a slow model in plain Python."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from promise_model import Channel, promises
from services.atp.rules import Cell, Mode, Numbers, Promised, Terms, cells

D = Decimal
FEW = st.integers(0, 12)
PART = st.integers(0, 10).map(lambda n: Fraction(n, 40))
SHORT_DAYS = 5


@st.composite
def channels(draw: st.DrawFn) -> list[Channel]:
    count = draw(st.integers(1, 4))
    levels = sorted(draw(st.lists(st.integers(0, 2), min_size=count, max_size=count)))
    short = draw(FEW)
    made = []
    for n, level in enumerate(levels):
        mode = draw(st.sampled_from([one.value for one in Mode]))
        is_weighed = mode in ("SHARED", "CAP")
        made.append(
            Channel(
                id=f"C{n}",
                mode=mode,
                rank=n,
                level=level,
                promised=draw(FEW),
                left=0 if is_weighed else draw(FEW),
                share=draw(PART),
                cap=draw(st.none() | FEW),
                spills=draw(st.booleans()),
                kept=draw(st.sampled_from([0, 0, 3])),
                backorder=draw(st.sampled_from([0, 0, 5])),
                threshold=draw(FEW),
                weight=draw(st.none() | PART) if is_weighed else None,
                preempts=draw(st.booleans()),
                minimum=draw(st.none() | FEW),
                fraction=draw(st.none() | PART),
                short_lived=draw(st.sampled_from([0, short])),
            )
        )
    return made


def decimal(part: Fraction) -> Decimal:
    return D(part.numerator) / D(part.denominator)


def terms_of(one: Channel) -> Terms:
    return Terms(
        channel_id=one.id,
        mode=Mode(one.mode),
        rank=one.rank,
        level=one.level,
        share=decimal(one.share),
        cap=None if one.cap is None else D(one.cap),
        spill_over=one.spills,
        safety_stock=D(one.kept),
        backorder_limit=D(one.backorder),
        threshold=D(one.threshold),
        weight=None if one.weight is None else decimal(one.weight),
        can_preempt=one.preempts,
        minimum_atp=None if one.minimum is None else D(one.minimum),
        maximum_fraction=None if one.fraction is None else decimal(one.fraction),
        minimum_shelf_life_days=SHORT_DAYS if one.short_lived else 0,
    )


def made_of(usable: int, reserved: int, wanted: list[Channel]) -> list[Cell]:
    short = max(one.short_lived for one in wanted)
    lots = ((SHORT_DAYS - 1, D(short)),) if short else ()
    numbers = Numbers(D(usable + 3), D(1), D(2), D(reserved), lots)
    own = {one.id: Promised(D(one.promised), D(one.left)) for one in wanted}
    return cells(numbers, [terms_of(one) for one in wanted], own)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 40), FEW, channels())
def test_invariant_22_cells_are_what_the_plain_model_says(
    usable: int, reserved: int, wanted: list[Channel]
) -> None:
    found = {
        cell.terms.channel_id: (cell.atp, cell.acceptable, cell.severity.value)
        for cell in made_of(usable, reserved, wanted)
    }

    assert found == promises(usable, reserved, wanted)


@given(st.integers(0, 40), FEW, channels())
def test_promises_below_zero_go_no_further_than_backorders(
    usable: int, reserved: int, wanted: list[Channel]
) -> None:
    for cell in made_of(usable, reserved, wanted):
        limit = cell.terms.backorder_limit
        assert cell.atp >= -limit
        assert cell.acceptable <= max(D(0), cell.atp + limit)
