"""The last page of a long list of stock requests, against the first."""

import json

import asyncpg
from starlette.types import ASGIApp

from bench.asgi import key_of, request
from bench.ledger_data import Book, vacuum
from bench.measure import Act, Result, backend_cpu, milliseconds, ratios, rounds
from gateway import logs
from gateway.app import create_app
from gateway.settings import load_settings
from models.session import Database

MANY = 200_000
LIMIT = 50
LAST = MANY // LIMIT
CALLS = 12
QUERY = """
query ($after: Cursor) {
  stockRequests(first: 50, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
    nodes { id number status priority requestingLocationName totalRequested totalValue createdAt }
  }
}
"""
BEFORE_LAST = """
query ($page: Int) {
  stockRequests(first: 50, page: $page, orderBy: {field: CREATED_AT, direction: DESC}) {
    pageInfo { endCursor }
  }
}
"""
FILL = """
with made as (
  insert into stock_requests (tenant_id, id, number, type, status, requesting_location_id,
    fulfilling_location_id, created_by, created_at)
  select $1, 'req_' || n, 'REQ-' || lpad(n::text, 6, '0'), 'STOCK',
    (array['DRAFT', 'SUBMITTED', 'CLOSED', 'REJECTED'])[1 + n % 4],
    'loc_' || lpad((n % 19 + 1)::text, 2, '0'), 'loc_00', '{"id": "bench", "name": "Bench"}',
    now() - n * interval '1 minute'
  from generate_series(1, $2::integer) n
)
insert into stock_request_lines (tenant_id, id, request_id, ordinal, product_id, requested)
select $1, 'rline_' || n || '_' || k, 'req_' || n, k,
  'prod_' || lpad(((n + k) % 100)::text, 3, '0'), 1 + (n + k) % 9
from generate_series(1, $2::integer) n, generate_series(1, 2) k
"""


async def run(book: Book) -> list[Result]:
    """Database CPU of a page by its place in the list."""
    await _fill(book)
    settings = load_settings(database_url=book.app_url, explorer=False, log_level="error")
    logs.configure(settings)
    database = Database(book.app_url, pool_size=1)
    try:
        key = await key_of(database, book.tenant_id)
        app = create_app(settings, database)
        async with database.read(book.tenant_id) as session:
            pid = await session.call("select pg_backend_pid()")
        before = json.loads(await _ask(app, key, BEFORE_LAST, page=LAST - 1)())
        cursor = before["data"]["stockRequests"]["pageInfo"]["endCursor"]
        pages = {"first": _ask(app, key, QUERY), "last": _ask(app, key, QUERY, after=cursor)}
        for act in pages.values():
            assert str(await act(), "utf-8").count('"number"') == LIMIT, "the page is full"
        spent = await rounds(pages, backend_cpu(int(pid)), calls=CALLS)
    finally:
        await database.close()
    return [
        Result(
            name=f"Page {LAST:,} of {MANY:,} stock requests : page 1",
            ratios=ratios(spent, "last", "first"),
            goal=1.5,
            cost="database CPU",
            notes=[milliseconds(spent)],
        )
    ]


def _ask(app: ASGIApp, key: str, query: str, **variables: object) -> Act:
    body = json.dumps({"query": query, "variables": variables}).encode()
    return request(app, "POST", "/graphql", key, lambda _: body)


async def _fill(book: Book) -> None:
    owner = await asyncpg.connect(book.owner_url)
    try:
        await owner.execute(FILL, book.tenant_id, MANY)
    finally:
        await owner.close()
    await vacuum(book.owner_url)
