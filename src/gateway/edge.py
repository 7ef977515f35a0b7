"""What every request passes first and every answer last: its id, its log line, its headers."""

import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.metrics import Metrics
from gateway.request_ids import HEADER, request_id
from rest_compat.errors import internal

# Answers are for programs: no page may frame them, guess their type or learn their address.
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_GONE = 499  # the status of answers for which nobody waited
_UNKNOWN = "unknown"  # the route of what leads nowhere

log = structlog.get_logger("access")


class Edge:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a failure of our own is logged whole and shown as its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        id = request_id(request)
        status = 0
        began = time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])  # a member of HTTPStatus would be logged as such
                _complete(MutableHeaders(scope=message), request, id)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as failure:
            if status:
                raise  # half an answer is out: the server closes the connection
            await internal(failure, id)(scope, receive, sending)
        finally:
            self._record(request, id, status, time.perf_counter() - began)

    def _record(self, request: Request, id: str, status: int, seconds: float) -> None:
        state = request.scope["state"]
        route = state.get("route", _UNKNOWN)
        status = status or _GONE
        self._metrics.count(_known(request.method), route, status, seconds)
        actor = state.get("actor")
        log.info(
            "request",
            method=request.method,
            path=request.url.path,  # without the query, in which there may be secrets
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            request_id=id,
            **({"tenant": str(actor.tenant_id), "key": actor.key_id} if actor else {}),
        )


def _complete(headers: MutableHeaders, request: Request, id: str) -> None:
    headers[HEADER] = id
    for name, value in _SECURITY.items():
        headers.setdefault(name, value)
    state = request.scope["state"]
    for name, value in (*state.get("rate_limit", {}).items(), *state.get("told", {}).items()):
        headers[name] = value


def _known(method: str) -> str:
    """The method, unless somebody made it up: each that is counted takes memory."""
    is_known = method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return method if is_known else "OTHER"
