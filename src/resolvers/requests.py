"""Stock requests: what one location asks of another, and how far it has got."""

from dataclasses import field, replace
from datetime import date, datetime
from typing import Any, ClassVar

import strawberry

from domain.documents import Machine
from domain.machines.stock_requests import (
    STOCK_REQUESTS,
    StockRequestAction,
    StockRequestStatus,
)
from domain.permissions import Permission
from resolvers import kinds
from resolvers.authors import Author
from resolvers.documents import Document
from resolvers.fields import choices, guarded, output, plain
from resolvers.filters.requests import StockRequestPriority, StockRequestType
from resolvers.kinds import StockRequestRef
from resolvers.lists import Conditions, Info, linked, listed, named, queued
from resolvers.nodes import Shown
from resolvers.scalars import Money, Quantity
from services.requests import expecting, rules
from services.requests import reading as service
from services.requests.expecting import BackOrder
from services.requests.rules import LineStatus

choices(LineStatus, "StockRequestLineStatus")


@output
class StockRequestLine(Shown):
    """A product that is asked for, and how far that has got, in base units."""

    ordinal: int
    """1, 2, 3 … within its request."""

    product_name: str
    """The name of the product that was asked for."""

    sku: str
    """Its SKU."""

    unit_of_measure: str
    """Its base unit."""

    requested: Quantity
    """Units that were asked for."""

    approved: Quantity | None
    """Units that are to be sent; absent while nobody has decided."""

    allocated: Quantity
    """Units that are set aside and not sent."""

    issued: Quantity
    """Units that were sent."""

    received: Quantity
    """Units that have arrived, damaged ones too."""

    lost: Quantity
    """Units that were sent and do not arrive."""

    available_at_source: Quantity
    """Units of the product to be sent that nobody was promised, where it is fulfilled."""

    comment: str | None
    """What was said when it was asked for."""

    decision_comment: str | None
    """What was said when it was decided."""

    substitute_name: str | None
    """The name of the product that is sent instead; absent where none is."""

    substitute_sku: str | None
    """Its SKU."""

    substitution_reason: str | None
    """Why another product is sent."""

    id: strawberry.Private[str]
    product_id: strawberry.Private[str]
    substitute_product_id: strawberry.Private[str | None]
    request_status: strawberry.Private[str]
    fulfilling_location_id: strawberry.Private[str]
    needed_by: strawberry.Private[date | None]

    @plain
    def line_id(self) -> strawberry.ID:
        """Names the line."""
        return strawberry.ID(self.id)

    @plain
    def short(self) -> Quantity:
        """Units on back order: approved, and neither set aside nor sent when that was tried."""
        return Quantity(rules.back_ordered(self))

    @plain
    async def expected_on(self, info: Info) -> date | None:
        """The first day on which what is on back order could be sent beside all else.

        Absent without back order, or where that day is more than 180 days ahead.
        """
        short = rules.back_ordered(self)
        if not short:
            return None
        order = BackOrder(
            location_id=self.fulfilling_location_id,
            product_id=self.substitute_product_id or self.product_id,
            units=short,
            planned=short,
            needed_by=self.needed_by,
        )
        found: date | None = await info.context.loaders.load(expecting.expected_on, order)
        return found

    @plain
    def status(self) -> LineStatus:
        """How far it is."""
        return rules.line_status(self)

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product that was asked for."""
        return self.product_id

    @linked(kinds.PRODUCT)
    def substitute(self) -> str | None:
        """The product that is sent instead; absent where none is."""
        return self.substitute_product_id


@output
class StockRequestTransition:
    """A state to which the present one leads."""

    to: StockRequestStatus
    """The state."""

    action: StockRequestAction
    """The action that leads there."""

    permission: str
    """The permission that it needs."""


@output
class StockRequest(Document):
    """What one location asks of another."""

    machine: ClassVar[Machine] = STOCK_REQUESTS

    status: StockRequestStatus
    """Where it stands."""

    type: StockRequestType
    """Why stock is asked for."""

    priority: StockRequestPriority
    """How urgent it is."""

    status_at: datetime
    """Since when it stands there."""

    needed_by: date | None
    """The day by which it is needed."""

    description: str | None
    """What was said about it."""

    requesting_location_name: str
    """The name of the location that asks."""

    fulfilling_location_name: str
    """The name of the location that is to send it."""

    line_count: int
    """How many products it asks for."""

    total_requested: Quantity
    """Units that were asked for, over all lines."""

    total_approved: Quantity
    """Units that are to be sent."""

    total_allocated: Quantity
    """Units that are set aside and not sent."""

    total_issued: Quantity
    """Units that were sent."""

    total_received: Quantity
    """Units that have arrived."""

    total_value: Money
    """What is to be sent is worth, at the present costs; what was asked for while nobody has
    decided. Products without a cost count nothing."""

    submitted_at: datetime | None
    """When it was submitted; absent of a draft."""

    decided_at: datetime | None
    """When it was approved or rejected; absent where that does not hold."""

    issued_at: datetime | None
    """When units of it were first sent."""

    received_at: datetime | None
    """When all that was sent had arrived."""

    closed_at: datetime | None
    """When it was ended."""

    requesting_location_id: strawberry.Private[str]
    fulfilling_location_id: strawberry.Private[str]
    stocklist_id: strawberry.Private[str | None]
    transfer_id: strawberry.Private[str | None]
    decided_by_id: strawberry.Private[str | None]
    decided_by_name: strawberry.Private[str | None]
    may_decide_own: strawberry.Private[bool]
    kept_lines: strawberry.Private[Any] = field(default=None, init=False)  # of a write's outcome

    @classmethod
    def of_outcome(cls, outcome: Any) -> "StockRequest":
        """The request of an act, with all that the act has read of it."""
        request = cls.of(outcome.request)
        request.kept_events, request.kept_lines = outcome.events, outcome.lines
        return request

    @plain
    def decided_by(self) -> Author | None:
        """Who has approved or rejected it; absent where that does not hold."""
        return Author.of(self.decided_by_id, self.decided_by_name)

    @linked(kinds.LOCATION)
    def requesting_location(self) -> str:
        """The location that asks."""
        return self.requesting_location_id

    @linked(kinds.LOCATION)
    def fulfilling_location(self) -> str:
        """The location that is to send it."""
        return self.fulfilling_location_id

    @linked(kinds.STOCKLIST)
    def stocklist(self) -> str | None:
        """The stocklist from which it was made; absent where it was not."""
        return self.stocklist_id

    @linked(kinds.TRANSFER)
    def transfer(self) -> str | None:
        """The last transfer with which units of it were sent; absent before that."""
        return self.transfer_id

    @plain
    async def lines(self, info: Info) -> list[StockRequestLine]:
        """What it asks for, in order; at most 500 lines."""
        rows = self.kept_lines
        if rows is None:
            rows = await info.context.loaders.load(service.lines_of, self.id) or []
        return [StockRequestLine.of(row) for row in rows]

    @plain
    def allowed_actions(self, info: Info) -> list[StockRequestAction]:
        """What its state and your key allow, and whether it is yours."""
        names = rules.allowed_actions(self, info.context.actor)
        return [StockRequestAction(name) for name in names]

    @plain
    def allowed_transitions(self) -> list[StockRequestTransition]:
        """The states to which its state leads, whatever your key allows."""
        return [
            StockRequestTransition(
                to=StockRequestStatus(to),
                action=StockRequestAction(step.action),
                permission=str(step.needs),
            )
            for step in STOCK_REQUESTS.at(self.status)
            for to in step.to
            if to != self.status
        ]


def _of_others(info: Info) -> Conditions:
    return (
        ("status_in", (StockRequestStatus.SUBMITTED.value,)),
        ("created_by_other_than", info.context.actor.key_id),
    )


@output
class StockRequestQueries:
    """Reads of stock requests."""

    @guarded(needs=Permission.STOCKREQUESTS_READ)
    async def stock_request(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> StockRequestRef | None:
        """The stock request with this id or number; null when there is none.

        Args:
            id: Its id. Give one of the two.
            number: Its number.
        """
        request: StockRequest | None = await named(info, kinds.STOCK_REQUEST, id, number=number)
        return request

    @listed(kinds.STOCK_REQUEST)
    def stock_requests(self) -> None:
        """Stock requests, a part of the list at a time."""

    @queued(
        replace(kinds.STOCK_REQUEST, reader=service.requests_of_others),
        _of_others,
        needs=Permission.STOCKREQUESTS_APPROVE,
        order="submitted_at",
    )
    def pending_approvals(self) -> None:
        """Stock requests of others that wait for a decision, the longest waiting first."""
