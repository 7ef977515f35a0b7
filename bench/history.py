"""A page of the history of an item with many entries, against one with few."""

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

PATH = "/api/inventory/adjustments?limit=50&inventoryItemId="
SIZES = {"few": 100, "many": 100_000}
LIMIT = 50
CALLS = 12
QUERY = """
query ($item: ID!) {
  inventoryItem(id: $item) {
    ledger(first: 50) {
      nodes { id deltaQty: delta quantityBefore quantityAfter product { sku } recordedAt }
    }
  }
}
"""
# One document an hour, each of one unit, on top of what the bucket holds.
FILL = """
with made as (
  insert into postings (tenant_id, id, kind, actor, occurred_at, recorded_at, xid, entry_count)
  select $1, 'txn_' || $2 || '_' || n, 'ADJUSTMENT', '{"id": "bench", "name": "Bench"}',
    now() - n * interval '1 hour', now() - n * interval '1 hour', 3, 1
  from generate_series(1, $3::integer) n
)
insert into ledger_entries (tenant_id, posting_id, ordinal, inventory_item_id, sequence, product_id,
  location_id, kind, delta, quantity_after, occurred_at, recorded_at)
select $1, 'txn_' || $2 || '_' || n, 1, i.id, i.entry_count + n, i.product_id, i.location_id,
  'ADJUSTMENT', 1, i.on_hand + n, now() - n * interval '1 hour', now() - n * interval '1 hour'
from generate_series(1, $3::integer) n, inventory_items i
where i.tenant_id = $1 and i.id = $4
"""
KEEP = """
update inventory_items
set on_hand = on_hand + $2, entry_count = entry_count + $2, adjustment_count = adjustment_count + $2
where tenant_id = $1 and id = $3
"""


async def run(book: Book) -> list[Result]:
    """Database CPU of the first page, newest first, without and with the number of all."""
    items = dict(zip(SIZES, (bucket.item for bucket in book.buckets), strict=False))
    await _fill(book, items)
    settings = load_settings(database_url=book.app_url, explorer=False, log_level="error")
    logs.configure(settings)
    database = Database(book.app_url, pool_size=1)
    try:
        key = await key_of(database, book.tenant_id)
        app = create_app(settings, database)
        async with database.read(book.tenant_id) as session:
            pid = await session.call("select pg_backend_pid()")
        whole = {name: request(app, "GET", PATH + item, key) for name, item in items.items()}
        pages = {name: _page(app, item, key) for name, item in items.items()}
        for act in (*whole.values(), *pages.values()):
            assert str(await act(), "utf-8").count("deltaQty") == LIMIT, "the page is full"
        cost = backend_cpu(int(pid))
        with_total = await rounds(whole, cost, calls=CALLS)
        spent = await rounds(pages, cost, calls=CALLS)
    finally:
        await database.close()
    what = f"of an item with {SIZES['many']:,} entries : with {SIZES['few']}"
    return [
        _result(f"Page {what}", spent, 1.5),
        _result(f"Page by REST, with the number of all entries, {what}", with_total, 1.5),
    ]


def _page(app: ASGIApp, item: str, key: str) -> Act:
    body = json.dumps({"query": QUERY, "variables": {"item": item}}).encode()
    return request(app, "POST", "/graphql", key, lambda _: body)


def _result(name: str, spent: dict[str, list[float]], goal: float | None) -> Result:
    return Result(
        name=name,
        ratios=ratios(spent, "many", "few"),
        goal=goal,
        cost="database CPU",
        notes=[milliseconds(spent)],
    )


async def _fill(book: Book, items: dict[str, str]) -> None:
    owner = await asyncpg.connect(book.owner_url)
    try:
        for name, item in items.items():
            await owner.execute(FILL, book.tenant_id, name, SIZES[name], item)
            await owner.execute(KEEP, book.tenant_id, SIZES[name], item)
    finally:
        await owner.close()
    await vacuum(book.owner_url)
