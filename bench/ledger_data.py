"""A small company in a database of its own, made anew for each run: 2,000 buckets."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import asyncpg

from domain.actor import SYSTEM
from gateway import embedded
from models import migrate
from models.session import Database
from services import stock, tenants

PRODUCTS = [f"prod_{n:03d}" for n in range(100)]
LOCATIONS = [f"loc_{n:02d}" for n in range(20)]
START = Decimal(10**6)
PRODUCT = "insert into products (id, sku, name) values ($1, $1, $1)"
LOCATION = (
    "insert into locations (id, code, name, type, path)"
    " values ($1, $1, $1, 'DC_STORAGE', array[$1])"
)


@dataclass(frozen=True)
class Bucket:
    """One bucket without bin and lot."""

    item: str
    product: str
    location: str


@dataclass(frozen=True)
class Book:
    """Where the company is, and its buckets."""

    owner_url: str
    app_url: str
    tenant_id: UUID
    buckets: Sequence[Bucket]

    @property
    def begin(self) -> str:
        """What opens a transaction of the tenant, as the application does."""
        return f"BEGIN; SET LOCAL app.tenant_id = '{self.tenant_id}'"


@asynccontextmanager
async def book(handle: embedded.Handle, name: str = "bench_postings") -> AsyncIterator[Book]:
    """The company; its database goes with it."""
    handle.drop_database(name)
    owner_url, app_url = handle.create_database(name)
    await asyncio.to_thread(migrate.upgrade, owner_url)
    try:
        yield await _make(owner_url, app_url)
    finally:
        handle.drop_database(name)


async def _make(owner_url: str, app_url: str) -> Book:
    database = Database(app_url, pool_size=1)
    tenant_id = await tenants.create(database, "bench")
    buckets: list[Bucket] = []
    async with database.write(tenant_id) as session:
        for product in PRODUCTS:
            await session.call(PRODUCT, product)
        for location in LOCATIONS:
            await session.call(LOCATION, location)
    for location in LOCATIONS:
        lines = [
            stock.Line(product_id=product, location_id=location, delta=START)
            for product in PRODUCTS
        ]
        async with database.write(tenant_id) as session:
            wish = stock.Posting(kind="RECEIPT", author=SYSTEM, lines=lines)
            entries = (await stock.post(session, wish)).entries
        buckets += [Bucket(e.inventory_item_id, e.product_id, e.location_id) for e in entries]
    await database.close()
    await vacuum(owner_url)
    return Book(owner_url, app_url, tenant_id, buckets)


async def vacuum(owner_url: str) -> None:
    """Bring statistics and dead rows to the state of a database that has been at rest."""
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute("vacuum analyze")
    finally:
        await owner.close()
