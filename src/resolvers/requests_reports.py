"""What stock requests come to: the dashboard, sums by category, and filters."""

from datetime import date
from typing import Any

import strawberry

from domain.machines.stock_requests import StockRequestStatus
from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import guarded, output, plain
from resolvers.filters.ranges import DateTimeRange
from resolvers.filters.requests import (
    StockRequestFilter,
    StockRequestPriority,
    StockRequestType,
)
from resolvers.lists import Info, conditions, linked
from resolvers.nodes import Shown
from resolvers.scalars import Money, Quantity
from services.requests import reports as service

_READ = Permission.STOCKREQUESTS_READ


@output
class StockRequestCount:
    """How many stock requests have a value."""

    value: str
    """The value."""

    count: int
    """How many requests have it."""


@output
class StockRequestAge:
    """How many stock requests are of an age."""

    bucket: str
    """The days since they were submitted: `0-1`, `1-3`, `3-7`, `7-14` or `14+`."""

    count: int
    """How many requests are that old."""


@output
class StockRequestHours:
    """How long steps take on average, in hours; absent where none was taken."""

    submit_to_approve: float | None
    """From the submission to the approval."""

    approve_to_issue: float | None
    """From the approval to the first sending."""

    submit_to_receive: float | None
    """From the submission until all that was sent had arrived."""


@output
class StockRequestProduct:
    """A product that is asked for much."""

    product_name: str
    """Its name."""

    sku: str
    """Its SKU."""

    request_count: int
    """How many requests ask for it."""

    requested: Quantity
    """Units that were asked for."""

    issued: Quantity
    """Units that were sent."""

    product_id: strawberry.Private[str]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id


@output
class StockRequestDay:
    """A day of stock requests, in the company's time zone."""

    date: date
    """The day."""

    created: int
    """How many requests were made."""

    closed: int
    """How many were done."""


@output
class StockRequestDashboard:
    """What stock requests come to."""

    found: strawberry.Private[Any]

    @plain
    def total(self) -> int:
        """How many requests there are."""
        return int(self.found["total"])

    @plain
    def by_status(self) -> list[StockRequestCount]:
        """How many stand where; every state."""
        return self._counts("byStatus", StockRequestStatus)

    @plain
    def by_type(self) -> list[StockRequestCount]:
        """How many there are of each type."""
        return self._counts("byType", StockRequestType)

    @plain
    def by_priority(self) -> list[StockRequestCount]:
        """How many there are of each priority."""
        return self._counts("byPriority", StockRequestPriority)

    @plain
    def pending_approvals(self) -> int:
        """How many of others wait for a decision."""
        return int(self.found["pendingApprovals"])

    @plain
    def overdue(self) -> int:
        """How many were needed before today and have not arrived."""
        return int(self.found["overdue"])

    @plain
    def back_order_lines(self) -> int:
        """How many lines could not be met whole so far, and can still be."""
        return int(self.found["backOrderLines"])

    @plain
    def ageing(self) -> list[StockRequestAge]:
        """How long those that have not arrived are under way."""
        return [StockRequestAge(**one) for one in self.found["ageing"]]

    @plain
    def fill_rate(self) -> float | None:
        """Units that were sent of those that were asked for; absent where there are none.

        Over requests of which something was sent or that are done.
        """
        return _float(self.found["fillRate"])

    @plain
    def line_fill_rate(self) -> float | None:
        """Lines of which all that was asked for was sent, of all lines of the same requests."""
        return _float(self.found["lineFillRate"])

    @plain
    def average_hours(self) -> StockRequestHours:
        """How long steps take on average."""
        names = ("submitToApprove", "approveToIssue", "submitToReceive")
        one, two, three = (_float(self.found[name]) for name in names)
        return StockRequestHours(
            submit_to_approve=one, approve_to_issue=two, submit_to_receive=three
        )

    @plain
    def top_products(self) -> list[StockRequestProduct]:
        """The ten products of which most was asked for."""
        return [
            StockRequestProduct(
                product_name=one["name"],
                sku=one["sku"],
                request_count=one["requests"],
                requested=Quantity(one["requested"]),
                issued=Quantity(one["issued"]),
                product_id=one["productId"],
            )
            for one in self.found["topProducts"]
        ]

    @plain
    def trend(self) -> list[StockRequestDay]:
        """The days of the range, or the last 30; at most 366."""
        return [
            StockRequestDay(
                date=date.fromisoformat(one["date"]), created=one["created"], closed=one["closed"]
            )
            for one in self.found["trend"]
        ]

    def _counts(self, name: str, words: Any) -> list[StockRequestCount]:
        found = self.found[name]
        return [StockRequestCount(value=one.value, count=found.get(one.value, 0)) for one in words]


@output
class StockRequestCategory(Shown):
    """What stock requests ask for of one category."""

    category_name: str | None
    """The category's name; absent for products without one."""

    request_count: int
    """How many requests ask for products of it."""

    line_count: int
    """How many lines."""

    requested: Quantity
    """Units that were asked for."""

    approved: Quantity
    """Units that are to be sent."""

    issued: Quantity
    """Units that were sent."""

    value: Money
    """What is to be sent is worth, at the present costs of what was asked for; what was asked for
    while nobody has decided."""

    category_id: strawberry.Private[str | None]

    @linked(kinds.CATEGORY)
    def category(self) -> str | None:
        """The category; absent for products without one."""
        return self.category_id


@output
class StockRequestCategories:
    """What stock requests ask for, by category."""

    categories: list[StockRequestCategory]
    """The categories in the order of their names; products without one last."""


@output
class StockRequestChoice:
    """A value by which stock requests can be filtered."""

    value: str
    """The value: a word, or an id."""

    label: str
    """What people call it."""

    count: int
    """How many requests have it."""


@output
class StockRequestFilters:
    """What stock requests can be filtered by: the values in use, the most used first."""

    found: strawberry.Private[Any]

    @plain
    def statuses(self) -> list[StockRequestChoice]:
        """States."""
        return self._choices("statuses")

    @plain
    def types(self) -> list[StockRequestChoice]:
        """Types."""
        return self._choices("types")

    @plain
    def priorities(self) -> list[StockRequestChoice]:
        """Priorities."""
        return self._choices("priorities")

    @plain
    def requesting_locations(self) -> list[StockRequestChoice]:
        """Locations that ask."""
        return self._choices("requestingLocations")

    @plain
    def fulfilling_locations(self) -> list[StockRequestChoice]:
        """Locations that are to send."""
        return self._choices("fulfillingLocations")

    @plain
    def categories(self) -> list[StockRequestChoice]:
        """Categories of what is asked for."""
        return self._choices("categories")

    @plain
    def requesters(self) -> list[StockRequestChoice]:
        """Who made them, as they were named last."""
        return self._choices("requesters")

    def _choices(self, name: str) -> list[StockRequestChoice]:
        return [
            StockRequestChoice(
                value=one["value"],
                label=one["label"] or one["value"].replace("_", " ").capitalize(),
                count=one["count"],
            )
            for one in self.found.get(name, ())
        ]


@output
class StockRequestReportQueries:
    """Reads of what stock requests come to."""

    @guarded(needs=_READ)
    async def stock_request_dashboard(
        self,
        info: Info,
        location_id: strawberry.ID | None = None,
        created_at: DateTimeRange | None = None,
    ) -> StockRequestDashboard:
        """What stock requests come to.

        Args:
            location_id: Only of this location, whether it asks or sends.
            created_at: Only those that were made between these moments.
        """
        span = service.Span(
            location_id=location_id,
            since=created_at.from_ if created_at else None,
            until=created_at.to if created_at else None,
        )
        context = info.context
        found = await context.read(service.dashboard, span, context.actor.key_id)
        return StockRequestDashboard(found=found)

    @guarded(needs=_READ)
    async def stock_requests_by_category(
        self, info: Info, filter: StockRequestFilter | None = None
    ) -> StockRequestCategories:
        """What stock requests ask for, by category.

        Args:
            filter: Which requests are counted.
        """
        given = () if filter is None else tuple(conditions(filter))
        rows = await info.context.read(service.by_category, given)
        return StockRequestCategories(categories=[StockRequestCategory.of(row) for row in rows])

    @guarded(needs=_READ)
    async def stock_request_filters(self, info: Info) -> StockRequestFilters:
        """What stock requests can be filtered by."""
        return StockRequestFilters(found=await info.context.read(service.filters))


def _float(number: Any) -> float | None:
    return None if number is None else float(number)
