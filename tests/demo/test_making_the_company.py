"""What the demo company has, once it is made."""

from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from domain.actor import SYSTEM
from domain.machines.cycle_counts import CYCLE_COUNTS
from domain.machines.stock_requests import STOCK_REQUESTS
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
    # What was sold depends on the days of the week and of the year, and so do the lots.
    assert 2_400 < counts.pop("lots.csv") < 2_600

    assert counts == {
        "categories.csv": 23,
        "products.csv": 250,
        "locations.csv": 5,
        "bins.csv": 70,
        "channels.csv": 6,
        "reason_codes.csv": 5,
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
        ("loc_clinic", 1650, 50, 28, 28),  # of it 1 came by stock requests
        ("loc_cold", 548, 20, 0, 7),
        # To stock requests went 7, and 4 are set aside for them.
        ("loc_main", Decimal("14184.25"), Decimal("103.75"), 145, 531),
        ("loc_portland", 2631, 39, 41, 39),  # 3 by stock requests
        ("loc_returns", 85, 0, 16, 0),
    ]


async def test_what_it_keeps_is_a_plain_recount(database: Database, made: demo.Made) -> None:
    entries = await ask(database, made, "select location_id, delta from ledger_entries")
    promises = await ask(
        database,
        made,
        "select location_id, quantity from reservations where state = 'ACTIVE'",
    )
    on_way = await ask(database, made, "select delta from transit_entries")
    lines = "select shipped - received - damaged - short - returned from transfer_lines"
    kept = "select location_id, sum(on_hand), sum(reserved) from stock_levels group by 1"
    on_hand, reserved = Counter[str](), Counter[str]()
    for place, delta in entries:
        on_hand[place] += delta
    for place, quantity in promises:
        reserved[place] += quantity

    assert dict.fromkeys(on_hand) == dict.fromkeys(
        place for place, _, _ in await ask(database, made, kept)
    )
    for place, kept_on_hand, kept_reserved in await ask(database, made, kept):
        assert (kept_on_hand, kept_reserved) == (on_hand[place], reserved[place]), place
    assert sum(n for (n,) in on_way) == sum(n for (n,) in await ask(database, made, lines)) > 0


async def test_has_requests_in_every_state(database: Database, made: demo.Made) -> None:
    states = await ask(database, made, "select status, count(*) from stock_requests group by 1")
    several = {"SUBMITTED": 2, "ALLOCATED": 2, "ISSUED": 2, "APPROVED": 2}  # one generated
    moved = await ask(
        database,
        made,
        "select r.status, sum(l.allocated), sum(l.issued), sum(l.received) from stock_requests r"
        " join stock_request_lines l on l.tenant_id = r.tenant_id and l.request_id = r.id"
        " where l.allocated + l.issued > 0 group by 1 order by 1",
    )
    back = "select count(*) from document_events where action = 'ROLLBACK'"

    assert dict(states) == dict.fromkeys(STOCK_REQUESTS.states, 1) | several
    assert moved == [
        ("ALLOCATED", 4, 0, 0),
        ("CLOSED", 0, 2, 2),
        ("ISSUED", 0, 4, 1),
        ("RECEIVED", 0, 1, 1),
    ]
    assert await ask(database, made, back) == [(2,)]


async def test_shows_cells_of_every_severity(database: Database, made: demo.Made) -> None:
    async with database.read(made.tenant_id) as session:
        book = await atp.book(session, ["loc_main"])
        wish, part = atp.MatrixWish(), PageWish(limit=1000)
        page = (await atp.pages(session, ["loc_main"], wish, part, book))["loc_main"]

    cells = [cell for row in page.rows for cell in row.cells]
    severities = Counter(cell.severity.value for cell in cells)
    counted = Counter(
        "CRITICAL" if cell.atp <= 0 else "LOW" if cell.atp <= cell.terms.threshold else "OK"
        for cell in cells
    )
    assert len(page.rows) == 234
    assert severities == counted == {"CRITICAL": 142, "LOW": 477, "OK": 785}


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
    own = "select status, count(*) from transfers where reference not like 'REQ-%' group by 1"
    states = await ask(database, made, own.replace("reference", "coalesce(reference, '')"))

    ordered = {TransferStatus.SUBMITTED: 1 + 1}  # one of them to replenish a place
    assert dict(states) == dict.fromkeys(TransferStatus, 1) | ordered
