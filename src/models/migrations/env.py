"""Alembic's entry: one transaction a migration, time limits, and an advisory lock around all."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import models.tables  # noqa: F401 - every table registers with the metadata
from models.base import metadata

_LOCK = 7_239_114_001  # any number, the same for all processes that migrate


def _run(connection: Connection) -> None:
    # Two GUCs that Citus needs to be told before tables with mixed foreign keys are made would
    # stand here; on plain PostgreSQL only the limits and the lock do.
    connection.execute(text("set statement_timeout = '10min'"))
    connection.execute(text(f"select pg_advisory_lock({_LOCK})"))
    # Not before: whoever waits for another process to migrate may wait longer than for a table.
    connection.execute(text("set lock_timeout = '10s'"))
    connection.commit()
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text(f"select pg_advisory_unlock({_LOCK})"))
    connection.commit()


async def _connect() -> None:
    url = make_url(context.config.attributes["url"]).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run)
    finally:
        await engine.dispose()


asyncio.run(_connect())
