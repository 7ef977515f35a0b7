"""Writing stock requests, deciding on them, and setting stock aside for them."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers.documents import DocumentEvent
from resolvers.fields import output, plain_given
from resolvers.ledger import LedgerEntry
from resolvers.requests import StockRequest, StockRequestLine
from resolvers.requests_inputs import (
    AllocateStockRequestInput,
    ApproveStockRequestInput,
    ChangeStockRequestLineInput,
    ChangeStockRequestStatusInput,
    CommentStockRequestInput,
    CreateStockRequestInput,
    IssueStockRequestInput,
    ReceiveStockRequestInput,
    RemoveStockRequestLineInput,
    StockRequestLineInput,
    StockRequestReasonInput,
    StockRequestStepInput,
    UpdateStockRequestInput,
)
from resolvers.scalars import Position
from resolvers.stock_payloads import StockPreview
from resolvers.writes import Act, acts, acts_on
from services.requests import (
    allocating,
    changing,
    deciding,
    ending,
    issuing,
    lines,
    rolling_back,
    writing,
)

_WRITE, _APPROVE = Permission.STOCKREQUESTS_WRITE, Permission.STOCKREQUESTS_APPROVE


@output
class StockRequestPayload:
    """A stock request as it stands after an act."""

    stock_request: StockRequest
    """The request."""

    transactions: list[LedgerEntry]
    """The ledger entries of what the act has moved; none where no stock moved."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Any) -> "StockRequestPayload":
        """This outcome as the graph shows it."""
        return cls(
            stock_request=StockRequest.of_outcome(outcome),
            transactions=[LedgerEntry.of(entry) for entry in outcome.transactions],
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class StockRequestLinePayload:
    """A line of a stock request as it stands after an act, and its request."""

    line: StockRequestLine | None
    """The line; absent when it was taken off."""

    stock_request: StockRequest
    """The request."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: object) -> "StockRequestLinePayload":
        """This outcome as the graph shows it."""
        rows = (row for row in outcome.lines if row.id == outcome.line_id)
        line = next(rows, None)
        return cls(
            line=None if line is None else StockRequestLine.of(line),
            stock_request=StockRequest.of_outcome(outcome),
            message=outcome.message,
            position=position,
        )


@output
class StockRequestCommentPayload:
    """What was said about a stock request, and the request."""

    comment: DocumentEvent
    """The comment."""

    stock_request: StockRequest
    """The request."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: object) -> "StockRequestCommentPayload":
        """This outcome as the graph shows it."""
        return cls(
            comment=DocumentEvent.of(outcome.events[-1]),
            stock_request=StockRequest.of_outcome(outcome),
            message=outcome.message,
            position=position,
        )


@output
class DeleteStockRequestPayload:
    """A draft that was deleted."""

    deleted_id: strawberry.ID
    """The id that names nothing any longer."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which it is gone."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: object) -> "DeleteStockRequestPayload":
        """This outcome as the graph shows it."""
        id = strawberry.ID(outcome.id)
        return cls(deleted_id=id, message=outcome.message, position=position)


@output
class StockRequestMutations:
    """Writes of stock requests."""

    @acts(CreateStockRequestInput, StockRequestPayload, needs=_WRITE)
    def create_stock_request(self, input: CreateStockRequestInput) -> Act:
        """Make a stock request, as a draft or submitted at once.

        `EMPTY_REQUEST` refuses to submit one without lines, `STOCKLIST_MISMATCH` a stocklist of
        other locations, `NOT_ON_STOCKLIST` an `E_REQUEST` for more than its stocklist has.
        """
        return (writing.create, plain_given(input))

    @acts_on(UpdateStockRequestInput, StockRequestPayload, needs=_WRITE)
    def update_stock_request(self, id: str, input: UpdateStockRequestInput) -> Act:
        """Change the head of a draft. `ILLEGAL_STEP` refuses what is none any longer."""
        values = plain_given(input)
        version = values.pop("expected_version", None)
        return (writing.update, id, values, version)

    @acts_on(StockRequestStepInput | None, DeleteStockRequestPayload, needs=_WRITE)
    def delete_stock_request(self, id: str, _input: Any) -> Act:
        """Delete a draft. `ILLEGAL_STEP` refuses what is none any longer: cancel it instead."""
        return (writing.delete, id)

    @acts_on(StockRequestLineInput, StockRequestLinePayload, needs=_WRITE)
    def add_stock_request_line(self, id: str, input: StockRequestLineInput) -> Act:
        """Ask for a product in a draft; one that is on it already is asked for in the sum."""
        return (lines.add, id, plain_given(input))

    @acts_on(ChangeStockRequestLineInput, StockRequestLinePayload, needs=_WRITE)
    def change_stock_request_line(self, id: str, input: ChangeStockRequestLineInput) -> Act:
        """Change the quantity or the comment of a line of a draft."""
        values = plain_given(input)
        return (lines.change, id, values.pop("line_id"), values)

    @acts_on(RemoveStockRequestLineInput, StockRequestLinePayload, needs=_WRITE)
    def remove_stock_request_line(self, id: str, input: RemoveStockRequestLineInput) -> Act:
        """Take a line off a draft."""
        return (lines.remove, id, input.line_id)

    @acts_on(StockRequestStepInput | None, StockRequestPayload, needs=_WRITE)
    def submit_stock_request(self, id: str, input: StockRequestStepInput | None) -> Act:
        """Ask for a decision; where none is needed, the request is approved at once.

        `EMPTY_REQUEST` refuses one without lines.
        """
        return (deciding.submit, id, plain_given(input).get("comment"))

    @acts_on(ApproveStockRequestInput | None, StockRequestPayload, needs=_APPROVE)
    def approve_stock_request(self, id: str, input: ApproveStockRequestInput | None) -> Act:
        """Approve a request: all of it, or of some lines less, nothing or another product.

        `OWN_REQUEST` refuses who has made it, `APPROVAL_LIMIT_EXCEEDED` and `OVER_APPROVAL` what
        is beyond the key, `REASON_REQUIRED` another product without a reason.
        """
        values = plain_given(input)
        decision = (values.get("lines") or [], values.get("comment"))
        return (deciding.approve, id, *decision, values.get("expected_version"))

    @acts_on(StockRequestReasonInput, StockRequestPayload, needs=_APPROVE)
    def reject_stock_request(self, id: str, input: StockRequestReasonInput) -> Act:
        """Refuse a request, for a reason."""
        return (deciding.reject, id, input.reason, plain_given(input).get("comment"))

    @acts_on(CommentStockRequestInput, StockRequestCommentPayload, needs=_WRITE)
    def comment_stock_request(self, id: str, input: CommentStockRequestInput) -> Act:
        """Say something about a request, in any state."""
        return (writing.comment, id, input.comment)

    @acts_on(AllocateStockRequestInput | None, StockRequestPayload, needs=_WRITE)
    def allocate_stock_request(self, id: str, input: AllocateStockRequestInput | None) -> Act:
        """Set units aside for what is not met yet, what expires first; the rest is on back order.

        `INSUFFICIENT_STOCK` refuses when nothing of it is there.
        """
        values = plain_given(input)
        return (allocating.allocate, id, values.get("lines"), values.get("comment"))

    @acts_on(IssueStockRequestInput | None, StockRequestPayload, needs=_WRITE)
    def issue_stock_request(self, id: str, input: IssueStockRequestInput | None) -> Act:
        """Send what is set aside, with a transfer that is shipped at once.

        `NOTHING_ALLOCATED` refuses when nothing is set aside.
        """
        values = plain_given(input)
        return (issuing.issue, id, values.get("lines"), values.get("comment"))

    @acts_on(ReceiveStockRequestInput | None, StockRequestPayload, needs=_WRITE)
    def receive_stock_request(self, id: str, input: ReceiveStockRequestInput | None) -> Act:
        """Say what has arrived; with all of it here and no back order the request is done."""
        values = plain_given(input)
        return (issuing.receive, id, values.get("lines"), values.get("comment"))

    @acts_on(ChangeStockRequestStatusInput, StockRequestPayload, needs=_WRITE)
    def change_stock_request_status(self, id: str, input: ChangeStockRequestStatusInput) -> Act:
        """Set aside, send, receive, end or call off a request, by the state that this leads to.

        `OTHER_OPERATION` names the operation that leads to another state.
        """
        values = plain_given(input)
        said = (values["status"], values.get("lines"), values.get("comment"))
        return (changing.change_status, id, *said)

    @acts_on(StockRequestStepInput | None, StockRequestPayload, needs=_WRITE)
    def close_stock_request(self, id: str, input: StockRequestStepInput | None) -> Act:
        """End a request of which all that was sent has arrived; its back orders end with it."""
        return (ending.close, id, plain_given(input).get("comment"))

    @acts_on(StockRequestStepInput | None, StockRequestPayload, needs=_WRITE)
    def cancel_stock_request(self, id: str, input: StockRequestStepInput | None) -> Act:
        """Call a request off before anything was sent; what was set aside is free again."""
        return (ending.cancel, id, plain_given(input).get("comment"))

    @acts_on(StockRequestReasonInput, StockRequestPayload, needs=_WRITE, as_actor=True)
    def roll_back_stock_request(self, id: str, input: StockRequestReasonInput) -> Act:
        """Take the last step back, for a reason, by appending: both stay in its events.

        What was submitted goes back to who made it; a decision is taken back by an approver or by
        who made the request; what stock has to do with, by any writer. `ROLLBACK_BLOCKED` names
        what stands against it.
        """
        return (rolling_back.roll_back, id, input.reason, plain_given(input).get("comment"))
