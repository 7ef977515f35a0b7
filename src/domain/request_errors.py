"""Refusals of stock requests and stocklists: a part of the tree that domain/errors.py draws.

Invalid
├── ReasonRequired          the act needs a reason
├── UnknownLine             a line is not one of the document's
├── StocklistMismatch       a stocklist is of other locations
└── NotOnStocklist          a product is not on the stocklist, or not in that quantity
Conflict
├── OwnRequest              who made the stock request may not decide on it
├── ApprovalLimitExceeded   the stock request is worth more than the key may approve
├── OverApproval            more would be approved than was asked for
├── EmptyRequest            a stock request asks for nothing
├── NothingAllocated        nothing is set aside that could be issued
├── RollbackBlocked         the last step cannot be taken back
├── OtherOperation          another operation does that
└── StocklistNotPublished   the stocklist is not in use
"""

from domain.errors import Conflict, Invalid


class ReasonRequired(Invalid):
    """The act needs a reason."""

    code = "REASON_REQUIRED"

    def __init__(self, field: str) -> None:
        super().__init__(field, f"{field} is required")


class UnknownLine(Invalid):
    """The line is none of this document's."""

    code = "UNKNOWN_LINE"

    def __init__(self, field: str) -> None:
        super().__init__(field, "This document has no such line.")


class StocklistMismatch(Invalid):
    """The stocklist is of other locations than the request."""

    code = "STOCKLIST_MISMATCH"


class NotOnStocklist(Invalid):
    """The product is not on the request's stocklist, or not in that quantity."""

    code = "NOT_ON_STOCKLIST"


class OwnRequest(Conflict):
    """Who made the stock request may not decide on it."""

    code = "OWN_REQUEST"

    def __init__(self) -> None:
        super().__init__("Somebody else than who made the request decides on it.")


class ApprovalLimitExceeded(Conflict):
    """The stock request is worth more than this key may approve."""

    code = "APPROVAL_LIMIT_EXCEEDED"


class OverApproval(Conflict):
    """More would be approved than was asked for, and this key may not do that."""

    code = "OVER_APPROVAL"


class EmptyRequest(Conflict):
    """The stock request asks for nothing, or nothing of it would be approved."""

    code = "EMPTY_REQUEST"


class StocklistNotPublished(Conflict):
    """The stocklist is still being written, or is not in use any more."""

    code = "STOCKLIST_NOT_PUBLISHED"


class NothingAllocated(Conflict):
    """Nothing is set aside for the stock request that could be issued."""

    code = "NOTHING_ALLOCATED"


class RollbackBlocked(Conflict):
    """The last step cannot be taken back; `details.blockers` say what stands against it."""

    code = "ROLLBACK_BLOCKED"


class OtherOperation(Conflict):
    """Another operation leads to that state; `details` name it."""

    code = "OTHER_OPERATION"
