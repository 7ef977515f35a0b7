"""The REST page against its very statements in a bare Starlette route, both called in-process."""

import json
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import asyncpg
import sqlalchemy
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bench.data import Data
from bench.measure import Act, Result, milliseconds, ratios, rounds
from gateway import logs
from gateway.app import create_app
from gateway.settings import load_settings
from models.session import Database
from services import keys

PATH = "/api/inventory/channel-location"
QUERY = "locationId=loc_01&page=2&limit=50"
CALLS = 8


async def run(data: Data) -> list[Result]:
    """Time and CPU of this process, where the pages are put together."""
    settings = load_settings(database_url=data.app_url, explorer=False, log_level="error")
    logs.configure(settings)
    database = Database(data.app_url, pool_size=1)
    app = create_app(settings, database)
    key = await _key(database, data)
    page = _get(app, f"{PATH}?{QUERY}", key)
    statements = await _recorded(database, page)
    connection = await asyncpg.connect(data.app_url)
    bare = _get(_bare(connection, data, statements), "/bare", key)
    try:
        acts = {"REST page": page, "bare route": bare}
        spent = await rounds(acts, time.perf_counter, calls=CALLS)
        cpu = await rounds(acts, time.process_time, calls=CALLS)
    finally:
        await connection.close()
        await database.close()
    what = f"REST page of 50 x 8 : its {len(statements)} statements in a bare Starlette route"
    return [
        Result(
            name=f"{what}, {unit}",
            ratios=ratios(one, *acts),
            cost=unit,
            notes=[milliseconds(one)],
        )
        for unit, one in (("time", spent), ("CPU of the gateway", cpu))
    ]


async def _key(database: Database, data: Data) -> str:
    wish = keys.KeyWish(
        name=f"bench {time.time_ns()}", scopes=["*"], per_minute=None, per_hour=None
    )
    async with database.write(data.tenant_id) as session:
        return (await keys.create(session, wish)).plain


def _get(app: ASGIApp, target: str, key: str) -> Act:
    """A GET without a client's cost."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"authorization", f"Bearer {key}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def act() -> bytes:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        await app({**scope, "state": {}}, receive, send)
        body = b"".join(message.get("body", b"") for message in sent)
        assert sent[0]["status"] == HTTPStatus.OK, body[:300]
        return body

    return act


async def _recorded(database: Database, page: Act) -> list[tuple[str, Any]]:
    """The statements that a page runs, as the driver gets them."""
    found: list[tuple[str, Any]] = []
    engine = database._engine.sync_engine  # noqa: SLF001 - to listen where the driver is called

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        found.append((statement, parameters))

    await page()
    sqlalchemy.event.listen(engine, "before_cursor_execute", note)
    try:
        await page()
    finally:
        sqlalchemy.event.remove(engine, "before_cursor_execute", note)
    return found


def _bare(
    connection: asyncpg.Connection, data: Data, statements: list[tuple[str, Any]]
) -> Starlette:
    begin = (
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
        f"SET LOCAL app.tenant_id = '{data.tenant_id}'; SET LOCAL statement_timeout = '5s'"
    )

    async def endpoint(_request: Request) -> Response:
        await connection.execute(begin)
        answers = [
            [dict(row) for row in await connection.fetch(sql, *(parameters or ()))]
            for sql, parameters in statements
        ]
        await connection.execute("COMMIT")
        return Response(json.dumps(answers, default=str), media_type="application/json")

    return Starlette(routes=[Route("/bare", endpoint)])
