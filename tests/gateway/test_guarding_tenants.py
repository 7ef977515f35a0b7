"""The server refuses to start where one tenant might see another's rows."""

import os
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from gateway.app import create_app
from gateway.problems import Problem
from gateway.settings import load_settings
from models.session import Database
from services import guard


@pytest.fixture
async def owner(urls: tuple[str, str]) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls[0])
    yield connection
    await connection.close()


async def test_finds_nothing_on_a_migrated_database(database: Database) -> None:
    assert await guard.faults(database) == []
    assert await guard.is_current(database)


async def test_a_superuser_is_refused(urls: tuple[str, str]) -> None:
    database = Database(urls[0], pool_size=1)
    app = create_app(load_settings(explorer=False), database)

    with pytest.raises(Problem, match="is a superuser, whom row security does not bind"):
        async with app.router.lifespan_context(app):
            pass


@pytest.mark.parametrize(
    ("break_", "mend", "words"),
    [
        (
            "alter table products no force row level security",
            "alter table products force row level security",
            "Row security is not forced, or has another policy than the tenant's, on products.",
        ),
        (
            "alter table bins disable row level security",
            "alter table bins enable row level security",
            "Row security is not forced, or has another policy than the tenant's, on bins.",
        ),
        (
            "create policy all_ on lots using (true)",
            "drop policy all_ on lots",
            "Row security is not forced, or has another policy than the tenant's, on lots.",
        ),
        (
            "grant select on tenants to stockgraph_app",
            "revoke select on tenants from stockgraph_app",
            "has rights on tenants.",
        ),
        (
            "alter view open_promises set (security_invoker = false)",
            "alter view open_promises set (security_invoker = true)",
            "Views read with their owner's rights: open_promises.",
        ),
    ],
)
async def test_names_what_is_not_guarded(
    database: Database, owner: asyncpg.Connection, break_: str, mend: str, words: str
) -> None:
    await owner.execute(break_)
    try:
        (fault,) = await guard.faults(database)
    finally:
        await owner.execute(mend)

    assert fault.endswith(words)
    assert await guard.faults(database) == []


async def test_a_role_that_is_exempt_or_owns_tables_is_refused(
    urls: tuple[str, str], owner: asyncpg.Connection
) -> None:
    usual = urlsplit(urls[1]).username
    name = f"exempt_{os.getpid()}"  # the role of the tests is everybody's
    database = Database(urls[1].replace(f"//{usual}@", f"//{name}@"), pool_size=1)
    await owner.execute(f"create role {name} login bypassrls in role {usual}")
    await owner.execute(f"create table own_things (); alter table own_things owner to {name}")
    try:
        found = await guard.faults(database)
    finally:
        await database.close()
        await owner.execute(f"drop table own_things; drop role {name}")

    assert found[0] == (f"The role {name} has BYPASSRLS, so that row security does not bind it.")
    assert found[1] == (
        f"The role {name} owns own_things, so that it could switch row security off."
    )
