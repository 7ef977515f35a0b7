"""The parts of the OpenAPI document that all paths share."""

from typing import Any

_ID = "01998f0e6b7c4f6fa1c2d3e4f5a6b7c8"

_ERRORS: dict[str, tuple[int, str, dict[str, Any]]] = {
    "BadRequest": (
        400,
        "A parameter or the body breaks a rule; the text names it.",
        {"error": "locationId is required", "code": "INVALID"},
    ),
    "Unauthorized": (
        401,
        "There is no valid key: MISSING_AUTHORIZATION, or INVALID_, REVOKED_ or EXPIRED_API_KEY.",
        {"error": "Unauthorized", "code": "MISSING_AUTHORIZATION"},
    ),
    "Forbidden": (
        403,
        "The key lacks a permission; `details.required` names all that are needed.",
        {"error": "Forbidden", "code": "FORBIDDEN", "details": {"required": ["inventory.read"]}},
    ),
    "NotFound": (
        404,
        "There is no such thing, or it is another tenant's; the two cannot be told apart.",
        {"error": "Location not found or not accessible", "code": "NOT_FOUND"},
    ),
    "PreconditionFailed": (
        412,
        "The record is not as `If-Match` says.",
        {
            "error": "The record is not as it was when it was read: read it again.",
            "code": "PRECONDITION_FAILED",
        },
    ),
    "Conflict": (
        409,
        "The present state does not allow it.",
        {
            "error": "There is a key with this name already.",
            "code": "ALREADY_EXISTS",
            "details": {"field": "name"},
        },
    ),
    "TooLarge": (
        413,
        "The body is larger than 1 MiB.",
        {
            "error": "The body is larger than 1048576 bytes.",
            "code": "LIMIT_EXCEEDED",
            "details": {"field": "body", "limit": "bodyBytes", "max": 1048576},
        },
    ),
    "UnsupportedMediaType": (
        415,
        "The body is not JSON in UTF-8.",
        {
            "error": "The body must be application/json in UTF-8.",
            "code": "UNSUPPORTED_MEDIA_TYPE",
        },
    ),
    "RateLimited": (
        429,
        "The key has made too many requests in the minute or the hour of the clock.",
        {"error": "Rate limit exceeded", "code": "RATE_LIMITED", "details": {"retryAfter": 17}},
    ),
    "Internal": (
        500,
        "A failure of the server; the same request may be sent again.",
        {
            "error": "Internal Server Error",
            "message": "ATP calculation failed",
            "code": "INTERNAL",
        },
    ),
    "Unavailable": (
        503,
        "The database cannot be reached now; the same request may be sent again.",
        {"error": "The database cannot be reached; try again.", "code": "UNAVAILABLE"},
    ),
    "Timeout": (
        504,
        "It took too long: ask for less at once.",
        {
            "error": "The request took longer than 15 s and was stopped.",
            "code": "TIMEOUT",
        },
    ),
}
_OF_BODIES = ("TooLarge", "UnsupportedMediaType")
_RETRIED = ("RateLimited", "Unavailable")


def refusals(*, is_write: bool, has_body: bool, is_conditional: bool) -> dict[str, Any]:
    """The answers to refused requests."""
    left_out = set() if has_body else set(_OF_BODIES)
    if not is_conditional:
        left_out.add("PreconditionFailed")
    if not is_write:
        left_out.add("Conflict")
    return {
        str(status): {"$ref": f"#/components/responses/{name}"}
        for name, (status, _, _) in _ERRORS.items()
        if name not in left_out
    }


def _header(about: str, kind: str = "string") -> dict[str, Any]:
    return {"description": about, "schema": {"type": kind}}


def _refs(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


_LIMITS = (
    *("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"),
    *("X-GraphQL-Cost", "X-GraphQL-Cost-Limit"),
)
WRITE_HEADERS = _refs(
    "X-Request-Id",
    "X-GraphQL-Operation",
    "Preference-Applied",
    "Idempotency-Replayed",
    *_LIMITS,
)
READ_HEADERS = _refs("X-Request-Id", "X-GraphQL-Operation", "Preference-Applied", "ETag", *_LIMITS)


def _sent(name: str, about: str, example: str, **schema: Any) -> dict[str, Any]:
    """A header that a request may have."""
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": about,
        "schema": {"type": "string", **schema},
        "example": example,
    }


# Characters of a header that can be printed, without spaces around them, which HTTP takes away.
_INK = r"!-~\u00a1-\u00ac\u00ae-\u00ff"
_PRINTABLE = rf"^[{_INK}]([ {_INK}]*[{_INK}])?$"
_TAG = 'W/"3f1c"'
CONDITIONS = [
    _sent(
        "If-None-Match",
        "The ETag of an answer that the caller has: 304 when it is the same.",
        _TAG,
    ),
    _sent("Prefer", "`handling=lenient` ignores unknown names.", "handling=lenient"),
]
IF_MATCH = _sent(
    "If-Match",
    "The ETag of the record as the caller has read it: 412 when it is another now.",
    _TAG,
)
PREFERENCES = [
    _sent(
        "Idempotency-Key",
        "1 to 255 printable characters. The write is done once for all requests "
        "with this key and the same body within 24 hours; all of them get the first answer. "
        "Another request with the key is refused with `IDEMPOTENCY_KEY_REUSED`.",
        "order-1001-line-3",
        minLength=1,
        maxLength=255,
        pattern=_PRINTABLE,
    ),
    _sent(
        "Prefer",
        "`handling=lenient` ignores unknown names; `tx=rollback` keeps nothing.",
        "tx=rollback",
    ),
]


def _refusal(name: str, about: str, example: dict[str, Any]) -> dict[str, Any]:
    headers = _refs("X-Request-Id", *(("Retry-After",) if name in _RETRIED else ()))
    schema = {"$ref": "#/components/schemas/Error"}
    content = {"schema": schema, "example": {**example, "requestId": _ID}}
    return {
        "description": about,
        "headers": headers,
        "content": {"application/json": content},
    }


def switch(name: str) -> dict[str, Any]:
    """The parameter that chooses the other operation of a row."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": "Whether to give the second of the two answers in place of the first.",
        "schema": {"type": "boolean", "default": False},
    }


COMPONENTS: dict[str, Any] = {
    "securitySchemes": {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key, `bdk_live_…`; the names beside it are its permissions.",
        }
    },
    "schemas": {
        "Error": {
            "type": "object",
            "properties": {
                "error": {"type": "string", "description": "What is wrong, for people."},
                "message": {"type": "string", "description": "More of it, for failures."},
                "code": {"type": "string", "description": "What is wrong, for programs."},
                "details": {"type": "object", "description": "What the code is about."},
                "requestId": {"type": "string", "description": "As `X-Request-Id`."},
            },
            "required": ["error", "code", "requestId"],
        }
    },
    "headers": {
        "X-Request-Id": _header("The id of the request; one that the caller sends is kept."),
        "X-GraphQL-Operation": _header("The name of the stored operation that ran."),
        "X-RateLimit-Limit": _header("Requests in the tighter window of the key.", "integer"),
        "X-RateLimit-Remaining": _header("Requests that are left in that window.", "integer"),
        "X-RateLimit-Reset": _header("When it ends, in seconds since 1970.", "integer"),
        "X-GraphQL-Cost": _header("What the operation was estimated to cost.", "integer"),
        "X-GraphQL-Cost-Limit": _header("What one operation of the key may cost.", "integer"),
        "Preference-Applied": _header("Which preferences were followed."),
        "Idempotency-Replayed": _header(
            "`true` where nothing was done: this is the first answer to the same request."
        ),
        "Retry-After": _header("Seconds after which to try again.", "integer"),
        "ETag": _header("Names this very answer, the moment of its making aside."),
        "Link": _header('The pages beside this one, as `<…>; rel="next"` and `rel="prev"`.'),
    },
    "responses": {
        "NotModified": {
            "description": "The caller has this answer already.",
            "headers": _refs("ETag", "X-Request-Id"),
        }
    }
    | {name: _refusal(name, about, example) for name, (_, about, example) in _ERRORS.items()},
}


def _plain(summary: str, responses: dict[str, Any]) -> dict[str, Any]:
    return {"get": {"summary": summary, "tags": ["server"], "security": [], "responses": responses}}


_ANSWERED = {"200": {"description": "OK"}}
PLAIN_PATHS = {
    "/health/live": _plain("Whether the process answers.", _ANSWERED),
    "/health/ready": _plain(
        "Whether requests may be sent here.",
        {**_ANSWERED, "503": {"description": "Not now; `reason` says why."}},
    ),
    "/metrics": _plain("Numbers for Prometheus.", _ANSWERED),
    "/openapi.json": _plain("This document.", _ANSWERED),
}
