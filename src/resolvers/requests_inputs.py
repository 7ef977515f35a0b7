"""What writes of stock requests take."""

from datetime import date

import strawberry

from domain.machines.stock_requests import StockRequestStatus
from resolvers.fields import input_
from resolvers.filters.requests import StockRequestPriority, StockRequestType
from resolvers.scalars import Money, Quantity


@input_
class StockRequestLineInput:
    """A product that is asked for."""

    product_id: strawberry.ID
    """The product. One that is asked for already is asked for in the sum of both."""

    quantity: Quantity
    """How many base units."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class CreateStockRequestInput:
    """A stock request."""

    type: StockRequestType
    """Why stock is asked for."""

    requesting_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that asks; may be left out with a stocklist."""

    fulfilling_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that is to send it; may be left out with a stocklist."""

    stocklist_id: strawberry.ID | None = strawberry.UNSET
    """A stocklist in use of the same locations; needed for an `E_REQUEST`."""

    lines: list[StockRequestLineInput] | None = strawberry.UNSET
    """What is asked for, at most 500 lines; what the stocklist suggests when left out."""

    priority: StockRequestPriority | None = strawberry.UNSET
    """How urgent it is; `NORMAL` unless told."""

    needed_by: date | None = strawberry.UNSET
    """The day by which it is needed."""

    description: str | None = strawberry.UNSET
    """What is to be said about it."""

    submit: bool | None = strawberry.UNSET
    """Whether it is submitted at once."""


@input_
class UpdateStockRequestInput:
    """What is to be changed of a draft; null clears what may be absent."""

    type: StockRequestType | None = strawberry.UNSET
    """Why stock is asked for."""

    requesting_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that asks."""

    fulfilling_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that is to send it."""

    priority: StockRequestPriority | None = strawberry.UNSET
    """How urgent it is."""

    needed_by: date | None = strawberry.UNSET
    """The day by which it is needed."""

    description: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class ChangeStockRequestLineInput:
    """What is to be changed of a line of a draft."""

    line_id: strawberry.ID
    """The line."""

    quantity: Quantity | None = strawberry.UNSET
    """How many base units are asked for."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it; null for nothing."""


@input_
class RemoveStockRequestLineInput:
    """A line that is to be taken off a draft."""

    line_id: strawberry.ID
    """The line."""


@input_
class StockRequestStepInput:
    """What is to be said with a step."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class ApproveStockRequestLineInput:
    """What is decided of a line."""

    line_id: strawberry.ID
    """The line."""

    approved_quantity: Quantity | None = strawberry.UNSET
    """How many base units are to be sent; 0 for none, all that was asked for when left out. More
    than was asked for needs a key that may approve that."""

    substitute_product_id: strawberry.ID | None = strawberry.UNSET
    """The product that is to be sent instead."""

    substitution_reason: str | None = strawberry.UNSET
    """Why another product is sent; needed with one."""

    comment: str | None = strawberry.UNSET
    """What is to be said about the decision."""


@input_
class ApproveStockRequestInput:
    """What is decided of a stock request."""

    lines: list[ApproveStockRequestLineInput] | None = strawberry.UNSET
    """Lines of which not all is to be sent as it was asked for; all others are."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class StockRequestReasonInput:
    """Why a request is refused, or its last step taken back."""

    reason: str
    """Why."""

    comment: str | None = strawberry.UNSET
    """What is to be said besides."""


@input_
class CommentStockRequestInput:
    """Something to be said about a stock request."""

    comment: str
    """What is to be said."""


@input_
class StockRequestUnitsInput:
    """Units of a line."""

    line_id: strawberry.ID
    """The line."""

    quantity: Quantity
    """How many base units."""


@input_
class AllocateStockRequestInput:
    """What is to be set aside."""

    lines: list[StockRequestUnitsInput] | None = strawberry.UNSET
    """Lines with units that are to be set aside; all that is not met yet when left out."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class IssueStockRequestInput:
    """What is to be sent."""

    lines: list[StockRequestUnitsInput] | None = strawberry.UNSET
    """Lines with units that are to be sent; all that is set aside when left out."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class ReceiveStockRequestInput:
    """What has arrived."""

    lines: list[StockRequestUnitsInput] | None = strawberry.UNSET
    """Lines with units that have arrived; all that is on its way when left out. Damaged units are
    told with `receiveTransfer`."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class ChangeStockRequestStatusInput:
    """The state to which a stock request is to be moved."""

    status: StockRequestStatus
    """`ALLOCATED`, `ISSUED`, `RECEIVED`, `CLOSED` or `CANCELLED`; other states are reached by
    other operations."""

    lines: list[StockRequestUnitsInput] | None = strawberry.UNSET
    """Lines with units that are to be set aside, are to be sent or have arrived; all when left
    out."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class SetRequestApproverInput:
    """What a key may decide of stock requests, beyond its permission to approve."""

    key_id: strawberry.ID
    """The key."""

    value_limit: Money | None = strawberry.UNSET
    """What one request that it approves may be worth at most; null for any value."""

    may_exceed_request: bool | None = strawberry.UNSET
    """Whether it may approve more than was asked for."""
