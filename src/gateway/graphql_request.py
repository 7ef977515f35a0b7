"""What a request to /graphql asks for, read strictly from HTTP."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from domain import json
from domain.errors import Invalid
from rest_compat.bodies import read_json

_PARAMETERS = ("query", "operationName", "variables", "extensions")


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphQLRequest:
    """One operation to run."""

    text: str
    operation_name: str | None
    variables: dict[str, Any] | None


async def read(request: Request, max_bytes: int) -> GraphQLRequest:
    """The operation that a GET or a POST asks for.

    Raises:
        Invalid: it is not well formed; `field` or `details.path` says where.
        LimitExceeded: the body is longer than `max_bytes`.
        HttpRefusal: the body is not JSON, or is compressed in a way that is not read.
    """
    if request.method == "POST":
        return _checked(await read_json(request, max_bytes))
    return _checked(_from_query(request))


def _from_query(request: Request) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise Invalid(name, f"{name} is given twice.")
        if name in _PARAMETERS:
            given[name] = value
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = json.loads(given[name].encode(errors="surrogatepass"))
    return given


def _checked(given: Any) -> GraphQLRequest:
    """Names that are not known are ignored, as the specification asks."""
    if isinstance(given, list):
        raise Invalid("body", "Batches are not taken: send one operation a request.")
    if not isinstance(given, dict):
        raise Invalid("body", "The body must be a JSON object.")
    text = given.get("query")
    if not isinstance(text, str) or not text.strip():
        raise Invalid("query", "query must be the text of a GraphQL document.")
    _optional(given, "extensions", dict)
    return GraphQLRequest(
        text=text,
        operation_name=_optional(given, "operationName", str),
        variables=_optional(given, "variables", dict),
    )


def _optional(given: dict[str, Any], name: str, kind: type) -> Any:
    value = given.get(name)
    if value is not None and not isinstance(value, kind):
        raise Invalid(name, f"{name} must be {'a string' if kind is str else 'an object'}.")
    return value
