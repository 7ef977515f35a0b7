"""What a refusal looks like in REST: the documented bodies, with the code beside the text."""

from collections.abc import Mapping
from typing import Any

import structlog
from starlette.responses import Response

from domain import json
from domain.errors import (
    UNAUTHORIZED,
    GatewayError,
    LimitExceeded,
    NotFound,
    RateLimited,
    Unauthorized,
    Unavailable,
)
from rest_compat.bodies import HttpRefusal

INTERNAL = "INTERNAL"
RETRY_SECONDS = 2  # of a database that cannot be reached

STATUS = {
    **dict.fromkeys(UNAUTHORIZED, 401),
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "CONFLICT": 409,
    "ALREADY_EXISTS": 409,
    "STALE_VERSION": 409,
    "STALE_QUANTITY": 409,
    "INSUFFICIENT_STOCK": 409,
    "INSUFFICIENT_ATP": 409,
    "CHANNEL_RETIRED": 409,
    "POLICY_OVERLAPS": 409,
    "SHARES_EXCEEDED": 400,
    "RESERVATION_ENDED": 409,
    "RESERVATION_EXPIRED": 409,
    "RESERVATION_EXCEEDED": 409,
    "TTL_REFUSED": 400,
    "BEYOND_HORIZON": 400,
    "UNKNOWN_BUCKET_SIZE": 400,
    "STOCK_HELD": 409,
    "PERIOD_CLOSED": 409,
    "COUNTED_SINCE": 409,
    "STILL_COUNTING": 409,
    "COUNT_INCOMPLETE": 409,
    "LINE_RESOLVED": 409,
    "SAME_COUNTER": 409,
    "APPROVAL_REQUIRED": 409,
    "NOT_REVERSIBLE": 409,
    "HOLD_ENDED": 409,
    "OWN_REQUEST": 409,
    "APPROVAL_LIMIT_EXCEEDED": 409,
    "OVER_APPROVAL": 409,
    "EMPTY_REQUEST": 409,
    "NOTHING_ALLOCATED": 409,
    "ROLLBACK_BLOCKED": 409,
    "OTHER_OPERATION": 409,
    "STOCKLIST_NOT_PUBLISHED": 409,
    "ILLEGAL_STEP": 409,
    "EXCEEDS_OPEN": 409,
    "OVER_RECEIPT": 409,
    "IDEMPOTENCY_KEY_REUSED": 409,
    "IN_USE": 409,
    "QUOTA_EXCEEDS_AVAILABLE": 409,
    "QUOTA_BELOW_CONSUMED": 409,
    "REPLENISHMENT_CYCLE": 409,
    "DEMAND_OVERSHARED": 409,
    "BIN_UNFIT": 409,
    "NOT_SUGGESTED": 409,
    "SOURCE_MISSING": 409,
    "INVALID": 400,
    "LIMIT_EXCEEDED": 400,
    "COST_EXCEEDED": 400,
    "UNKNOWN_REASON": 400,
    "COMMENT_REQUIRED": 400,
    "ROOT_CAUSE_REQUIRED": 400,
    "LOT_REFUSED": 400,
    "BIN_REFUSED": 400,
    "QUANTITY_REFUSED": 400,
    "DUPLICATE_LINE": 400,
    "FEFO_REASON_REQUIRED": 400,
    "FUTURE_MOMENT": 400,
    "UNKNOWN_POSITION": 400,
    "REASON_REQUIRED": 400,
    "UNKNOWN_LINE": 400,
    "STOCKLIST_MISMATCH": 400,
    "NOT_ON_STOCKLIST": 400,
    "BOUNDS_REFUSED": 400,
    "METHOD_INCOMPLETE": 400,
    "NOTHING_TO_COUNT": 400,
    "COUNTED_AHEAD": 400,
    "IMPORT_REFUSED": 400,
    "RATE_LIMITED": 429,
    "UNAVAILABLE": 503,
    "POSITION_NOT_REACHED": 503,
    "TIMEOUT": 504,
}
# The message of a failure of our own, by the area of the operation.
FAILURES = {"atp": "ATP calculation failed"}
FAILURE = "The request failed; its requestId finds it in the log"

log = structlog.get_logger(__name__)


def refusal(
    error: GatewayError, request_id: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer to a refused request."""
    body: dict[str, Any] = {"error": error.message, "code": error.code}
    details = dict(error.details)
    # The documented body of what is not found has its name in the text alone.
    if error.field is not None and not isinstance(error, NotFound):
        details = {"field": error.field, **details}
    if details:
        body["details"] = details
    id = error.request_id or request_id
    return _answer(body, status_of(error), id, {**_headers(error), **(headers or {})})


def internal(failure: BaseException, request_id: str, area: str = "") -> Response:
    """The answer to a failure of our own, which is logged whole."""
    log.error("request_failed", request_id=request_id, exc_info=failure)
    body = {
        "error": "Internal Server Error",
        "message": FAILURES.get(area, FAILURE),
        "code": INTERNAL,
    }
    return _answer(body, 500, request_id, {})


def status_of(error: GatewayError) -> int:
    """The HTTP status of a refusal."""
    if isinstance(error, HttpRefusal):
        return error.status
    if isinstance(error, LimitExceeded) and error.details.get("limit") == "bodyBytes":
        return 413
    return STATUS[error.code]


def _headers(error: GatewayError) -> dict[str, str]:
    if isinstance(error, HttpRefusal):
        return error.headers
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, RateLimited):
        return {"Retry-After": str(error.retry_after_seconds)}
    if isinstance(error, Unavailable):
        return {"Retry-After": str(RETRY_SECONDS)}
    return {}


def _answer(
    body: dict[str, Any], status: int, request_id: str, headers: dict[str, str]
) -> Response:
    content = json.dumps({**body, "requestId": request_id})
    headers = {"Cache-Control": "no-store", **headers}
    return Response(content, status, headers, media_type="application/json")
