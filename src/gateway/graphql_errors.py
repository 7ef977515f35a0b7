"""Errors as GraphQL answers show them: a stable code, and nothing from inside."""

import re
from collections.abc import Sequence
from typing import Any

import structlog
from graphql import GraphQLError

from domain.errors import UNAUTHORIZED, GatewayError, RateLimited, Unauthorized, Unavailable
from rest_compat.bodies import HttpRefusal

BAD_USER_INPUT = "BAD_USER_INPUT"
INTERNAL = "INTERNAL"
INTERNAL_MESSAGE = "Internal Server Error"
RETRY_AFTER_SECONDS = 2  # of a database that cannot be reached

# Of refusals of the whole request; those of a field are part of an answer with status 200.
_STATUS = {
    **dict.fromkeys(UNAUTHORIZED, 401),
    "FORBIDDEN": 403,
    "LIMIT_EXCEEDED": 413,
    "RATE_LIMITED": 429,
    "UNAVAILABLE": 503,
    "TIMEOUT": 504,
}

# As graphql-core begins what it says about a value that does not fit its variable.
_VARIABLE = re.compile(r"Variable '\$(?P<name>\w+)' has invalid value(?: at \.?(?P<path>\S+))?: ")

log = structlog.get_logger(__name__)


def shown(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """A GraphQL error as clients get it; what is nobody's refusal is logged whole and masked."""
    message, extensions = _told(error, request_id)
    formatted: dict[str, Any] = {"message": message}
    if error.locations:
        formatted["locations"] = [place.formatted for place in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    id = getattr(error.original_error, "request_id", None) or request_id
    formatted["extensions"] = {**extensions, "requestId": id}
    return formatted


def refusal(error: GatewayError, request_id: str) -> dict[str, Any]:
    """A refusal of the whole request as a GraphQL error."""
    extensions = {**_extensions(error), "requestId": request_id}
    return {"message": error.message, "extensions": extensions}


def internal(error: BaseException, request_id: str) -> dict[str, Any]:
    """A failure of our own: logged whole, shown as its id alone."""
    log.error("graphql_failed", request_id=request_id, exc_info=error)
    return {
        "message": INTERNAL_MESSAGE,
        "extensions": {"code": INTERNAL, "requestId": request_id},
    }


def status_of(error: GatewayError) -> tuple[int, dict[str, str]]:
    """The HTTP status and headers of a refusal of the whole request."""
    if isinstance(error, HttpRefusal):
        return error.status, error.headers
    headers = {}
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.retry_after_seconds)
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return _STATUS.get(error.code, 400), headers


def is_of_request(errors: Sequence[GraphQLError] | None, data: object) -> bool:
    """Whether the errors kept the operation from starting, so that there is no data at all."""
    return data is None and bool(errors) and all(error.path is None for error in errors or ())


def _told(error: GraphQLError, request_id: str) -> tuple[str, dict[str, Any]]:
    if error.extensions and "code" in error.extensions:
        return error.message, _placed(error)
    cause = error.original_error
    if error.path is None or _is_callers(cause):
        return error.message, {"code": BAD_USER_INPUT}
    if isinstance(cause, GatewayError):
        return cause.message, _extensions(cause)
    path = ".".join(map(str, error.path))
    log.error("graphql_field_failed", request_id=request_id, path=path, exc_info=cause or error)
    return INTERNAL_MESSAGE, {"code": INTERNAL}


def _placed(error: GraphQLError) -> dict[str, Any]:
    """The extensions, with the field of a variable that graphql-core names in its text alone."""
    found = _VARIABLE.match(error.message)
    field = {"field": found["path"] or found["name"]} if found else {}
    return {**field, **(error.extensions or {})}


def _is_callers(cause: Exception | None) -> bool:
    """Whether graphql-core found fault with an argument: it then points at it in the document."""
    return isinstance(cause, GraphQLError) and bool(cause.nodes)


def _extensions(error: GatewayError) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": error.code}
    if error.field is not None:
        extensions["field"] = error.field
    if error.details:
        extensions["details"] = error.details
    return extensions
