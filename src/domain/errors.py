"""Every refusal a caller can cause, as one tree.

GatewayError
├── Unauthorized            no key, or one that is not valid (any longer)
├── Forbidden               the key lacks a permission
├── Invalid                 an argument breaks a rule; names the field
│   ├── LimitExceeded       the request is larger than a documented limit
│   │   └── CostExceeded        the operation would cost more than its key may ask for
│   ├── UnknownReason       there is no such reason code, or it is retired or not for this
│   ├── CommentRequired     the reason needs a comment
│   ├── RootCauseRequired   so large a decrease needs a root cause here
│   ├── LotRefused          a lot or expiry date is missing, past or of another product
│   ├── BinRefused          a bin is at another location
│   ├── QuantityRefused     a quantity is 0, negative or no multiple of the product's step
│   ├── DuplicateLine       two lines set the same bucket
│   ├── SharesExceeded      shares or weights of channels would be more than the whole
│   ├── TtlRefused          a reservation would last longer than the channel's policies allow
│   ├── BeyondHorizon       a day lies further ahead than promises look
│   ├── UnknownBucketSize   promises are cut into days or weeks only
│   ├── FefoReasonRequired  what expires earlier would be passed over without a reason
│   ├── FutureMoment        a moment has not come yet
│   ├── UnknownPosition     a position is none of this database
│   ├── BoundsRefused       minimum, reorder point and maximum are not in rising order
│   ├── MethodIncomplete    a method of replenishment lacks a number that it needs
│   ├── NothingToCount      a count would have no lines
│   ├── CountedAhead        something is said to have been counted in the future
│   └── ImportRefused       a folder has rows that cannot be taken
├── NotFound                there is no such thing, or it is another tenant's
├── Conflict                the present state does not allow the act
│   ├── AlreadyExists       a unique name is taken
│   ├── StaleVersion        the row has changed since it was read
│   ├── StaleQuantity       the quantity is not the expected one
│   ├── InsufficientStock   less is there than is asked for
│   │   └── InsufficientAtp     enough is there, and the channel may promise less
│   ├── PolicyOverlaps      another policy counts for the same at the same time
│   ├── ChannelRetired      the channel sells no longer
│   ├── StockHeld           what is asked for is there, and on hold
│   ├── PeriodClosed        the books are closed through that moment
│   ├── NotReversible       the posting cannot be taken back (any longer)
│   ├── CountedSince        a count came after what is to be added
│   ├── IllegalStep         a document's state does not allow the action
│   ├── StillCounting       the count is not completed yet
│   ├── CountIncomplete     lines are still to be counted
│   ├── LineResolved        it was decided on the line already
│   ├── SameCounter         another person must count it again
│   ├── ApprovalRequired    the variance is so large that another must approve it
│   ├── ExceedsOpen         more is picked or shipped than is left to be
│   ├── OverReceipt         more is received than was shipped
│   ├── HoldEnded           the hold holds nothing (any longer)
│   ├── ReservationEnded    all of the reservation is consumed, released or expired
│   │   └── ReservationExpired  its time is over, and so is the grace
│   ├── ReservationExceeded less of the reservation is open than is asked for
│   ├── IdempotencyKeyReused   the key was used for something else
│   ├── InUse               something still stands on it
│   ├── QuotaExceedsAvailable  quotas would set more aside than there is
│   ├── QuotaBelowConsumed  a quota would be less than what was used of it
│   ├── BinUnfit            a bin is not right for goods, or has no room for them
│   ├── NotSuggested        what is to be accepted is not suggested any longer
│   ├── SourceMissing       no location is there to send units
│   ├── ReplenishmentCycle  a place would be replenished from itself, over others
│   └── DemandOvershared    places would get more than all of the demand that names none
├── RateLimited             too many requests in a window
├── Timeout                 the operation took longer than it may
└── Unavailable             the database cannot be reached now; try again
    └── PositionNotReached  what was written at a position is not seen yet

`code` is part of the contract: the same in GraphQL `extensions` and in REST bodies.
`details` holds only JSON values.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class GatewayError(Exception):
    """A refusal with a stable code, a sentence for people and details for programs."""

    code = "INTERNAL"
    request_id: str | None = None  # of the request that was refused first, where this repeats it

    def __init__(
        self, message: str, *, field: str | None = None, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = dict(details or {})


UNAUTHORIZED = ("MISSING_AUTHORIZATION", "INVALID_API_KEY", "REVOKED_API_KEY", "EXPIRED_API_KEY")


class Unauthorized(GatewayError):
    """The request carries no key, or one that is not valid (any longer); the code says which."""

    code = UNAUTHORIZED[0]

    def __init__(self, code: str = UNAUTHORIZED[0]) -> None:
        super().__init__("Unauthorized")
        self.code = code


class Forbidden(GatewayError):
    """The key lacks a permission that the field or the act needs."""

    code = "FORBIDDEN"

    def __init__(self, *, required: list[str]) -> None:
        super().__init__("Forbidden", details={"required": required})


class Invalid(GatewayError):
    """An argument breaks a rule; `field` names it."""

    code = "INVALID"

    def __init__(self, field: str, message: str, **details: Any) -> None:
        super().__init__(message, field=field, details=details)


class LimitExceeded(Invalid):
    """The request is larger than a documented limit."""

    code = "LIMIT_EXCEEDED"


class CostExceeded(LimitExceeded):
    """The operation is estimated to cost more than the key may ask for at once."""

    code = "COST_EXCEEDED"

    def __init__(self, *, cost: int, max: int) -> None:
        message = f"The operation is estimated to cost {cost}; {max} are allowed: ask for less."
        super().__init__("query", message, limit="cost", max=max, value=cost)


class UnknownReason(Invalid):
    """There is no such reason code, or it is retired, of the other direction or not for this."""

    code = "UNKNOWN_REASON"


class CommentRequired(Invalid):
    """The reason code needs a comment."""

    code = "COMMENT_REQUIRED"


class RootCauseRequired(Invalid):
    """So large a decrease needs a root cause in this tenant."""

    code = "ROOT_CAUSE_REQUIRED"


class LotRefused(Invalid):
    """A lot or an expiry date is missing, past, or of another product; `details` has the code."""

    code = "LOT_REFUSED"


class BinRefused(Invalid):
    """A bin is at another location than the stock."""

    code = "BIN_REFUSED"


class QuantityRefused(Invalid):
    """A number is 0, negative, too large, too fine, or no multiple of the product's step."""

    code = "QUANTITY_REFUSED"


class DuplicateLine(Invalid):
    """Two lines of one request set the same bucket; `details.line` is the first of them."""

    code = "DUPLICATE_LINE"


class FutureMoment(Invalid):
    """A moment that must be past has not come yet, by the database's clock."""

    code = "FUTURE_MOMENT"

    def __init__(self, field: str) -> None:
        super().__init__(field, f"{field} is in the future.")


class UnknownPosition(Invalid):
    """A position is not well formed, or was given by another database."""

    code = "UNKNOWN_POSITION"


class BoundsRefused(Invalid):
    """A minimum, reorder point or maximum lies above the next of them."""

    code = "BOUNDS_REFUSED"


class MethodIncomplete(Invalid):
    """The method of replenishment lacks a number that it needs; `field` names it."""

    code = "METHOD_INCOMPLETE"


class ImportRefused(GatewayError):
    """A folder has rows that cannot be taken; nothing of it was posted."""

    code = "IMPORT_REFUSED"


class NotFound(GatewayError):
    """There is no such thing, or it is another tenant's: the two are not told apart."""

    code = "NOT_FOUND"

    def __init__(self, thing: str, field: str | None = None) -> None:
        super().__init__(f"{thing} not found or not accessible", field=field)


class Conflict(GatewayError):
    """The present state does not allow the act."""

    code = "CONFLICT"


class AlreadyExists(Conflict):
    """A name that must be unique is taken."""

    code = "ALREADY_EXISTS"

    def __init__(self, thing: str, field: str) -> None:
        super().__init__(f"There is a {thing} with this {field} already.", field=field)


class StaleVersion(Conflict):
    """The row has changed since the caller read it; nothing was written."""

    code = "STALE_VERSION"

    def __init__(self, thing: str, *, expected: int, actual: int) -> None:
        super().__init__(
            f"The {thing} is at version {actual}, not {expected}: read it again.",
            field="expectedVersion",
            details={"expected": expected, "actual": actual},
        )


class StaleQuantity(Conflict):
    """The quantity on hand is not the expected one; nothing was written."""

    code = "STALE_QUANTITY"


class InsufficientStock(Conflict):
    """Less is there than is asked for; nothing was written."""

    code = "INSUFFICIENT_STOCK"


class StockHeld(Conflict):
    """What is asked for is there, and on hold; nothing was written."""

    code = "STOCK_HELD"


class PeriodClosed(Conflict):
    """The books are closed through the moment at which it is said to have happened."""

    code = "PERIOD_CLOSED"


class CountedSince(Conflict):
    """The bucket was counted after the moment at which it is said to have happened."""

    code = "COUNTED_SINCE"


class IllegalStep(Conflict):
    """A document's state does not allow the action; `details` name what it does allow."""

    code = "ILLEGAL_STEP"

    def __init__(self, thing: str, action: str, status: str, allowed: Sequence[str]) -> None:
        told = ", ".join(allowed) or "nothing more"
        super().__init__(
            f"A {thing} that is {status} does not allow {action}; it allows {told}.",
            field="action",
            details={"status": status, "action": action, "allowedActions": [*allowed]},
        )


class ExceedsOpen(Conflict):
    """More is to be picked or shipped than is left of what was asked for."""

    code = "EXCEEDS_OPEN"


class OverReceipt(Conflict):
    """More is to be received than was shipped and is on its way."""

    code = "OVER_RECEIPT"


class NotReversible(Conflict):
    """The posting cannot be taken back; `details.blockers` has every reason."""

    code = "NOT_REVERSIBLE"

    def __init__(self, blockers: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            f"It cannot be taken back. {blockers[0]['message']}",
            field="postingId",
            details={"blockers": list(blockers)},
        )


class HoldEnded(Conflict):
    """The hold holds nothing (any longer), or less than is to be released."""

    code = "HOLD_ENDED"


class IdempotencyKeyReused(Conflict):
    """The idempotency key was used for another request; nothing was written."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self) -> None:
        super().__init__(
            "This idempotency key was used for another request; use a new one.",
            field="idempotencyKey",
        )


class InUse(Conflict):
    """Something still stands on it; `details` says what and how much."""

    code = "IN_USE"


class ReplenishmentCycle(Conflict):
    """A place would be replenished from itself, over others; `details.locationIds` is the way."""

    code = "REPLENISHMENT_CYCLE"


class DemandOvershared(Conflict):
    """The places of a product would together get more than all demand that names no place."""

    code = "DEMAND_OVERSHARED"


class RateLimited(GatewayError):
    """Too many requests in a window; try again after `retry_after_seconds`."""

    code = "RATE_LIMITED"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("Rate limit exceeded", details={"retryAfter": retry_after_seconds})
        self.retry_after_seconds = retry_after_seconds


class Timeout(GatewayError):
    """The operation took longer than it may; ask for less at once."""

    code = "TIMEOUT"


class Unavailable(GatewayError):
    """The database cannot be reached now; the same request may be sent again."""

    code = "UNAVAILABLE"


class PositionNotReached(Unavailable):
    """What was written at the position cannot be seen yet; the same request may be sent again."""

    code = "POSITION_NOT_REACHED"

    def __init__(self) -> None:
        super().__init__("What was written at this position is not seen yet.", field="atLeast")
