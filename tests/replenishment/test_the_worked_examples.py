"""The worked examples of docs/replenishment.md and docs/put-away.md, computed."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from replenishment_model import Place, advise, demand, factor
from services.put_away.rules import Goods, Rule, Why, judge
from services.put_away.rules import Place as Bin

DOCS = Path(__file__).parents[2] / "docs"
D = Decimal


@pytest.fixture
def replenishment() -> str:
    return (DOCS / "replenishment.md").read_text(encoding="utf-8")


def test_days_without_stock_are_left_out(replenishment: str) -> None:
    sold = ((D(3), D(-3)),) * 20
    empty = ((D(0), D(0)),) * 10
    place = Place(location="", method="FIXED", numbers={}, on_hand=D(0), flow=sold + empty)

    assert "60 units in 30 days of which 10 were without stock are 60 / 20 = 3 a day" in (
        replenishment
    )
    assert demand(place)[0] == 3


def test_safety_stock_reorder_point_and_packs(replenishment: str) -> None:
    days = ((D(2), D(-2)), (D(6), D(-6))) * 20  # 4 a day, deviation 2
    numbers: dict[str, Decimal | int | None] = {
        "lead_time_days": 9,
        "service_level": D("0.95"),
        "pack_size": D(12),
    }
    place = Place(location="", method="REORDER_POINT", numbers=numbers, on_hand=D(30), flow=days)

    advice = advise(place, date(2026, 6, 1))

    assert factor(D("0.95")) == D("1.65")
    assert (advice.safety, advice.point, advice.target) == (D("9.9"), D("45.9"), D("73.9"))
    assert advice.quantity == 48
    for said in ("1.65 x sqrt(9 x 4) = 9.9", "4 x 9 + 9.9 = 45.9", "45.9 + 28 = 73.9", "12 = 48"):
        assert said in replenishment


def test_room_counts_what_open_tasks_bring() -> None:
    shelf = SimpleNamespace(
        id="b",
        type="STANDARD",
        active=True,
        storage_class=None,
        mixing="ANY",
        capacity_units=D(100),
        capacity_weight_kg=None,
        capacity_volume_litres=None,
    )
    place = Bin(bin=shelf, units=D(30) + D(40))
    goods = Goods(product_id="p", lot_id=None, source_bin_id=None, storage_class=None, step=D(1))
    rule = Rule(strategy="STORAGE_CLASS")

    text = (DOCS / "put-away.md").read_text(encoding="utf-8")
    assert "a bin takes 100 units; 30 lie in it, and an open task brings 40" in text
    assert judge(goods, D(50), rule, place) == (Why.UNITS, D(30))
    assert judge(goods, D(30), rule, place) == (None, D(30))
