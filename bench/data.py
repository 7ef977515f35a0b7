"""The benchmark's database: made once, kept between runs, and checked against the posting."""

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import asyncpg

from domain.actor import SYSTEM
from gateway import embedded
from models import migrate
from models.session import Database
from services import stock, tenants

HERE = Path(__file__).parent
CODE, TWIN = "bench", "bench-twin"
SAMPLE = 500  # products of one location that are posted once more
BUCKETS = """
select i.product_id, i.location_id, i.bin_id, i.lot_id, i.on_hand
from inventory_items i where i.tenant_id = $1 and i.location_id = 'loc_01'
and i.product_id <= $2 and i.on_hand > 0 order by 1, 2, 3, 4
"""
LEVELS = """
select s.product_id, s.location_id, s.on_hand, s.expired, s.held, s.next_expiry
from stock_levels s where s.tenant_id = $1 and s.location_id = 'loc_01' and s.product_id <= $2
and s.on_hand > 0 order by 1, 2
"""
REFERENCE = ("categories", "products", "locations", "bins", "lots")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Data:
    """Where the data is."""

    handle: embedded.Handle
    name: str
    tenant_id: UUID

    @property
    def owner_url(self) -> str:
        return self.handle.urls(self.name)[0]

    @property
    def app_url(self) -> str:
        return self.handle.urls(self.name)[1]


async def ready(handle: embedded.Handle, say: Say) -> Data:
    """The data, made now unless it is there; its name changes with whatever it is made from."""
    name = f"bench_{_fingerprint()}"
    app_url = handle.urls(name)[1]
    if not await _exists(handle, name):
        say("Making 20,000 products x 40 locations x 8 channels with 1.5 million buckets …")
        handle.drop_database(f"{name}_new")
        handle.create_database(f"{name}_new")
        await _make(*handle.urls(f"{name}_new"), say)
        await _keep_only(handle, f"{name}_new", name)
    database = Database(app_url, pool_size=1)
    tenant_id = await tenants.get(database, CODE)
    await database.close()
    return Data(handle, name, tenant_id)


def _fingerprint() -> str:
    source = (HERE / "data.sql").read_bytes() + (HERE / "live.sql").read_bytes()
    schema = sorted(Path(migrate.__file__).parent.rglob("*.sql"))
    return hashlib.sha256(source + b"".join(p.read_bytes() for p in schema)).hexdigest()[:12]


async def _exists(handle: embedded.Handle, name: str) -> bool:
    connection = await asyncpg.connect(handle.owner_url)
    try:
        sql = "select exists (select from pg_database where datname = $1)"
        return bool(await connection.fetchval(sql, name))
    finally:
        await connection.close()


async def _keep_only(handle: embedded.Handle, made: str, name: str) -> None:
    """Give the database its name, and remove those of former versions."""
    connection = await asyncpg.connect(handle.owner_url)
    try:
        await connection.execute(f'alter database "{made}" rename to "{name}"')
        sql = "select datname from pg_database where datname like 'bench\\_%' and datname <> $1"
        others = [row["datname"] for row in await connection.fetch(sql, name)]
    finally:
        await connection.close()
    for other in others:
        handle.drop_database(other)


async def _make(owner_url: str, app_url: str, say: Say) -> None:
    await asyncio.to_thread(migrate.upgrade, owner_url)
    database = Database(app_url, pool_size=1)
    ids = [await tenants.create(database, code) for code in (CODE, TWIN)]
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute(f"set app.tenant_id = '{ids[0]}'")
        for statement in re.split(r";\s*\n", (HERE / "data.sql").read_text().strip() + "\n"):
            if statement:
                await owner.execute(statement)
        await owner.execute((HERE / "live.sql").read_text())
        await owner.execute("vacuum analyze")
        say("Comparing a sample with what the posting function makes of the same buckets …")
        await _compare(owner, database, ids[0], ids[1])
        await owner.execute("vacuum analyze")
    finally:
        await owner.close()
        await database.close()


async def _compare(owner: asyncpg.Connection, database: Database, bench: UUID, twin: UUID) -> None:
    """Post some of the loaded buckets into a twin tenant: buckets and kept sums must be equal."""
    last = f"prod_{SAMPLE:05d}"
    for table in REFERENCE:
        columns = await owner.fetch(
            "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0"
            " and attgenerated = '' and not attisdropped and attname <> 'tenant_id'",
            table,
        )
        names = ", ".join(f'"{row["attname"]}"' for row in columns)
        await owner.execute(
            f"insert into {table} (tenant_id, {names}) select '{twin}', {names} from {table}"
            f" where tenant_id = '{bench}'"
        )
    buckets = await owner.fetch(BUCKETS, bench, last)
    lines = [
        stock.Line(product_id=p, location_id=lo, bin_id=b, lot_id=lot, delta=Decimal(quantity))
        for p, lo, b, lot, quantity in buckets
    ]
    async with database.write(twin) as session:
        await stock.post(session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=lines))
    for sql in (BUCKETS, LEVELS):
        loaded, posted = await owner.fetch(sql, bench, last), await owner.fetch(sql, twin, last)
        assert [tuple(row) for row in loaded] == [tuple(row) for row in posted], "loader is wrong"
