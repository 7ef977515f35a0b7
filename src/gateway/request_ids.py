"""The id of a request: in every log line, every answer's header and every error."""

import re
from uuid import uuid4

from starlette.requests import HTTPConnection

HEADER = "X-Request-Id"

# What proxies and tracing systems send: UUIDs, hexadecimal, `Root=1-67891233-abcdef…`.
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:=@/+-]{0,127}")


def request_id(request: HTTPConnection) -> str:
    """The caller's id when it is well formed, else one made now; the same for the whole request."""
    state = request.scope.setdefault("state", {})
    if "request_id" not in state:
        given = request.headers.get(HEADER, "")
        state["request_id"] = given if _WELL_FORMED.fullmatch(given) else uuid4().hex
    made: str = state["request_id"]
    return made
