"""Bodies of requests as JSON, read within a limit, and the refusals that only HTTP knows."""

import zlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from domain import json
from domain.errors import GatewayError, Invalid, LimitExceeded
from domain.media_types import is_json

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


def has_body(request: Request) -> bool:
    """Whether a request comes with a body, even if it is empty in the end."""
    headers = request.headers
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


async def read_json(request: Request, max_bytes: int) -> Any:
    """The JSON value in the body of a request.

    Raises:
        Invalid: it is not well formed; `details.path` says where.
        LimitExceeded: the body is longer than `max_bytes`.
        HttpRefusal: the body is not JSON, or is compressed in a way that is not read.
    """
    return json.loads(await _body(request, max_bytes))


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
