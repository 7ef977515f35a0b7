"""Analytics of stock over a period: worth, turnover, what does not move, what expires."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import choices, guarded, input_, output, plain
from resolvers.lists import Info, linked
from resolvers.nodes import Shown
from resolvers.scalars import Money, Quantity
from services import analytics as service

_FIRST = 20

AnalyticsBasis = service.Basis
AnalyticsStep = service.Step
choices(AnalyticsBasis, "AnalyticsBasis")
choices(AnalyticsStep, "AnalyticsStep")


@input_
class AnalyticsFilter:
    """What is looked at."""

    location_id: strawberry.ID | None = strawberry.UNSET
    """One location; all of them when it is left out, with sales that name none."""

    category_id: strawberry.ID | None = strawberry.UNSET
    """One category with those below it."""

    from_date: date | None = strawberry.UNSET
    """The first day; 365 days up to the last one when it is left out."""

    to_date: date | None = strawberry.UNSET
    """The last day; today when it is left out or ahead."""


@output
class AnalyticsPeriod:
    """The days that were looked at, both included."""

    from_: datetime = strawberry.field(name="from", description="Its first second.")

    to: datetime
    """Its last second."""

    days: int
    """How many days it has."""


@output
class AnalyticsFigures:
    """What some stock came to over the period."""

    figures: strawberry.Private[service.Figures]

    units: Quantity
    """Units on hand at the end of the period."""

    value: Money
    """What they cost: units by what one cost then."""

    average_units: Quantity
    """The mean of the units on hand at the end of each day."""

    average_value: Money
    """The mean of their value at the end of each day."""

    outbound_units: Quantity
    """Units issued, sold and used up in the period, without what was taken back."""

    outbound_cost: Money
    """What these cost on their days."""

    @plain
    def turns_in_period(self) -> Quantity | None:
        """Outbound cost by average value; absent where nothing was in stock."""
        return _quantity(self.figures.turns)

    @plain
    def turnover_rate(self) -> Quantity | None:
        """The turns of 365 days at this pace; absent where nothing was in stock."""
        return _quantity(self.figures.turnover_rate)

    @plain
    def average_days_on_hand(self) -> Quantity | None:
        """How many days the average stock lasts at this pace; absent where nothing went out."""
        return _quantity(self.figures.days_on_hand)

    @plain
    def stock_out_rate(self) -> Quantity | None:
        """Of the days that a product was kept at a location, the part that ended with none there.

        Absent where nothing was kept.
        """
        return _quantity(self.figures.stock_out_rate)


@output
class CategoryAnalytics:
    """What the products of one category came to; those of the categories below it are apart."""

    figures: AnalyticsFigures
    """The figures."""

    key: strawberry.Private[str | None]

    @linked(kinds.CATEGORY)
    def category(self) -> str | None:
        """The category; absent for products that stand in none."""
        return self.key


@output
class LocationAnalytics:
    """What the stock of one location came to."""

    figures: AnalyticsFigures
    """The figures."""

    key: strawberry.Private[str | None]

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """The location; absent for sales that name none."""
        return self.key


@output
class ProductAnalytics:
    """What one product came to."""

    figures: AnalyticsFigures
    """The figures."""

    last_outbound_on: date | None
    """When units of it last went out; absent where none ever did."""

    key: strawberry.Private[str]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.key


@output
class ExpiringAnalytics:
    """Lots with units on hand that have expired, or will within so many days from today."""

    within_days: int | None
    """Within how many days they will expire, lots of the shorter terms included; absent for those
    that have expired."""

    lots: int
    """How many lots."""

    units: Quantity
    """Units on hand of them."""

    value: Money
    """What these cost."""

    at_risk_units: Quantity
    """Units of these that will be left over at their expiry, when as much is used each day as in
    the last 90 and what expires first is used first."""


@output
class AnalyticsPoint(Shown):
    """A step of a series: what was there at its close, and what went out in it."""

    first_day: date
    """Its first day."""

    last_day: date
    """Its last day, at whose close it is looked at."""

    units: Quantity
    """Units on hand."""

    value: Money
    """What these cost."""

    outbound_units: Quantity
    """Units that went out in the step."""

    outbound_cost: Money
    """What these cost on their days."""


@output
class AnalyticsService:
    """How well stock requests were met of which something was first sent in the period."""

    asked_units: Quantity
    """Units that were asked for."""

    met_units: Quantity
    """Units of those that were sent; of no line more than it asked for."""

    lines: int
    """Lines that asked for something."""

    met_lines: int
    """Lines of which all that was asked for was sent."""

    fill_rate: Quantity | None
    """Units met of units asked for, 0 to 1; absent where nothing was asked for."""

    line_fill_rate: Quantity | None
    """Lines met whole of all lines, 0 to 1; absent without any."""


@output
class AnalyticsAccuracy:
    """How well the book agreed with what was counted and decided on in the period."""

    lines: int
    """Lines of counts that were judged: buckets, nothing is netted."""

    lines_within: int
    """Lines of those that were off by no more than the tolerance."""

    hit_rate: Quantity | None
    """Lines within tolerance of all, 0 to 1; absent where none was judged."""

    unit_accuracy: Quantity | None
    """1 less the units that were off, whichever way, of those expected; not below 0."""


@output
class StockAnalytics:
    """What stock came to over a period; each part is computed when it is selected."""

    looked_at: strawberry.Private[service.Period]

    totals: AnalyticsFigures
    """All of it together."""

    basis: AnalyticsBasis
    """What the averages are made of."""

    slow_moving_items: int
    """Products on hand of which none went out for 90 days, or that will last for more than 180 at
    the pace of the last 90; those first received within 60 days are left out."""

    dead_items: int
    """Products on hand of which none went out for 365 days; new ones are left out as well."""

    @plain
    async def by_category(self, info: Info) -> list[CategoryAnalytics]:
        """Each category, the most valuable first."""
        rows = await info.context.read(service.by_category, self.looked_at)
        return [CategoryAnalytics(figures=_shown(row), key=row.key) for row in rows]

    @plain
    async def by_location(self, info: Info) -> list[LocationAnalytics]:
        """Each location, the most valuable first."""
        rows = await info.context.read(service.by_location, self.looked_at)
        return [LocationAnalytics(figures=_shown(row), key=row.key) for row in rows]

    @plain
    async def by_product(
        self,
        info: Info,
        first: int = _FIRST,
        only_slow: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> list[ProductAnalytics]:
        """The most valuable products.

        Args:
            first: How many, up to 200.
            only_slow: Only those that move slowly.
        """
        rows = await info.context.read(
            service.by_product, self.looked_at, first, only_slow=only_slow
        )
        return [
            ProductAnalytics(
                figures=_shown(row), key=row.key or "", last_outbound_on=row.last_outbound
            )
            for row in rows
        ]

    @plain
    async def series(
        self, info: Info, by: AnalyticsStep = service.Step.MONTH
    ) -> list[AnalyticsPoint]:
        """The steps of the period, in order, for charts; the first and the last may be cut.

        Args:
            by: How long a step is; a period has at most 400.
        """
        rows = await info.context.read(service.series, self.looked_at, by)
        return [AnalyticsPoint.of(row) for row in rows]

    @guarded(needs=Permission.STOCKREQUESTS_READ)
    async def service(self, info: Info) -> AnalyticsService:
        """How well stock requests were met, where they are fulfilled."""
        found: service.Service = await info.context.read(service.service, self.looked_at)
        return AnalyticsService(
            asked_units=Quantity(found.asked_units),
            met_units=Quantity(found.met_units),
            lines=found.asked_lines,
            met_lines=found.met_lines,
            fill_rate=_quantity(found.fill_rate),
            line_fill_rate=_quantity(found.line_fill_rate),
        )

    @plain
    async def accuracy(self, info: Info) -> AnalyticsAccuracy:
        """How well the book agreed with counts."""
        found: service.Service = await info.context.read(service.service, self.looked_at)
        return AnalyticsAccuracy(
            lines=found.judged_lines,
            lines_within=found.right_lines,
            hit_rate=_quantity(found.hit_rate),
            unit_accuracy=_quantity(found.unit_accuracy),
        )

    @plain
    async def expiring(self, info: Info) -> list[ExpiringAnalytics]:
        """What has expired, then what will within 30, 60, 90 and 180 days from today."""
        rows = await info.context.read(service.expiring, self.looked_at)
        return [
            ExpiringAnalytics(
                within_days=row.within,
                lots=row.lots,
                units=Quantity(row.units),
                value=Money(row.value),
                at_risk_units=Quantity(row.at_risk_units),
            )
            for row in rows
        ]

    @plain
    async def expiring_items(self, info: Info) -> int:
        """Lots with units on hand that will expire within 30 days from today."""
        rows = await info.context.read(service.expiring, self.looked_at)
        lots: int = next(row.lots for row in rows if row.within == service.SOON_DAYS)
        return lots


@output
class InventoryAnalytics:
    """Analytics of stock, and the period that they are of."""

    stock: StockAnalytics
    """What the stock came to."""

    period: AnalyticsPeriod
    """The days that were looked at."""


@output
class AnalyticsQueries:
    """Analytics of stock."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def inventory_analytics(
        self, info: Info, filter: AnalyticsFilter | None = None
    ) -> InventoryAnalytics:
        """What stock came to over a period: worth, turnover, what does not move, what expires.

        Args:
            filter: What is looked at; the whole company over the last 365 days when it is left
                out.
        """
        given = {} if filter is None else {k: v for k, v in vars(filter).items() if v}
        period = await info.context.read(service.period, service.Wish(**given))
        totals = await info.context.read(service.totals, period)
        stock = StockAnalytics(
            looked_at=period,
            totals=_shown(totals.figures),
            basis=totals.basis,
            slow_moving_items=totals.slow,
            dead_items=totals.dead,
        )
        days = AnalyticsPeriod(from_=period.from_, to=period.to, days=period.days)
        return InventoryAnalytics(stock=stock, period=days)


def _shown(figures: service.Figures) -> AnalyticsFigures:
    return AnalyticsFigures(
        figures=figures,
        units=Quantity(figures.units),
        value=Money(figures.value),
        average_units=Quantity(figures.average_units),
        average_value=Money(figures.average_value),
        outbound_units=Quantity(figures.outbound_units),
        outbound_cost=Money(figures.outbound_cost),
    )


def _quantity(value: Decimal | None) -> Quantity | None:
    return None if value is None else Quantity(value)
