"""Analytics: what stock was worth, how fast it turned, what does not move and what expires.

Every figure is defined in docs/analytics.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from domain.errors import Invalid, LimitExceeded
from domain.quantities import ZERO
from models import analytics
from models.analytics import EXPIRING_DAYS, Scope
from models.session import Session

DAYS_DEFAULT = 365
# The last day of the earliest period that there can be.
FIRST_LAST = date.min + timedelta(days=DAYS_DEFAULT)
DAYS_MAX = 3_660
ROWS_MAX = 200
SOON_DAYS = EXPIRING_DAYS[0]
STEPS_MAX = 400
_YEAR = 365
_PLACES = Decimal("0.000001")


class Basis(Enum):
    """What the figures of stock are made of."""

    LEDGER = "LEDGER"
    """Of the ledger: stock as it was on each day."""

    CURRENT_STOCK = "CURRENT_STOCK"
    """Of what is there now, at what it costs now, as there is no ledger of the period."""


class Step(Enum):
    """How long a step of a series is."""

    DAY = "DAY"
    """A day."""

    WEEK = "WEEK"
    """A week, from Monday on."""

    MONTH = "MONTH"
    """A month of the calendar."""


_STEP_DAYS = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 28}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be looked at; without days, the last 365."""

    location_id: str | None = None
    category_id: str | None = None
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days that were looked at, both included, and their first and last second."""

    scope: Scope
    from_: datetime
    to: datetime

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.scope.to - self.scope.from_).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What some stock came to over a period; `key` is what it is the stock of."""

    key: str | None
    days: int
    units: Decimal
    value: Decimal
    average_units: Decimal
    average_value: Decimal
    outbound_units: Decimal
    outbound_cost: Decimal
    stock_out_rate: Decimal | None
    last_outbound: date | None = None

    @property
    def turns(self) -> Decimal | None:
        """Cost of what went out by the mean value of stock; None where nothing was in stock."""
        return _ratio(self.outbound_cost, self.average_value)

    @property
    def turnover_rate(self) -> Decimal | None:
        """The turns of a year."""
        return _ratio(self.outbound_cost * _YEAR, self.average_value * self.days)

    @property
    def days_on_hand(self) -> Decimal | None:
        """How long a unit stays; None where nothing went out."""
        return _ratio(self.average_value * self.days, self.outbound_cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The figures of all of it, and how many products do not move."""

    figures: Figures
    basis: Basis
    slow: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """Lots with units on hand that have expired (`within` is None) or will within so many days."""

    within: int | None
    lots: int
    units: Decimal
    value: Decimal
    at_risk_units: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How well requests were met, and how well the book agreed with counts; shares are of 1."""

    asked_lines: int
    met_lines: int
    asked_units: Decimal
    met_units: Decimal
    judged_lines: int
    right_lines: int
    expected_units: Decimal
    off_units: Decimal

    @property
    def line_fill_rate(self) -> Decimal | None:
        """Lines that were met whole; None without any."""
        return _ratio(Decimal(self.met_lines), Decimal(self.asked_lines))

    @property
    def fill_rate(self) -> Decimal | None:
        """Units that were met; None without any."""
        return _ratio(self.met_units, self.asked_units)

    @property
    def hit_rate(self) -> Decimal | None:
        """Lines within tolerance; None where none was judged."""
        return _ratio(Decimal(self.right_lines), Decimal(self.judged_lines))

    @property
    def unit_accuracy(self) -> Decimal | None:
        """1 less the units that were off, whichever way, of those expected; not below 0."""
        off = _ratio(self.off_units, self.expected_units)
        return None if off is None else max(ZERO, 1 - off)


async def service(session: Session, period: Period) -> Service:
    """How well requests were met and counts agreed in the period."""
    row = await session.one(analytics.service(period.scope))
    return Service(**row._mapping)  # noqa: SLF001 - its public name


async def period(session: Session, wish: Wish) -> Period:
    """The days that a wish means: up to today, and 365 of them unless it says otherwise.

    Raises:
        Invalid: the first day is after the last.
        LimitExceeded: there are more than `DAYS_MAX` days.
    """
    today = await session.scalar(analytics.today())
    to = max(min(wish.to_date or today, today), FIRST_LAST)
    from_ = wish.from_date or to - timedelta(days=DAYS_DEFAULT - 1)
    if from_ > to:
        raise Invalid("fromDate", "fromDate must not be after toDate, nor ahead.")
    if (to - from_).days >= DAYS_MAX:
        message = f"The period has more than {DAYS_MAX:,} days."
        raise LimitExceeded("fromDate", message, max=DAYS_MAX)
    scope = Scope(wish.location_id, wish.category_id, from_, to)
    moments = await session.one(analytics.bounds(scope))
    return Period(scope=scope, from_=moments.from_, to=moments.to)


async def totals(session: Session, period: Period) -> Totals:
    """All of it together."""
    row = await session.one(analytics.totals(period.scope))
    return Totals(
        figures=_figures(row, period, None),
        basis=Basis.LEDGER if row.has_history else Basis.CURRENT_STOCK,
        slow=row.slow,
        dead=row.dead,
    )


async def by_category(session: Session, period: Period) -> Sequence[Figures]:
    """Each category, the most valuable first; the key of products without one is None."""
    rows = await session.all(analytics.by_category(period.scope))
    return [_figures(row, period, row.key) for row in rows]


async def by_location(session: Session, period: Period) -> Sequence[Figures]:
    """Each location, the most valuable first; the key of sales that name none is None."""
    rows = await session.all(analytics.by_location(period.scope))
    return [_figures(row, period, row.key) for row in rows]


async def by_product(
    session: Session, period: Period, first: int, *, only_slow: bool = False
) -> Sequence[Figures]:
    """The most valuable products, or those of them that move slowly.

    Raises:
        Invalid, LimitExceeded: `first` is below 0 or above `ROWS_MAX`.
    """
    if first < 0:
        raise Invalid("first", "first must be at least 0.")
    if first > ROWS_MAX:
        raise LimitExceeded("first", f"first must be at most {ROWS_MAX}.", max=ROWS_MAX)
    statement = analytics.by_product(period.scope, first, only_slow=only_slow)
    rows = await session.all(statement)
    return [_figures(row, period, row.key, row.last_outbound) for row in rows]


async def series(session: Session, period: Period, step: Step) -> Sequence[Any]:
    """What was there at the close of each step, and what went out in it; in order.

    Raises:
        LimitExceeded: the period has more than `STEPS_MAX` such steps.
    """
    if period.days > STEPS_MAX * _STEP_DAYS[step]:
        message = f"The period has more than {STEPS_MAX} steps: take longer ones."
        raise LimitExceeded("by", message, max=STEPS_MAX)
    return await session.all(analytics.series(period.scope, step.value.lower()))


async def expiring(session: Session, period: Period) -> Sequence[Expiring]:
    """What has expired, and what will within 30, 60, 90 and 180 days from today."""
    row = (await session.one(analytics.expiring(period.scope)))._mapping  # noqa: SLF001 - its public name
    terms: Mapping[str, int | None] = {"expired": None} | {f"within_{n}": n for n in EXPIRING_DAYS}
    return [
        Expiring(
            within=within,
            lots=row[f"{term}_lots"],
            units=row[f"{term}_units"],
            value=row[f"{term}_value"],
            at_risk_units=row[f"{term}_at_risk_units"].quantize(_PLACES),
        )
        for term, within in terms.items()
    ]


def _figures(row: Any, period: Period, key: str | None, last: date | None = None) -> Figures:
    return Figures(
        key=key,
        days=period.days,
        units=row.units,
        value=row.value.quantize(_PLACES),
        average_units=(row.unit_days / period.days).quantize(_PLACES),
        average_value=(row.value_days / period.days).quantize(_PLACES),
        outbound_units=row.outbound_units,
        outbound_cost=row.outbound_cost.quantize(_PLACES),
        stock_out_rate=_ratio(Decimal(row.zero_days), Decimal(row.active_days)),
        last_outbound=last,
    )


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    return None if whole == ZERO else (part / whole).quantize(_PLACES)
