"""Suggestions: what to order where, and why."""

from datetime import date
from enum import Enum
from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import choices, given, guarded, input_, output, plain
from resolvers.filters.replenishment import ReplenishmentMethod, ReplenishmentPriority
from resolvers.lists import Info, linked
from resolvers.replenishment import Replenishment
from resolvers.scalars import Money, Position, Quantity
from resolvers.writes import Act, acts
from services import replenishment as service


@input_
class ReplenishmentSuggestionsInput:
    """What suggestions are wanted."""

    location_id: strawberry.ID | None = strawberry.UNSET
    """For this location only."""

    product_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Of these products only, at most 5,000."""

    horizon_days: int | None = strawberry.UNSET
    """Also what will have fallen to its reorder point within so many days, at most 365; 0 unless
    told."""

    only_below: bool | None = strawberry.UNSET
    """Whether only what is due is told, as it is unless told otherwise; if not, what is not due
    comes with a quantity of 0."""

    demand_to: date | None = strawberry.UNSET
    """The last day of the demand that is measured; yesterday unless told."""

    limit: int | None = strawberry.UNSET
    """How many are told, at most 5,000; 500 unless told. The summary is always over all."""

    page: int | None = strawberry.UNSET
    """Which part of the list is told; the first unless told."""


@output
class SuggestionStep:
    """One step from what is there to what is suggested."""

    step: str
    """The step's name, such as `POSITION`, `SAFETY_STOCK` or `SHELF_LIFE_LIMIT`."""

    label: str
    """What it says, in words."""

    quantity: Quantity
    """Its number: units, or days of a lead time."""


@output
class ReplenishmentSuggestion:
    """What to order of a product, for a location or for the company as a whole."""

    row: strawberry.Private[Any]

    method: ReplenishmentMethod
    """When and how much is ordered."""

    priority: ReplenishmentPriority
    """How urgent it is."""

    position: Quantity
    """What can be used and what is coming, less what is promised."""

    on_hand: Quantity
    """Units that are physically there."""

    reserved: Quantity
    """Units that are promised."""

    expiring: Quantity
    """Units that will expire before they are asked for, within lead time and review period."""

    in_transit: Quantity
    """Units that are on their way from another location."""

    on_order: Quantity
    """Units that are ordered, or about to be, and have not left."""

    outgoing: Quantity
    """Units that other locations have asked for and that are not reserved yet."""

    average_daily_demand: Quantity
    """Units asked for a day, days without stock left out; or by the level's forecast."""

    demand_deviation: Quantity
    """The standard deviation of a day's demand."""

    stock_out_days: int
    """Days of the demand's window on which nothing was there from morning to evening."""

    lead_time_days: int
    """Days from ordering to receiving."""

    review_period_days: int
    """Days between two orders."""

    safety_stock: Quantity
    """Units to be there when an order arrives."""

    reorder_point: Quantity
    """At this position or below more is ordered; by `DAYS_OF_COVER`, below it."""

    target: Quantity
    """Up to this position is ordered."""

    suggested_quantity: Quantity
    """How much to order; 0 where it is not due, or where nothing more lives or fits."""

    unit_cost: Money | None
    """What a unit of the product costs."""

    value: Money
    """What the suggested quantity costs."""

    stock_out_date: date | None
    """The day on which what is available runs out; absent without demand."""

    is_clipped: bool
    """Whether shelf life or capacity made the quantity smaller."""

    @classmethod
    def of(cls, found: service.Suggestion) -> "ReplenishmentSuggestion":
        """This suggestion as the graph shows it."""
        row = found.row
        return cls(
            row=found,
            method=ReplenishmentMethod(row.method),
            priority=ReplenishmentPriority(row.priority),
            position=row.position,
            on_hand=row.on_hand,
            reserved=row.reserved,
            expiring=row.expiring,
            in_transit=row.in_transit,
            on_order=row.on_order,
            outgoing=row.outgoing,
            average_daily_demand=row.daily_demand,
            demand_deviation=row.demand_deviation,
            stock_out_days=row.stock_out_days,
            lead_time_days=row.lead_time_days,
            review_period_days=row.review_period_days,
            safety_stock=row.safety_stock,
            reorder_point=row.reorder_point,
            target=row.target,
            suggested_quantity=row.quantity,
            unit_cost=row.unit_cost,
            value=row.value,
            stock_out_date=row.stock_out_date,
            is_clipped=row.quantity > 0 and row.quantity < row.raised,
        )

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return str(self.row.row.product_id)

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """The location; absent of a suggestion for the company as a whole.

        Such a one is of a product with a reorder point of its own, for which no location is
        configured and which lies at several.
        """
        id: str | None = self.row.row.location_id
        return id

    @linked(kinds.LOCATION)
    def source_location(self) -> str | None:
        """The location to take it from; absent where the supplier is to send it.

        The configured one, or one that has more than it needs itself.
        """
        id: str | None = self.row.row.source_location_id
        return id

    @plain
    def explain(self) -> list[SuggestionStep]:
        """The steps to the suggested quantity, which is the last."""
        return [
            SuggestionStep(step=one.step, label=one.label, quantity=Quantity(one.quantity))
            for one in self.row.steps
        ]


@output
class SuggestionsSummary:
    """Sums over all suggestions, whichever part of them is told."""

    count: int
    """How many there are."""

    units: Quantity
    """How many units they order."""

    value: Money
    """What these cost."""

    stock_outs: int
    """Of how many nothing is available now."""


@output
class ReplenishmentSuggestions:
    """What to order, the most urgent first; then what runs out first, then what costs most."""

    suggestions: list[ReplenishmentSuggestion]
    """The wished part of the list."""

    summary: SuggestionsSummary
    """Sums over all of it."""


@output
class SuggestionQueries:
    """Reads of suggestions; nothing is written."""

    @guarded(needs=Permission.REPLENISHMENT_READ)
    async def replenishment_suggestions(
        self, info: Info, input: ReplenishmentSuggestionsInput | None = None
    ) -> ReplenishmentSuggestions:
        """What to order where, the most urgent first.

        Of every product and location with a method, and of products with a reorder point of their
        own that no location is configured for.

        Args:
            input: What is wanted; all that is due when left out.
        """
        values = {} if not input else given(input)
        wish = {name: value for name, value in values.items() if value is not None}
        found = await info.context.read(service.suggest, service.Wish(**wish))
        return ReplenishmentSuggestions(
            suggestions=[ReplenishmentSuggestion.of(one) for one in found.suggestions],
            summary=SuggestionsSummary(
                count=found.count,
                units=Quantity(found.units),
                value=Money(found.value),
                stock_outs=found.stock_outs,
            ),
        )


class AcceptInto(Enum):
    """What accepted suggestions become."""

    RECORDS = "RECORDS"
    """Replenishment records that wait for review."""

    TRANSFERS = "TRANSFERS"
    """Transfers that are drafts, one for each pair of locations, with records that are ordered."""

    REQUESTS = "REQUESTS"
    """Stock requests that are handed in, one for each pair of locations."""


choices(AcceptInto)


@input_
class AcceptedSuggestionInput:
    """A suggestion that is accepted."""

    product_id: strawberry.ID
    """The product."""

    location_id: strawberry.ID
    """The location for which it is; of a suggestion for the company as a whole, one that you
    choose."""

    quantity: Quantity | None = strawberry.UNSET
    """How many base units; what is suggested now when left out."""

    source_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that sends them; the suggested one when left out."""

    needed_by: date | None = strawberry.UNSET
    """When they are needed."""


@input_
class AcceptReplenishmentSuggestionsInput:
    """Suggestions that are accepted, all of them or none."""

    items: list[AcceptedSuggestionInput]
    """The suggestions, at most 500."""

    into: AcceptInto = AcceptInto.RECORDS
    """What they become."""

    comment: str | None = strawberry.UNSET
    """What is to be said about all of them."""


@output
class AcceptReplenishmentSuggestionsPayload:
    """What suggestions have become."""

    records: list[Replenishment]
    """The records, in the order of the items; none of requests."""

    transfer_ids: list[strawberry.ID]
    """The ids of the transfers."""

    request_ids: list[strawberry.ID]
    """The ids of the stock requests."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(
        cls, outcome: Any, position: Position, _seen: object
    ) -> "AcceptReplenishmentSuggestionsPayload":
        """This outcome as the graph shows it."""
        return cls(
            records=[Replenishment.of(row) for row in outcome.records],
            transfer_ids=[strawberry.ID(id) for id in outcome.transfer_ids],
            request_ids=[strawberry.ID(id) for id in outcome.request_ids],
            message=outcome.message,
            position=position,
        )


_NEEDS = (
    Permission.REPLENISHMENT_WRITE,
    Permission.TRANSFERS_WRITE,
    Permission.STOCKREQUESTS_WRITE,
)


@output
class SuggestionMutations:
    """Writes of suggestions."""

    @acts(AcceptReplenishmentSuggestionsInput, AcceptReplenishmentSuggestionsPayload, needs=_NEEDS)
    def accept_replenishment_suggestions(self, input: AcceptReplenishmentSuggestionsInput) -> Act:
        """Accept suggestions as they stand now; they become records, transfers or requests.

        `NOT_SUGGESTED` when nothing is suggested for one any longer and it names no quantity;
        `SOURCE_MISSING` when a transfer or request has no location to come from.
        """
        values = given(input)
        items = [service.Item(**given(item)) for item in values.pop("items")]
        into = values.pop("into").value
        return (service.accept, service.Acceptance(items=items, into=into, **values))
