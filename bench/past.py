"""The matrix as it was a year ago, against the one of now: by database CPU on one connection."""

import asyncpg

from bench.data import Data
from bench.measure import Act, Result, backend_cpu, milliseconds, ratios, rounds
from domain.pages import PageWish
from models.past import Past
from models.session import Database
from services import atp

LIMIT = 50
CALLS = 12
PRODUCTS = 2000  # the first by their SKU, that have a ledger
LOCATION = "loc_01"

# Two years of weekly entries of each bucket of these products; what is there now stays what it is.
FILL = f"""
set session_replication_role = replica;
update channel_policies set valid_from = now() - interval '2 years' where tenant_id = $1;
update channel_quotas set valid_from = now() - interval '2 years' where tenant_id = $1;
update reservations set valid_from = now() - interval '2 years' where tenant_id = $1;
insert into postings (tenant_id, id, kind, actor, occurred_at, recorded_at, xid, entry_count)
select $1, 'txn_past_' || n, 'ADJUSTMENT', '{{"id": "bench", "name": "Bench"}}',
  now() - n * interval '1 week', now() - n * interval '1 week', 3, 1
from generate_series(1, 104) n;
insert into ledger_entries (tenant_id, posting_id, ordinal, inventory_item_id, sequence, product_id,
  location_id, kind, delta, quantity_after, occurred_at, recorded_at)
select i.tenant_id, 'txn_past_' || n, row_number() over (partition by n order by i.id), i.id,
  105 - n, i.product_id, i.location_id, 'ADJUSTMENT',
  case when n = 104 then 1 + i.on_hand else n % 3 - 1 end,
  1 + i.on_hand + (n + 1) / 3 - n / 3, now() - n * interval '1 week',
  now() - n * interval '1 week'
from inventory_items i
join (select id from products where tenant_id = $1 order by sku limit {PRODUCTS}) p
  on p.id = i.product_id
cross join generate_series(1, 104) n
where i.tenant_id = $1 and i.location_id = '{LOCATION}';
"""


async def run(data: Data) -> list[Result]:
    """A page of now and the same page as it was a year ago."""
    await _fill(data)
    database = Database(data.app_url, pool_size=1)
    try:
        async with database.read(data.tenant_id) as session:
            pid = int(await session.call("select pg_backend_pid()"))
            then = await session.call("select now() - interval '1 year'")
        acts = {"then": _page(database, data, Past(then)), "now": _page(database, data, Past())}
        spent = await rounds(acts, backend_cpu(pid), calls=CALLS)
    finally:
        await database.close()
    name = f"asOf one year back over {LIMIT} products : live page"
    return [
        Result(
            name=name,
            ratios=ratios(spent, "then", "now"),
            goal=5,
            cost="database CPU",
            notes=[milliseconds(spent)],
        )
    ]


def _page(database: Database, data: Data, past: Past) -> Act:
    async def act() -> None:
        async with database.read(data.tenant_id, past=past) as session:
            book = await atp.book(session, [LOCATION])
            part = PageWish(limit=LIMIT)
            found = await atp.pages(session, [LOCATION], atp.MatrixWish(), part, book)
        assert len(found[LOCATION].rows) == LIMIT, "the page is full"

    return act


async def _fill(data: Data) -> None:
    owner = await asyncpg.connect(data.owner_url)
    try:
        sql = "select exists (select from ledger_entries where posting_id = 'txn_past_1')"
        if await owner.fetchval(sql):
            return
        tenant = f"'{data.tenant_id}'::uuid"
        await owner.execute(f"set app.tenant_id = {tenant.removesuffix('::uuid')}")
        await owner.execute(FILL.replace("$1", tenant))
        await owner.execute("vacuum analyze postings, ledger_entries, channel_policies")
    finally:
        await owner.close()
