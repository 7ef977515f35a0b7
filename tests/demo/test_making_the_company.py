"""What the demo company has, once it is made."""

from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from domain.actor import SYSTEM
from domain.machines.cycle_counts import CYCLE_COUNTS
from domain.machines.transfers import TransferStatus
from domain.pages import PageWish
from models.session import Database
from services import atp, demo, tenants
from services.demo import making


async def ask(database: Database, made: demo.Made, sql: str) -> Any:
    async with database.read(made.tenant_id) as session:
        return [tuple(row) for row in await session.all(text(sql))]


async def test_makes_every_kind_of_thing(database: Database, made: demo.Made) -> None:
    counts = {one.file: one.made for one in made.report.files if one.file != "movements.csv"}

    assert counts == {
        "categories.csv": 23,
        "products.csv": 250,
        "locations.csv": 5,
        "bins.csv": 70,
        "channels.csv": 6,
        "reason_codes.csv": 5,
        "lots.csv": 2476,
        "policies.csv": 11,
        "quotas.csv": 24,
        "levels.csv": 463,
        "stock.csv": 805,
    }
    assert made.reservations == 87
    assert {one.file for one in made.report.warnings} == {"quotas.csv"}  # scarce on purpose
    assert await ask(database, made, "select distinct type from locations order by 1") == [
        ("CENTRAL_STORE",),
        ("DC_STORAGE",),
        ("RETURNS_DESK",),
        ("STORE_FRONT",),
        ("VACCINE_COLD_ROOM",),
    ]
    modes = "select distinct mode from channel_policies where mode is not null order by 1"
    assert await ask(database, made, modes) == [("CAP",), ("FENCED",), ("SHARE",), ("SHARED",)]


async def test_has_counts_in_every_state(database: Database, made: demo.Made) -> None:
    found = await ask(
        database, made, "select status, count(*) from cycle_counts group by 1 order by 1"
    )

    assert found == [(state, 1) for state in sorted(CYCLE_COUNTS.states)]


async def test_has_the_same_quantities_whenever_it_is_made(
    database: Database, made: demo.Made
) -> None:
    sums = await ask(
        database,
        made,
        "select location_id, sum(on_hand), sum(expired), sum(held), sum(reserved)"
        " from stock_levels_now group by 1 order by 1",
    )

    assert sums == [
        ("loc_clinic", 1649, 50, 28, 28),
        ("loc_cold", 548, 20, 0, 7),
        ("loc_main", Decimal("14191.25"), Decimal("103.75"), 145, 527),
        ("loc_portland", 2628, 39, 41, 39),
        ("loc_returns", 85, 0, 16, 0),
    ]


async def test_shows_cells_of_every_severity(database: Database, made: demo.Made) -> None:
    async with database.read(made.tenant_id) as session:
        book = await atp.book(session, ["loc_main"])
        wish, part = atp.MatrixWish(), PageWish(limit=1000)
        page = (await atp.pages(session, ["loc_main"], wish, part, book))["loc_main"]

    severities = Counter(cell.severity.value for row in page.rows for cell in row.cells)
    assert len(page.rows) == 234
    assert severities == {"CRITICAL": 142, "LOW": 476, "OK": 786}


async def test_history_leads_to_the_stock_without_a_correction(
    database: Database, made: demo.Made
) -> None:
    corrected = await ask(
        database,
        made,
        "select count(*) from ledger_entries e join postings g on g.tenant_id = e.tenant_id"
        " and g.id = e.posting_id where g.document_type is null"
        " and e.occurred_at > now() - interval '4 hours'",
    )
    drift = await ask(
        database,
        made,
        "select i.id from inventory_items i left join ledger_entries e"
        " on e.tenant_id = i.tenant_id and e.inventory_item_id = i.id"
        " group by i.tenant_id, i.id, i.on_hand having i.on_hand <> coalesce(sum(e.delta), 0)",
    )

    assert (corrected, drift) == ([(0,)], [])


async def test_says_whether_it_is_there(database: Database, monkeypatch: Any) -> None:
    code = f"demo-{uuid4().hex[:12]}"
    monkeypatch.setattr(making, "CODE", code)
    assert await demo.state(database) is demo.State.ABSENT

    tenant_id = await tenants.create(database, code, {"name": making.BEING_MADE})
    assert await demo.state(database) is demo.State.BROKEN_OFF

    async with database.write(tenant_id) as session:
        await tenants.change_settings(session, SYSTEM, {"name": "Somebody's own"}, None)
    assert await demo.state(database) is demo.State.PRESENT


async def test_has_transfers_in_every_state(database: Database, made: demo.Made) -> None:
    states = await ask(database, made, "select status, count(*) from transfers group by 1")

    ordered = {TransferStatus.SUBMITTED: 1 + 1}  # one of them to replenish a place
    assert dict(states) == dict.fromkeys(TransferStatus, 1) | ordered
