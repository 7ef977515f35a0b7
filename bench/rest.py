"""The REST page against its very statements in a bare Starlette route, both called in-process."""

import json
import time
from typing import Any

import asyncpg
import sqlalchemy
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.asgi import key_of, request
from bench.data import Data
from bench.measure import Act, Result, milliseconds, ratios, rounds
from gateway import logs
from gateway.app import create_app
from gateway.settings import load_settings
from models.session import Database

PATH = "/api/inventory/channel-location"
QUERY = "locationId=loc_01&page=2&limit=50"
CALLS = 8


async def run(data: Data) -> list[Result]:
    """Time and CPU of this process, where the pages are put together."""
    settings = load_settings(database_url=data.app_url, explorer=False, log_level="error")
    logs.configure(settings)
    database = Database(data.app_url, pool_size=1)
    app = create_app(settings, database)
    key = await key_of(database, data.tenant_id)
    page = request(app, "GET", f"{PATH}?{QUERY}", key)
    statements = await _recorded(database, page)
    connection = await asyncpg.connect(data.app_url)
    bare = request(_bare(connection, data, statements), "GET", "/bare", key)
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
