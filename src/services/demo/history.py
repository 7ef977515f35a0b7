"""Twelve months of movements that end exactly at today's stock.

The year is walked backwards from today: a sale undone puts units back into its bucket, and when a
bucket has grown to the size of a delivery, that is when the delivery came. So today's quantities
depend on the seed alone, while weekdays and seasons are those of the real calendar.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from services.demo.products import Product, dice
from services.demo.stocking import Bucket, Place, lot_number

DAYS = 365
OPENING = -DAYS

# Monday to Sunday: parcels go out on working days, the shop is full at the weekend.
WEEKDAYS = (1.25, 1.1, 1.0, 1.05, 1.2, 0.8, 0.6)
SHOP_WEEKDAYS = (0.5, 0.6, 0.8, 0.9, 1.3, 1.8, 1.1)
PEAKS = {"SUMMER": 196, "WINTER": 8, "FLAT": 0}  # day of the year
SWINGS = {"SUMMER": 0.55, "WINTER": 0.6, "FLAT": 0.0}
GROWTH = 0.25  # in a year
SALE_DAYS = {"A": 0.2, "B": 0.08, "C": 0.03}  # share of days with a sale

# Channels that sell from a place, with their weights.
SELLERS = {
    "MAIN": {"DTC": 45, "MARKET": 20, "WHOLESALE": 20, "DROPSHIP": 10},
    "COLD": {"DTC": 60, "WHOLESALE": 20, "CLINIC": 20},
    "PORTLAND": {"RETAIL": 92, "DTC": 8},
    "CLINIC": {"CLINIC": 1},
}
DISCOUNTS = {"WHOLESALE": 70, "DROPSHIP": 80, "MARKET": 97, "CLINIC": 85}  # per cent of the price


@dataclass(slots=True, kw_only=True)
class Movement:
    """One row of movements.csv; `day` counts from today, `quantity` is in steps of the product."""

    product: Product
    location: str
    bin: str
    lot: str
    day: int
    minute: int
    type: str
    quantity: int
    channel: str = ""
    reference: str = ""


@dataclass(slots=True)
class History:
    """The movements of one place, and the lots that came and went."""

    movements: list[Movement] = field(default_factory=list)
    lots: list[Bucket] = field(default_factory=list)


def of(place: Place, today: date) -> History:
    """The year of one place."""
    return _Year(place, today).walk()


class _Year:
    """Walks one place back through the year."""

    def __init__(self, place: Place, today: date) -> None:
        self._place = place
        self._product = place.product
        self._today = today
        self._numbers: Random = dice("history", place.location, place.product.sku)
        self._made = History()

    def walk(self) -> History:
        """Make every movement, the newest first."""
        for bucket in [*self._place.sold[1:], *self._place.aside]:
            self._deliver(bucket, bucket.quantity, -self._numbers.randint(3, 45))
        if self._place.sold:
            self._sell(self._place.sold[0])
        return self._made

    def _sell(self, bucket: Bucket) -> None:
        balance, size = bucket.quantity, self._delivery()
        sold_out_for = self._numbers.randint(1, 9) if balance == 0 else 0
        for day in range(-1 - sold_out_for, OPENING, -1):
            balance += self._loss(bucket, day, balance)
            balance += self._sale(bucket, day)
            if balance < size:
                continue
            if self._product.is_lot_tracked:
                self._deliver(bucket, balance, day - self._numbers.randint(2, 15))
                bucket, balance = self._earlier_lot(bucket, day), 0
            else:
                self._deliver(bucket, size, day)
                balance -= size
            size = self._delivery()
        if balance:
            self._deliver(bucket, balance, OPENING)

    def _sale(self, bucket: Bucket, day: int) -> int:
        """Undo the sale of a day; how many units it took."""
        lift = self._lift(day)
        share = SALE_DAYS[self._product.demand]
        if self._numbers.random() >= share * min(lift, 1.9):
            return 0
        mean = self._place.rate / share * max(1.0, lift / 1.9)
        channel = self._channel()
        if channel == "WHOLESALE":
            mean *= 2
        quantity = max(1, round(self._numbers.expovariate(1 / mean)))
        order = self._numbers.randint(100_000, 999_999)
        minute = self._numbers.randint(9 * 60, 18 * 60)
        self._add(bucket, (day, minute), "SALE", -quantity, channel, f"SO-{order}")
        return quantity

    def _lift(self, day: int) -> float:
        """How much more than usual is sold on this day."""
        when = self._today + timedelta(days=day)
        rhythm = SHOP_WEEKDAYS if self._place.location == "PORTLAND" else WEEKDAYS
        season = self._product.season
        turn = 2 * math.pi * (when.timetuple().tm_yday - PEAKS[season]) / DAYS
        trend = 1 + GROWTH * day / DAYS
        return rhythm[when.weekday()] * (1 + SWINGS[season] * math.cos(turn)) * trend

    def _loss(self, bucket: Bucket, day: int, balance: int) -> int:
        """Undo what went wrong on a day, found by a count every quarter; how many units it took."""
        draw = self._numbers.random()
        if (day + len(self._product.sku) * 7) % 91 == 0:
            missing = self._numbers.choice((0, 0, 1, 1, 2, -1))
            if missing > -balance and missing:
                self._add(bucket, (day, 20 * 60), "COUNT", balance)
                return missing
        elif draw < 0.002:  # noqa: PLR2004 - sample data
            self._add(bucket, (day, 19 * 60), "DAMAGE", -1, reference="Dropped")
            return 1
        elif draw > 0.999 and balance > 1:  # noqa: PLR2004 - sample data
            self._add(bucket, (day, 8 * 60), "RETURN", 1, "DTC", "Return")
            return -1
        return 0

    def _delivery(self) -> int:
        """How large a delivery is: two to eight weeks' need in whole cases."""
        days = self._numbers.uniform(14, 56)
        if self._product.life_days is not None:
            days = min(days, self._product.life_days * 0.5)
        case = self._product.case or 10
        if self._place.location == "PORTLAND":
            case = max(1, case // 2)
        return max(1, math.ceil(self._place.rate * days / case)) * case

    def _deliver(self, bucket: Bucket, quantity: int, day: int) -> None:
        if quantity == 0:
            return
        reference, kind = f"PO-{self._numbers.randint(10_000, 99_999)}", "PURCHASE"
        if self._place.location == "PORTLAND":
            reference, kind = f"TO-{self._numbers.randint(10_000, 99_999)}", "RECEIPT"
        if day <= OPENING:
            day, reference, kind = OPENING, "OPENING", "RECEIPT"
        self._add(bucket, (day, 7 * 60 + 30), kind, quantity, reference=reference)

    def _earlier_lot(self, later: Bucket, day: int) -> Bucket:
        """The lot that was used up on the day when the later one was begun."""
        expires_in = None
        if self._product.life_days is not None and later.expires_in is not None:
            left = round(self._product.life_days * self._numbers.uniform(0.05, 0.4))
            expires_in = min(later.expires_in - 1, day + left)
        lot = Bucket(later.bin, 0, lot_number(self._numbers), expires_in)
        self._made.lots.append(lot)
        return lot

    def _channel(self) -> str:
        weights = SELLERS[self._place.location]
        if self._product.is_medical and self._place.location == "MAIN":
            weights = {**weights, "CLINIC": 15}
        return self._numbers.choices(list(weights), list(weights.values()))[0]

    def _add(
        self,
        bucket: Bucket,
        when: tuple[int, int],
        type: str,
        quantity: int,
        channel: str = "",
        reference: str = "",
    ) -> None:
        product, location = self._place.product, self._place.location
        self._made.movements.append(
            Movement(
                product=product,
                location=location,
                bin=bucket.bin,
                lot=bucket.lot,
                day=when[0],
                minute=when[1],
                type=type,
                quantity=quantity,
                channel=channel,
                reference=reference,
            )
        )


def newest_last(movements: Iterator[Movement]) -> list[Movement]:
    """The movements of a company in the order in which they happened."""
    return sorted(movements, key=lambda one: (one.day, one.minute, one.product.sku, one.location))
