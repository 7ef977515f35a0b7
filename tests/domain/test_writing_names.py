from decimal import Decimal

import pytest

from domain.names import counted, spoken


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 units"), (1, "1 unit"), (Decimal("1.0"), "1.0 unit"), (2, "2 units")],
)
def test_one_thing_is_told_as_one(number: int | Decimal, said: str) -> None:
    assert counted(number, "unit") == said


def test_a_type_is_told_as_people_say_it() -> None:
    assert [spoken(name) for name in ("Transfer", "StockRequest")] == ["Transfer", "Stock request"]
