"""An adjustment over REST with an idempotency key, against its posting in a bare route."""

import json
import time

import asyncpg
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.asgi import key_of, request
from bench.ledger_data import Book
from bench.measure import Result, milliseconds, ratios, rounds
from bench.posting_speed import ACTOR, POST
from domain import ids
from gateway import logs
from gateway.app import create_app
from gateway.settings import load_settings
from models.session import Database

PATH = "/api/inventory/adjustments"
CALLS = 40
REASON = "select id from reason_codes where active and not requires_comment order by id limit 1"


async def run(book: Book) -> list[Result]:
    """Time, and CPU of this process, of one request after another."""
    settings = load_settings(database_url=book.app_url, explorer=False, log_level="error")
    logs.configure(settings)
    database = Database(book.app_url, pool_size=1)
    connection = await asyncpg.connect(book.app_url)
    try:
        key = await key_of(database, book.tenant_id)
        async with database.read(book.tenant_id) as session:
            reason = await session.scalar(text(REASON))

        def body(number: int) -> bytes:
            bucket = book.buckets[number % len(book.buckets)]
            wish = {"inventoryItemId": bucket.item, "newQtyOnHand": 10**6 + number + 1}
            return json.dumps(wish | {"reasonCodeId": reason}).encode()

        acts = {
            "bare route": request(_bare(connection, book), "POST", "/bare", key, body),
            "REST": request(create_app(settings, database), "POST", PATH, key, body),
        }
        spent = await rounds(acts, time.perf_counter, calls=CALLS)
        cpu = await rounds(acts, time.process_time, calls=CALLS)
    finally:
        await connection.close()
        await database.close()
    what = "Adjustment by REST : its posting in a bare Starlette route"
    return [
        Result(
            name=f"{what}, requests a second one by one",
            ratios=ratios(spent, *acts),
            goal=0.5,
            at_most=False,
            cost="requests a second",
            notes=[milliseconds(spent), f"CPU of the gateway: {milliseconds(cpu)}"],
        )
    ]


def _bare(connection: asyncpg.Connection, book: Book) -> Starlette:
    places = {bucket.item: bucket for bucket in book.buckets}

    async def endpoint(asked: Request) -> Response:
        wish = json.loads(await asked.body())
        bucket = places[wish["inventoryItemId"]]
        head = {"id": ids.new("txn_"), "kind": "ADJUSTMENT", "actor": ACTOR}
        head["reasonCodeId"] = wish["reasonCodeId"]
        place = (ids.new("item_"), bucket.product, bucket.location, None, None)
        line = (*place, None, wish["newQtyOnHand"], *(None,) * 6)
        await connection.execute(book.begin)
        answer = await connection.fetchval(POST, json.dumps(head), [line])
        await connection.execute("COMMIT")
        return Response(answer, media_type="application/json")

    return Starlette(routes=[Route("/bare", endpoint, methods=["POST"])])
