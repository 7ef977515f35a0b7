"""What a request to /graphql asks for, read strictly from HTTP."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from domain import json
from domain.errors import GatewayError, Invalid, LimitExceeded
from gateway.media_types import is_json

_PARAMETERS = ("query", "operationName", "variables", "extensions")
_GZIP = 16 + zlib.MAX_WBITS


class HttpRefusal(GatewayError):
    """The request is not one that this address takes; `status` and `headers` say it in HTTP."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.headers = dict(headers or {})


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
        return _checked(json.loads(await _body(request, max_bytes)))
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


async def _body(request: Request, max_bytes: int) -> bytes:
    if not is_json(request.headers.get("content-type")):
        message = "The body must be application/json in UTF-8."
        raise HttpRefusal(415, "UNSUPPORTED_MEDIA_TYPE", message)
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        message = f"The content encoding {encoding[:40]} is not read; gzip is."
        headers = {"Accept-Encoding": "gzip, identity"}
        raise HttpRefusal(415, "UNSUPPORTED_MEDIA_TYPE", message, headers)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
    return _unzipped(bytes(body), max_bytes) if encoding == "gzip" else bytes(body)


def _unzipped(data: bytes, max_bytes: int) -> bytes:
    """Decompress no more than `max_bytes`, so that a small body cannot fill the memory."""
    reader = zlib.decompressobj(_GZIP)
    try:
        body = reader.decompress(data, max_bytes)
    except zlib.error:
        raise Invalid("body", "The body is not gzip.") from None
    if reader.unconsumed_tail:
        raise _too_large(max_bytes)
    if not reader.eof or reader.unused_data:
        raise Invalid("body", "The body is not one whole gzip stream.")
    return body


def _too_large(max_bytes: int) -> LimitExceeded:
    message = f"The body is larger than {max_bytes} bytes."
    return LimitExceeded("body", message, limit="bodyBytes", max=max_bytes)
