"""The movements of the year lead to today's stock, with the rhythm of real trade."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from services.demo import history, stocking
from services.demo.history import Movement
from services.demo.products import check_digit, products

TODAY = date(2026, 11, 24)
PLACES = list(stocking.places())


def year(today: date = TODAY) -> list[Movement]:
    return history.newest_last(m for place in PLACES for m in history.of(place, today).movements)


def stock() -> dict[tuple[str, str, str, str], int]:
    return {
        (place.product.sku, place.location, bucket.bin, bucket.lot): bucket.quantity
        for place in PLACES
        for bucket in [*place.sold, *place.aside]
    }


def test_no_balance_is_negative_and_the_last_ones_are_todays_stock() -> None:
    balances: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for one in year():
        key = (one.product.sku, one.location, one.bin, one.lot)
        balances[key] = one.quantity if one.type == "COUNT" else balances[key] + one.quantity
        assert balances[key] >= 0

    assert {key: n for key, n in balances.items() if n} == {k: n for k, n in stock().items() if n}


def test_todays_stock_does_not_depend_on_the_day() -> None:
    before = stock()

    year(date(2027, 2, 28))

    assert stock() == before


def test_the_shop_sells_most_on_saturdays_and_the_warehouse_on_working_days() -> None:
    sold: Counter[tuple[str, int]] = Counter()
    for one in year():
        if one.type == "SALE":
            weekday = (TODAY + timedelta(days=one.day)).weekday()
            sold[one.location, weekday] -= one.quantity

    assert max(range(7), key=lambda day: sold["PORTLAND", day]) == 5
    assert sorted(range(7), key=lambda day: sold["MAIN", day])[:2] == [6, 5]


def test_every_barcode_ends_in_its_check_digit() -> None:
    barcodes = [product.barcode for product in products()]

    assert check_digit("400638133393") == "1"  # the example of many a textbook
    assert [code for code in barcodes if check_digit(code[:-1]) != code[-1]] == []
    assert len(set(barcodes)) == len(barcodes) == 250
