"""Which bin goods are put into: the order of rules, each strategy, and why bins are passed over."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from services.put_away.rules import USUAL, Goods, Place, Rule, Why, choose, judge, matching

D = Decimal
EVERYTHING = [Rule(strategy=strategy) for strategy in USUAL]


def bin(id: str, **more: Any) -> Any:
    values = {
        "id": id,
        "code": id.upper(),
        "type": "STANDARD",
        "zone": None,
        "storage_class": None,
        "mixing": "ANY",
        "pick_order": 0,
        "capacity_units": None,
        "capacity_weight_kg": None,
        "capacity_volume_litres": None,
        "active": True,
    }
    return SimpleNamespace(**values | more)


def place(id: str, held: dict[tuple[str, str | None], int] | None = None, **more: Any) -> Place:
    """A bin with units of goods in it, of products and lots."""
    own = {key: D(units) for key, units in (held or {}).items()}
    return Place(
        bin=bin(id, **more),
        units=sum(own.values(), D(0)),
        products=len({product for product, _ in own}),
        lots=len(own),
        own=own,
    )


def goods(**more: Any) -> Goods:
    values: dict[str, Any] = {
        "product_id": "p",
        "lot_id": "l",
        "source_bin_id": "dock",
        "storage_class": None,
        "step": D(1),
    }
    return Goods(**values | more)


def shelves(*places: Place) -> dict[str, Place]:
    return {one.bin.id: one for one in places}


def rule(id: str, **more: Any) -> Any:
    values = {
        "id": id,
        "strategy": "EMPTY_NEAREST",
        "priority": 0,
        "location_id": None,
        "product_id": None,
        "category_id": None,
        "storage_class": None,
        "bin_id": None,
        "zone": None,
    }
    return SimpleNamespace(**values | more)


def chosen(found: Any) -> list[tuple[str | None, Decimal]]:
    return [(one.bin_id, one.quantity) for one in found]


def test_the_most_specific_rule_goes_first_then_the_place_then_priority_then_the_id() -> None:
    rules = [
        rule("usual"),
        rule("class", storage_class="CHILLED"),
        rule("far", category_id="food"),
        rule("near", category_id="meals"),
        rule("b", product_id="p"),
        rule("a", product_id="p"),
        rule("first", product_id="p", priority=5),
        rule("here", product_id="p", location_id="loc"),
        rule("there", product_id="p", location_id="other"),
        rule("other", product_id="q"),
        rule("frozen", storage_class="FROZEN"),
    ]
    wanted = goods(storage_class="CHILLED", category_path=("food", "meals"))

    found = [one.id for one in matching(rules, wanted, "loc")]

    assert found == ["here", "first", "a", "b", "near", "far", "class", "usual"]


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("FIXED", "own"),
        ("LAST_USED", "last"),
        ("CONSOLIDATE", "lot"),
        ("EMPTY_NEAREST", "empty"),
        ("STORAGE_CLASS", "own"),
        ("BULK_OVERFLOW", "bulk"),
    ],
)
def test_each_strategy_looks_in_its_own_way(strategy: str, expected: str) -> None:
    places = shelves(
        place("own", {("q", None): 1}, pick_order=1),
        place("last", {("q", None): 1}, pick_order=2),
        place("product", {("p", "other"): 90}, pick_order=3),
        place("lot", {("p", "l"): 5}, pick_order=4),
        place("far", pick_order=6),
        place("empty", pick_order=5),
        place("bulk", pick_order=0, type="REPLENISHMENT"),
    )
    wanted = goods(preferred_bin_id="own", last_bin_id="last")

    assert chosen(choose(wanted, D(3), [Rule(strategy=strategy)], places)) == [(expected, D(3))]


def test_says_why_each_bin_was_passed_over() -> None:
    places = shelves(
        place("dock", pick_order=0),
        place("closed", pick_order=1, active=False),
        place("gate", pick_order=2, type="STAGING"),
        place("quarantine", pick_order=3, type="QUARANTINE"),
        place("cold", pick_order=4, storage_class="CHILLED"),
        place("alone", {("q", None): 1}, pick_order=5, mixing="SAME_PRODUCT"),
        place("single", {("p", "other"): 1}, pick_order=6, mixing="SAME_LOT"),
        place("sealed", {("p", "l"): 1}, pick_order=7, mixing="EMPTY_ONLY"),
        place("small", pick_order=8, capacity_units=D(9)),
        place("weak", pick_order=9, capacity_weight_kg=D(19)),
        place("narrow", pick_order=10, capacity_volume_litres=D(29)),
        place("right", pick_order=11, capacity_units=D(10)),
    )
    wanted = goods(unit_weight=D(2), unit_volume=D(3))

    (one,) = choose(wanted, D(10), [Rule(strategy="STORAGE_CLASS")], places)

    assert one.bin_id == "right"
    assert {told["code"]: told["why"] for told in one.rejected} == {
        "DOCK": Why.SOURCE,
        "CLOSED": Why.INACTIVE,
        "GATE": Why.NOT_FOR_STORAGE,
        "QUARANTINE": Why.HELD,
        "COLD": Why.STORAGE_CLASS,
        "ALONE": Why.MIXING,
        "SINGLE": Why.MIXING,
        "SEALED": Why.MIXING,
        "SMALL": Why.UNITS,
        "WEAK": Why.WEIGHT,
        "NARROW": Why.VOLUME,
    }


@pytest.mark.parametrize(
    ("limits", "room", "why"),
    [
        ({"capacity_units": D(10), "capacity_weight_kg": D(20)}, D(10), None),
        ({"capacity_units": D(7)}, D(7), Why.UNITS),
        ({"capacity_weight_kg": D(13)}, D(6), Why.WEIGHT),
        ({"capacity_volume_litres": D(8)}, D(2), Why.VOLUME),
        ({"capacity_units": D(0)}, D(0), Why.UNITS),
        ({"capacity_weight_kg": D(1)}, D(0), Why.WEIGHT),
        ({"capacity_volume_litres": D(1)}, D(0), Why.VOLUME),
    ],
)
def test_the_tightest_limit_says_how_much_fits(
    limits: dict[str, Any], room: Decimal, why: Why | None
) -> None:
    wanted = goods(unit_weight=D(2), unit_volume=D(3))

    assert judge(wanted, D(10), None, place("x", **limits)) == (why, room)


def test_what_no_bin_takes_whole_is_divided_and_the_rest_has_no_bin() -> None:
    places = shelves(
        place("one", pick_order=1, capacity_units=D(4)),
        place("two", {("q", None): 2}, pick_order=2, capacity_units=D(5)),
    )

    found = choose(goods(), D(10), EVERYTHING, places)

    assert chosen(found) == [("one", D(4)), ("two", D(3)), (None, D(3))]


def test_what_is_chosen_counts_for_the_next() -> None:
    places = shelves(
        place("one", pick_order=1, capacity_units=D(5), mixing="SAME_PRODUCT"),
        place("two", pick_order=2),
    )
    rules = [Rule(strategy="STORAGE_CLASS")]

    first = choose(goods(), D(3), rules, places)
    second = choose(goods(), D(3), rules, places)
    third = choose(goods(product_id="q"), D(1), rules, places)

    assert [chosen(one)[0][0] for one in (first, second, third)] == ["one", "two", "two"]


def test_the_next_rule_decides_where_one_finds_no_bin() -> None:
    places = shelves(place("own", capacity_units=D(2)), place("a", zone="A"), place("b", zone="B"))
    rules = [
        Rule(strategy="FIXED", id="r1", bin_id="own"),
        Rule(strategy="EMPTY_NEAREST", id="r2", zone="B"),
    ]

    (one,) = choose(goods(), D(3), rules, places)

    assert (one.bin_id, one.rule and one.rule.id) == ("b", "r2")
    assert [(told["code"], told["why"]) for told in one.rejected] == [("OWN", Why.UNITS)]
