"""Calls of an ASGI application in this process, without a client's cost."""

import asyncio
import itertools
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.types import ASGIApp

from bench.measure import Act
from models.session import Database
from services import keys


async def key_of(database: Database, tenant_id: UUID) -> str:
    """A new key that may do everything, as often as it likes."""
    wish = keys.KeyWish(
        name=f"bench {time.time_ns()}", scopes=["*"], per_minute=None, per_hour=None
    )
    async with database.write(tenant_id) as session:
        return (await keys.create(session, wish)).plain


def _scope(method: str, target: str) -> dict[str, Any]:
    """What a server says of a request, but for its headers."""
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


def request(
    app: ASGIApp, method: str, target: str, key: str, body: Callable[[int], bytes] = lambda _: b""
) -> Act:
    """A request whose body is made from its number, which is its idempotency key as well."""
    scope = _scope(method, target)
    headers = [
        (b"host", b"localhost"),
        (b"authorization", f"Bearer {key}".encode()),
        (b"content-type", b"application/json"),
    ]
    numbers = itertools.count()

    async def act() -> bytes:
        sent: list[Any] = []
        number = next(numbers)
        once = (b"idempotency-key", f"bench {id(numbers)} {number}".encode())

        messages = [{"type": "http.request", "body": body(number), "more_body": False}]

        async def receive() -> dict[str, Any]:
            if not messages:
                await asyncio.Event().wait()  # the client waits for its answer
            return messages.pop()

        async def send(message: Any) -> None:
            sent.append(message)

        asked = {**scope, "state": {}, "headers": [*headers, once] if method == "POST" else headers}
        await app(asked, receive, send)
        answer = b"".join(message.get("body", b"") for message in sent)
        assert sent[0]["status"] == HTTPStatus.OK, answer[:300]
        return answer

    return act
