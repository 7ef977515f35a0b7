"""Connections of the door: their pool, and how a transaction on one begins and ends."""

import asyncio
import json
from datetime import date
from decimal import Decimal
from functools import partial

import asyncpg
from sqlalchemy import AdaptedConnection, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.errors import Unavailable
from domain.json import dumps
from models.failures import told

STATEMENTS_KEPT = 256  # prepared on each connection, however long they are
_ROLLBACK_SECONDS = 5
_DAY_0 = date(2000, 1, 1).toordinal()  # PostgreSQL's


async def begin(connection: AsyncConnection, message: str) -> tuple[asyncpg.Connection, str]:
    """Begin by sending the message, and give the driver's connection and its last status.

    One that has died in the pool is replaced: nothing was done on it yet.
    """
    driver = await driver_of(connection)
    try:
        with told(driver):
            return driver, await driver.execute(message)
    except Unavailable:
        if not driver.is_closed():
            raise
        await connection.invalidate()
        with told(None):
            driver = await driver_of(connection)
        with told(driver):
            return driver, await driver.execute(message)


async def roll_back(connection: AsyncConnection) -> None:
    """End the transaction, or the connection where that fails: it must not serve again as it is."""
    if connection.invalidated:
        return
    driver = await driver_of(connection)
    try:
        async with asyncio.timeout(_ROLLBACK_SECONDS):
            await driver.execute("ROLLBACK")
    except BaseException as error:
        driver.terminate()
        if not isinstance(error, Exception):  # cancelled a second time
            raise
    finally:
        if driver.is_closed():
            await connection.invalidate()


async def end(driver: asyncpg.Connection, message: str) -> str:
    """End the transaction by sending the message; which way PostgreSQL says that it ended."""
    try:
        with told(driver):
            return str(await driver.execute(message))
    except asyncpg.InFailedSQLTransactionError:
        return str(await driver.execute("ROLLBACK"))


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """The driver's connection below one that is checked out."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None, "a connection that is checked out has its driver's object"
    return driver


def make(url: str, pool_size: int, *, prepared: bool) -> AsyncEngine:
    """A pool of so many connections to the database; nothing is connected yet."""
    place = make_url(url).set(drivername="postgresql+asyncpg")
    size = STATEMENTS_KEPT if prepared else 0
    arguments = {"statement_cache_size": size, "max_cacheable_statement_size": 0}
    if not prepared:
        place = place.update_query_dict({"prepared_statement_cache_size": "0"})
    engine = create_async_engine(
        place,
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        connect_args=arguments,
        json_serializer=lambda value: dumps(value).decode(),
        json_deserializer=partial(json.loads, parse_float=Decimal),
    )
    event.listen(engine.sync_engine, "connect", _on_connect)
    return engine


def _on_connect(connection: AdaptedConnection, _record: object) -> None:
    connection.run_async(_take_days_as_they_are)


async def _take_days_as_they_are(driver: asyncpg.Connection) -> None:
    """Read and write days one by one: of itself the driver makes infinity of the last of them.

    Lots that never expire do so on 9999-12-31, and nothing can be subtracted from infinity.
    """
    await driver.set_type_codec(
        "date",
        schema="pg_catalog",
        format="tuple",
        encoder=lambda day: (day.toordinal() - _DAY_0,),
        decoder=lambda days: date.fromordinal(days[0] + _DAY_0),
    )
