"""The application's role sees one tenant's rows, appends to the ledger, and can do no more."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from models.base import UNSECURED, metadata
from models.session import NO_TENANT, Database
from models.tables import metadata as whole
from services import guard, records
from world import World

APPEND_ONLY = {
    "availability_records",
    "ledger_entries",
    "postings",
    "imported_movements",
    "movement_history",
    *(name for name in whole.tables if name.endswith("_history")),
}
NEVER_DELETED = {
    "inventory_items",
    "stock_levels",
    "outbox",
    "tenant_settings",
    "tenant_versions",
} | APPEND_ONLY
SECURED = sorted(set(metadata.tables) - set(UNSECURED))
UNREADABLE = sorted(set(UNSECURED) | {"alembic_version"})
RELATIONS = """
select c.relname, c.relkind::text as kind, c.relrowsecurity, c.relforcerowsecurity,
  coalesce('security_invoker=true' = any(c.reloptions), false) as reads_as_invoker,
  (select array_agg(pg_get_expr(p.polqual, c.oid) || ' / ' || pg_get_expr(p.polwithcheck, c.oid)
    || ' / ' || p.polcmd::text || ' / ' || p.polpermissive::text || ' / ' || p.polroles::text)
   from pg_policy p where p.polrelid = c.oid) as policies
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
"""
OWN = "(tenant_id = stock_tenant())"


@pytest.fixture
async def owner(urls: tuple[str, str]) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls[0])
    yield connection
    await connection.close()


async def test_every_table_of_a_tenant_is_under_forced_row_security(
    owner: asyncpg.Connection,
) -> None:
    rows = {row["relname"]: row for row in await owner.fetch(RELATIONS) if row["kind"] != "v"}

    assert set(rows) == {*metadata.tables, "alembic_version"}
    for name in SECURED:
        row = rows[name]
        assert (row["relrowsecurity"], row["relforcerowsecurity"]) == (True, True), name
        assert row["policies"] == [f"{OWN} / {OWN} / * / true / {{0}}"], name


async def test_every_view_reads_with_the_rights_of_who_asks(owner: asyncpg.Connection) -> None:
    views = [row for row in await owner.fetch(RELATIONS) if row["kind"] == "v"]

    assert views
    assert [row["relname"] for row in views if not row["reads_as_invoker"]] == []


async def test_every_function_with_its_owners_rights_names_its_search_path(
    owner: asyncpg.Connection,
) -> None:
    rows = await owner.fetch(
        "select p.proname, p.proconfig, has_function_privilege('public', p.oid, 'execute') as open"
        " from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef"
    )

    assert rows
    assert {tuple(row["proconfig"] or ()) for row in rows} == {
        ("search_path=public, pg_temp",),
    }
    assert [row["proname"] for row in rows if row["open"]] == []


async def test_no_role_can_make_anything_in_the_schema(owner: asyncpg.Connection) -> None:
    rights = await owner.fetchrow(
        "select has_schema_privilege('stockgraph_app', 'public', 'create') as app,"
        " has_schema_privilege('stockgraph_app', 'public', 'usage') as usage,"
        " (select count(*) from pg_trigger t where not t.tgisinternal) as triggers"
    )

    assert tuple(rights) == (False, True, 0)


async def test_the_program_finds_nothing_to_refuse(database: Database) -> None:
    assert await guard.faults(database) == []


async def test_tenant_id_stands_first_in_every_key(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "select c.conname, c.contype::text as type, r.relname,"
        " (select a.attname from pg_attribute a where a.attrelid = c.conrelid"
        "  and a.attnum = c.conkey[1]) as first, c.confdeltype::text as on_delete"
        " from pg_constraint c join pg_class r on r.oid = c.conrelid"
        " where r.relname = any($1) and c.contype in ('p', 'u', 'f', 'x')",
        SECURED,
    )
    indexes = await owner.fetch(
        "select i.indexrelid::regclass::text as name, (select a.attname from pg_attribute a"
        " where a.attrelid = i.indrelid and a.attnum = i.indkey[0]) as first"
        " from pg_index i join pg_class r on r.oid = i.indrelid where r.relname = any($1)",
        SECURED,
    )

    assert [row["conname"] for row in rows if row["first"] != "tenant_id"] == []
    assert [row["name"] for row in indexes if row["first"] != "tenant_id"] == []
    assert {row["on_delete"] for row in rows if row["type"] == "f"} <= {"a", "r", "c"}


async def attempt(database: Database, world: World, sql: str) -> str:
    """The SQLSTATE with which the statement is refused, or '' when it is not."""
    try:
        async with database.write(world.tenant_id) as session:
            await session.call(sql)
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    return ""


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
async def test_invariant_02_what_is_appended_is_never_changed_or_removed(
    database: Database, world: World, table: str
) -> None:
    column = "tenant_id"
    statements = [
        f"update {table} set {column} = {column}",
        f"delete from {table}",
        f"truncate {table}",
        f"select 1 from {table} for update",
        f"drop table {table}",
        f"alter table {table} disable row level security",
        f"lock table {table} in access exclusive mode",
    ]

    refused = [await attempt(database, world, statement) for statement in statements]

    assert refused == ["42501"] * len(statements)


@pytest.mark.parametrize("table", sorted(NEVER_DELETED - APPEND_ONLY))
async def test_invariant_02_balances_are_never_deleted(
    database: Database, world: World, table: str
) -> None:
    assert await attempt(database, world, f"delete from {table}") == "42501"
    assert await attempt(database, world, f"truncate {table} cascade") == "42501"


@pytest.mark.parametrize("table", UNREADABLE)
async def test_tables_without_row_security_are_closed_to_the_application(
    database: Database, world: World, table: str
) -> None:
    verbs = (
        f"select 1 from {table}",
        f"delete from {table}",
        f"insert into {table} default values",
    )

    assert [await attempt(database, world, verb) for verb in verbs] == ["42501"] * 3


@pytest.mark.parametrize(
    "statement",
    [
        "set role stockgraph_owner",
        "set session authorization stockgraph_owner",
        "set local row_security = off; select count(*) from products",
        "create table mine (id int)",
        "create function mine() returns int language sql as 'select 1'",
        "create or replace function stock_tenant() returns uuid language sql as 'select null'",
        "alter role stockgraph_app bypassrls",
        "create policy mine on products using (true)",
        "copy products to '/tmp/products'",
    ],
)
async def test_the_application_cannot_lift_its_own_limits(
    database: Database, world: World, statement: str
) -> None:
    assert await attempt(database, world, statement) in ("42501", "42601")


async def test_invariant_20_writes_cannot_name_another_tenant(
    database: Database, world: World, other_world: World
) -> None:
    product = await world.product()
    theirs = str(other_world.tenant_id)

    refused = [
        await attempt(database, world, statement)
        for statement in (
            f"insert into products (tenant_id, id, sku, name) values ('{theirs}', '', '', '')",
            f"update products set tenant_id = '{theirs}' where id = '{product.id}'",
            f"insert into bins (tenant_id, id, location_id, code) values ('{theirs}', '', '', '')",
        )
    ]

    assert refused == ["42501"] * 3


async def test_invariant_20_a_row_cannot_point_into_another_tenant(
    world: World, other_world: World
) -> None:
    theirs = await other_world.location(id="loc_theirs")
    found: list[Any] = []

    async with world.read() as session:
        found.append(await session.call("select id from locations where id = $1", theirs.id))
    with pytest.raises(Exception, match="Location not found") as refusal:
        await world.bin(theirs)

    assert found == [None]
    assert type(refusal.value).__name__ == "NotFound"


@pytest.mark.parametrize(
    "table", [*SECURED, "item_quantities", "stock_levels_now", "open_promises"]
)
async def test_without_a_tenant_every_table_is_empty(
    database: Database, world: World, table: str
) -> None:
    await world.stock(await world.product(), await world.location(), 1)

    async with database.read(NO_TENANT) as session:
        seen = await session.call(f"select count(*) from {table}")
        await session.call("select set_config('app.tenant_id', '', true)")
        unset = await session.call(f"select count(*) from {table}")

    assert (seen, unset) == (0, 0)


async def test_a_temporary_table_does_not_stand_in_for_one_of_ours(
    world: World, database: Database
) -> None:
    """Functions with their owner's rights look into the session's own schema last."""
    async with database.write(world.tenant_id) as session:
        await session.call("create temp table tenants (id uuid, code text) on commit drop")
        await session.call("insert into tenants values (gen_random_uuid(), 'forged')")
        forged = await session.call("select tenant_find('forged')")
        own = await session.call("select tenant_find($1)", world.code)

    assert (forged, own) == (None, world.tenant_id)


async def test_a_removed_record_of_another_tenant_is_not_found(
    world: World, other_world: World
) -> None:
    theirs = await other_world.product(id="prod_same")
    await world.product(id="prod_same", name="Ours")

    async with world.write() as session:
        row = await records.get_locked(session, metadata.tables["products"], "Product", theirs.id)
        await session.call("select product_search_drop(array['prod_same'])")
        await records.remove(session, metadata.tables["products"], row)

    async with other_world.read() as session:
        assert await session.call("select name from products") == theirs.name
