"""The compiled executor against graphql-core and Strawberry, and one page of both APIs."""

import contextlib
import gc
import re
import sys
import time
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from pathlib import Path
from typing import Any

import strawberry
from graphql import execute, parse
from strawberry.extensions import ParserCache, ValidationCache

from bench.asgi import key_of, request
from bench.data import Data
from bench.measure import Act, Result, milliseconds, ratios, rounds
from bench.rest import PATH, QUERY
from domain import json
from execution.documents import Documents, MalformedDocument
from execution.limits import Limits
from execution.strawberry_fields import graph_of, plans_of
from gateway import logs
from gateway.serve import application
from gateway.settings import load_settings
from models.session import Database
from resolvers.schema import build_schema

OBJECTS = 2_000
DOCUMENTS = 20_000
JUDGED_SECONDS = 0.020
LARGE = f"{{ items(count: {OBJECTS}) {{ id name code share active }} }}"
TINY = "{ items(count: 1) { id } }"
_ATP = Path(__file__).parents[1] / "schema" / "operations" / "atp"
OPERATION = (_ATP / "get_matrix.graphql", _ATP / "fragments.graphql")
# What stands in stored operations only, and comments.
OURS = re.compile(r"@(?:inline|omitNull)|@(?:bounds|sort)\([^)]*\)|#.*")


@strawberry.type
class Item:
    id: int
    name: str
    code: str
    share: float
    active: bool


ITEMS = [Item(id=n, name="name", code="code", share=0.5, active=True) for n in range(OBJECTS)]


@strawberry.type
class Query:
    @strawberry.field
    async def items(self, count: int) -> list[Item]:
        return ITEMS[:count]


async def run(data: Data) -> list[Result]:
    """CPU of this process for whole answers, bytes of JSON included."""
    return [*await _engines(), _judging(), *await _pages(data)]


async def _engines() -> list[Result]:
    plain = strawberry.Schema(Query)
    cached = strawberry.Schema(Query, extensions=[ParserCache, ValidationCache])
    documents, document = Documents(plans_of(plain), Limits()), parse(LARGE)

    async def ours(text: str) -> bytes:
        made = documents.get(text).operation(None).execute()
        return _bytes(await made if isawaitable(made) else made)

    async def graphql_core() -> bytes:
        made = execute(graph_of(plain), document)
        return _bytes(await made if isawaitable(made) else made)

    async def as_taught() -> bytes:
        return _bytes(await cached.execute(TINY))

    large: dict[str, Act] = {"graphql-core": graphql_core, "ours": lambda: ours(LARGE)}
    tiny: dict[str, Act] = {"Strawberry": as_taught, "ours": lambda: ours(TINY)}
    assert await graphql_core() == await ours(LARGE)
    assert await as_taught() == await ours(TINY)
    return [
        await _compared(f"{OBJECTS:,} objects of 5 leaves, graphql-core : ours", large, 4, 20),
        await _compared("One tiny query, Strawberry with its caches : ours", tiny, 200, 5),
    ]


def _judging() -> Result:
    """The slowest of many texts that are meant to be slow to judge, each at its best of three."""
    sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
    from hostile_documents import hostile  # noqa: PLC0415 - tests make them up

    plans = plans_of(build_schema())
    documents = Documents(plans, Limits(), cache_bytes=0)
    gc.collect()
    gc.freeze()  # as the server does

    def seconds(text: str) -> float:
        before = time.process_time()
        with contextlib.suppress(MalformedDocument):
            documents.get(text).operation(None).estimates.of({})
        return time.process_time() - before

    texts = {hostile(plans.schema, seed) for seed in range(DOCUMENTS)}
    slowest = sorted(texts, key=seconds)[-50:]
    worst = max(min(seconds(text) for _ in range(3)) for text in slowest)
    return Result(
        name=f"The slowest of {DOCUMENTS:,} hostile documents of 2 kB to judge : 20 ms",
        ratios=[worst / JUDGED_SECONDS],
        goal=1,
        at_most=True,
        cost="CPU",
        notes=[f"{worst * 1000:.1f} ms"],
    )


def _bytes(result: Any) -> bytes:
    assert result.errors is None
    return json.dumps({"data": result.data})


async def _compared(name: str, acts: dict[str, Act], calls: int, goal: float) -> Result:
    spent = await rounds(acts, time.process_time, calls=calls)
    return Result(
        name=name,
        ratios=ratios(spent, *acts),
        goal=goal,
        at_most=False,
        cost="CPU",
        notes=[milliseconds(spent)],
    )


async def _pages(data: Data) -> list[Result]:
    settings = load_settings(database_url=data.app_url, explorer=False, log_level="error")
    logs.configure(settings)
    database = Database(data.app_url, pool_size=1)
    app = application(settings)
    key = await key_of(database, data.tenant_id)
    variables = {"locationId": "loc_01", "page": 2, "limit": 50}
    body = json.dumps(
        {
            "query": OURS.sub("", "".join(path.read_text() for path in OPERATION)),
            "variables": variables,
        }
    )
    graphql: Callable[[], Awaitable[Any]] = request(app, "POST", "/graphql", key, lambda _: body)
    rest = request(app, "GET", f"{PATH}?{QUERY}", key)
    try:
        assert b'"errors"' not in await graphql()
        name = "Page of 50 x 8, GraphQL : REST"
        return [await _compared(name, {"GraphQL": graphql, "REST": rest}, 6, 1.0)]
    finally:
        await database.close()
