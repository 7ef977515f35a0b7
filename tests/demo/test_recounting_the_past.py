"""The matrix of the demo company at any moment is what a plain recount of its ledger says."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from domain.pages import PageWish
from models.past import Past
from models.session import Database
from services import atp, demo

Sums = dict[tuple[str, str], list[Decimal]]  # on hand, expired, held by (location, product)

ENTRIES = """
select e.location_id, e.product_id, e.delta, e.occurred_at, l.expiry_date, b.type
from ledger_entries e
join inventory_items i on i.tenant_id = e.tenant_id and i.id = e.inventory_item_id
left join lots l on l.tenant_id = i.tenant_id and l.id = i.lot_id
left join bins b on b.tenant_id = i.tenant_id and b.id = i.bin_id
"""


def recount(entries: list[Any], moment: datetime, zone: ZoneInfo) -> Sums:
    """What the entries up to the moment leave, by adding them up one by one."""
    sums: Sums = defaultdict(lambda: [Decimal(0)] * 3)
    today = moment.astimezone(zone).date()
    for one in entries:
        if one.occurred_at > moment:
            continue
        is_expired = one.expiry_date is not None and one.expiry_date < today
        is_held = not is_expired and one.type in ("HOLD", "QUARANTINE", "DAMAGE")
        on_hand, expired, held = sums[one.location_id, one.product_id]
        sums[one.location_id, one.product_id] = [
            on_hand + one.delta,
            expired + one.delta * is_expired,
            held + one.delta * is_held,
        ]
    return sums


async def shown(database: Database, made: demo.Made, moment: datetime) -> Sums:
    """The same of every row of every location's matrix; each channel promises what is available."""
    found: Sums = {}
    async with database.read(made.tenant_id, past=Past(moment)) as session:
        book = await atp.book(session, None)
        places = [row.id for row in await session.all(text("select id from locations"))]
        for place in places:
            part = PageWish(limit=1000)
            page = (await atp.pages(session, [place], atp.MatrixWish(), part, book))[place]
            for row in page.rows:
                now = row.place.numbers
                found[place, row.product.id] = [now.on_hand, now.expired, now.held]
                assert {cell.atp for cell in row.cells} == {max(Decimal(0), now.available)}
                assert now.reserved == 0  # nothing was promised before the company was made
    return found


async def test_at_any_moment_of_its_year(
    database: Database, made: demo.Made, run_seed: int
) -> None:
    choose = random.Random(run_seed)
    async with database.read(made.tenant_id) as session:
        entries = list(await session.all(text(ENTRIES)))
        zone = ZoneInfo(await session.scalar(text("select stock_time_zone()")))
    first, last = min(e.occurred_at for e in entries), max(e.occurred_at for e in entries)
    moments = [first + (last - first) * choose.random() for _ in range(6)]
    moments += [first - timedelta(days=1), first, choose.choice(entries).occurred_at]

    for moment in moments:
        listed = await shown(database, made, moment)
        counted = recount(entries, moment, zone)

        assert {pair: sums for pair, sums in listed.items() if any(sums)} == {
            pair: sums for pair, sums in counted.items() if any(sums)
        }, moment.astimezone(UTC)
        assert counted.keys() <= listed.keys()
