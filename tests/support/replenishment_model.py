"""What to order, computed plainly in decimals: the reference that the statement is held against."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise

ZERO = Decimal(0)
UNIT = Decimal("0.000001")
STEP = Decimal("0.5")  # of every product's quantities
# The usual steps of the unit normal distribution, as the table of the manual has them.
STEPS = tuple(
    zip(
        (".5", ".75", ".8", ".85", ".9", ".95", ".975", ".99", ".995", ".999"),
        ("0", ".67", ".84", "1.04", "1.28", "1.65", "1.96", "2.33", "2.58", "3.09"),
        strict=True,
    )
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A product at one place: what is set, what is there, and its days of demand.

    `flow` are the days of the window, the last one yesterday: what was asked for, and by how much
    what is there changed. `lots` are usable units that came today, by the day on which they expire.
    """

    location: str
    method: str
    numbers: dict[str, Decimal | int | None]
    on_hand: Decimal
    reserved: Decimal = ZERO
    on_order: Decimal = ZERO
    flow: tuple[tuple[Decimal, Decimal], ...] = ()
    lots: tuple[tuple[date, Decimal], ...] = ()
    source: str | None = None

    def number(self, name: str) -> Decimal | None:
        value = self.numbers.get(name)
        return None if value is None else Decimal(value)


@dataclass(frozen=True, kw_only=True)
class Advice:
    location: str
    position: Decimal
    daily: Decimal
    safety: Decimal
    point: Decimal
    target: Decimal
    quantity: Decimal
    is_due: bool
    priority: str
    stock_out: date | None
    source: str | None


def rounded(number: Decimal) -> Decimal:
    return number.quantize(UNIT, ROUND_HALF_UP)


def factor(level: Decimal) -> Decimal:
    for (low, z), (high, up) in pairwise(STEPS):
        if level <= Decimal(high):
            part = (level - Decimal(low)) / (Decimal(high) - Decimal(low))
            return rounded(Decimal(z) + part * (Decimal(up) - Decimal(z)))
    raise AssertionError(level)


def demand(place: Place) -> tuple[Decimal, Decimal]:
    """Units a day, and the variance of a day; days without stock from end to end are left out."""
    since = sum((units for _, units in place.lots), ZERO)
    start = place.on_hand - since - sum((net for _, net in place.flow), ZERO)
    closings = list(accumulate((net for _, net in place.flow), initial=start))
    empty = sum(
        1
        for n, (asked, net) in enumerate(place.flow)
        if closings[n] <= 0 and closings[n + 1] <= 0 and not net and not asked
    )
    days = len(place.flow) - empty
    if not days:
        return ZERO, ZERO
    daily = rounded(sum((asked for asked, _ in place.flow), ZERO) / days)
    squares = rounded(sum((asked * asked for asked, _ in place.flow), ZERO) / days)
    return daily, max(squares - rounded(daily * daily), ZERO)


def wasted(place: Place, daily: Decimal, days: Decimal, today: date) -> Decimal:
    """Units that expire within so many days before they are asked for, by walking day by day."""
    left = sorted((day, units) for day, units in place.lots if day <= today + timedelta(int(days)))
    lost, held = ZERO, dict.fromkeys((day for day, _ in left), ZERO)
    for day, units in left:
        held[day] += units
    for day in (today + timedelta(n) for n in range(int(days) + 1)):
        asked = daily
        for expiry in sorted(held):
            taken = min(held[expiry], asked)
            held[expiry] -= taken
            asked -= taken
        lost += held.pop(day, ZERO)
    return lost


def advise(place: Place, today: date, horizon: int = 0) -> Advice:
    daily, variance = demand(place)
    lead = place.number("lead_time_days") or ZERO
    given = place.number("review_period_days")
    review = Decimal(7) if given is None else given
    safety = _safety(place, daily, variance, lead)
    usable = place.on_hand - place.reserved
    waste = wasted(place, daily, lead + review, today)
    position = usable - waste + place.on_order
    point = _point(place, daily, lead, review, safety)
    target = _target(place, daily, lead, review, (safety, point))
    ahead = position - rounded(daily * horizon)
    is_due = point > ahead if place.method == "DAYS_OF_COVER" else point >= ahead
    missing = _missing(place, daily, point, target, ahead)
    quantity = _sized(place, daily, position, missing) if is_due else ZERO
    is_near = daily > 0 and usable < rounded(daily * lead)
    priority = "HIGH" if is_near else "MEDIUM" if is_due else "LOW"
    out: date | None = None
    if usable <= 0:
        priority, out = "CRITICAL", today
    elif daily:
        out = today + timedelta(min(int(usable / daily), 36500))
    return Advice(
        location=place.location,
        position=position,
        daily=daily,
        safety=safety,
        point=point,
        target=target,
        quantity=quantity,
        is_due=is_due,
        priority=priority,
        stock_out=out,
        source=place.source,
    )


def _safety(place: Place, daily: Decimal, variance: Decimal, lead: Decimal) -> Decimal:
    if (own := place.number("safety_stock")) is not None:
        return own
    if (level := place.number("service_level")) is None:
        return ZERO
    spread = place.number("lead_time_deviation_days") or ZERO
    inner = lead * variance + rounded(daily * daily) * spread * spread
    return rounded(factor(level) * inner.sqrt())


def _point(
    place: Place, daily: Decimal, lead: Decimal, review: Decimal, safety: Decimal
) -> Decimal:
    if place.method == "DAYS_OF_COVER":
        return rounded(daily * (lead + review)) + safety
    reorder = place.number("reorder_point")
    if place.method == "MIN_MAX":
        least = place.number("min_quantity")
        return least if least is not None else reorder if reorder is not None else ZERO
    return reorder if reorder is not None else rounded(daily * lead) + safety


def _target(
    place: Place,
    daily: Decimal,
    lead: Decimal,
    review: Decimal,
    below: tuple[Decimal, Decimal],
) -> Decimal:
    safety, point = below
    if place.method == "DAYS_OF_COVER":
        cover = place.number("cover_days") or ZERO
        return rounded(daily * (lead + review + cover)) + safety
    most = place.number("max_quantity")
    if most is not None:
        return most
    return point if place.method == "MIN_MAX" else point + rounded(daily * review)


def _missing(
    place: Place, daily: Decimal, point: Decimal, target: Decimal, ahead: Decimal
) -> Decimal:
    if place.method == "FIXED":
        size = place.number("order_quantity")
        assert size is not None
        times = ((point - ahead) / size).to_integral_value(ROUND_FLOOR) + 1
        return size * max(times, Decimal(1))
    if place.method == "EOQ":
        cost, holding = place.number("order_cost"), place.number("holding_cost")
        assert cost is not None
        assert holding is not None
        return max(rounded((2 * daily * 365 * cost / holding).sqrt()), point - ahead)
    return target - ahead


def _sized(place: Place, daily: Decimal, position: Decimal, missing: Decimal) -> Decimal:
    pack = place.number("pack_size") or STEP
    packs = (max(missing, STEP) / pack).to_integral_value(ROUND_CEILING)
    least = place.number("minimum_order_quantity") or ZERO
    quantity = max(packs, (least / pack).to_integral_value(ROUND_CEILING)) * pack
    life = place.number("shelf_life_days")
    if life is not None and daily:
        quantity = min(quantity, max(rounded(daily * life) - position, ZERO))
    return (quantity / pack).to_integral_value(ROUND_FLOOR) * pack
