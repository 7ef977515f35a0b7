"""Migrations bring an empty database to exactly the tables that the program describes."""

import asyncio
import os
import sys
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from gateway import embedded
from models import migrate
from models.session import Database
from models.tables import metadata
from services import guard, tenants
from world import World

OWNER = "plain_owner"  # no superuser, may make no roles
SCHEMA = """
select 'column' as kind, format('%s.%s', c.table_name, c.column_name) as name,
  format('%s %s %s %s %s %s', c.data_type, c.numeric_precision, c.numeric_scale, c.is_nullable,
    coalesce(c.column_default, c.generation_expression), c.collation_name) as definition
from information_schema.columns c
join information_schema.tables t using (table_schema, table_name)
where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
union all
select 'constraint', format('%s.%s', c.conrelid::regclass, c.conname), pg_get_constraintdef(c.oid)
from pg_constraint c where c.connamespace = 'public'::regnamespace and c.contype <> 'n'
union all
select 'index', i.indexname, i.indexdef from pg_indexes i where i.schemaname = 'public'
union all
select 'options', c.relname, c.reloptions::text from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
"""


@pytest.fixture
def empty(server: embedded.Handle, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a database of its own."""
    name = f"empty_{os.getpid()}_{abs(hash(request.node.name)) % 10**6}"
    server.create_database(name)
    yield name
    server.drop_database(name)


async def schema_of(url: str) -> dict[tuple[str, str], str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(SCHEMA)
    finally:
        await connection.close()
    return {
        (row["kind"], row["name"]): row["definition"]
        for row in rows
        if "alembic_version" not in row["name"]
    }


async def make_from_metadata(url: str) -> None:
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
    async with engine.begin() as connection:
        for extension in ("pg_trgm", "btree_gin"):
            await connection.execute(text(f"create extension {extension}"))
        for statement in migrate.sql_text("clock").split("\n\n"):
            await connection.execute(text(statement.replace(":", "\\:")))
        await connection.run_sync(metadata.create_all)
    await engine.dispose()


async def test_upgrading_an_empty_database_gives_what_the_metadata_says(
    urls: tuple[str, str], server: embedded.Handle, empty: str
) -> None:
    made, _ = server.urls(empty)
    await make_from_metadata(made)

    migrated, described = await schema_of(urls[0]), await schema_of(made)

    assert {key for key, _ in migrated} == {"column", "constraint", "index", "options"}
    assert migrated == described


async def test_upgrading_again_changes_nothing(urls: tuple[str, str]) -> None:
    before = await schema_of(urls[0])

    await asyncio.to_thread(migrate.upgrade, urls[0])

    assert await schema_of(urls[0]) == before


async def test_many_may_upgrade_one_database_at_once(server: embedded.Handle, empty: str) -> None:
    owner_url, app_url = server.urls(empty)

    program = "import sys; from models import migrate; migrate.upgrade(sys.argv[1])"
    source = str(migrate.SQL_FOLDER.parent.parent)
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, owner_url, env={**os.environ, "PYTHONPATH": source}
        )
        for _ in range(3)
    ]
    assert [await process.wait() for process in started] == [0, 0, 0]
    database = Database(app_url, pool_size=1)
    assert await guard.is_current(database)
    await database.close()


@pytest.fixture
async def plain(urls: tuple[str, str], empty: str) -> Any:
    """The URL of a database that a role without any special right owns."""
    admin = await asyncpg.connect(urls[0])
    await admin.execute(
        f"do $$ begin create role {OWNER} login nosuperuser nocreaterole nobypassrls;"
        " exception when duplicate_object or unique_violation then null; end $$"
    )
    await admin.execute(f"alter database {empty} owner to {OWNER}")
    await admin.close()
    url = make_url(urls[0]).set(username=OWNER, database=empty)
    return url.render_as_string(hide_password=False)


async def test_an_owner_without_special_rights_can_upgrade(
    plain: str, server: embedded.Handle, empty: str
) -> None:
    await asyncio.to_thread(migrate.upgrade, plain)

    database = Database(server.urls(empty)[1], pool_size=2)
    try:
        assert await guard.faults(database) == []
        await works(await World.make(database))
    finally:
        await database.close()


async def works(world: World) -> None:
    """A tenant, its products and its stock can be made, found and counted."""
    product, location = await world.product(sku="A-1"), await world.location()
    item = await world.stock(product, location, 5, lot=await world.lot(product))
    await world.reserve(item, 2)
    async with world.read() as session:
        numbers = await session.one(text("select on_hand, reserved from stock_levels_now"))
        found = await session.scalar(text("select product_search_ids(array['%a-1%'])"))
    assert (tuple(numbers), found) == ((5, 2), product.id)
    assert await tenants.find(world.database, world.code) == world.tenant_id


async def test_the_owner_too_is_bound_by_row_security(
    plain: str, server: embedded.Handle, empty: str
) -> None:
    await asyncio.to_thread(migrate.upgrade, plain)
    database = Database(server.urls(empty)[1], pool_size=1)
    await (await World.make(database)).product()
    await database.close()

    owner = await asyncpg.connect(plain)
    try:
        assert await owner.fetchval("select count(*) from products") == 0
    finally:
        await owner.close()
