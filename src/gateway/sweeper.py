"""Writes down, while the server runs, what the clock has done: sums, ended holds, old keys."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import structlog

from domain.errors import GatewayError
from models.session import Database
from services import holds, idempotency, stock

PAUSE_SECONDS = 5.0

log = structlog.get_logger(__name__)


@contextlib.asynccontextmanager
async def swept(database: Database, pause_seconds: float = PAUSE_SECONDS) -> AsyncIterator[None]:
    """Sweep every few seconds inside the block; several processes may at once."""
    task = asyncio.create_task(_for_ever(database, pause_seconds))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _for_ever(database: Database, pause_seconds: float) -> None:
    while True:
        await asyncio.sleep(pause_seconds)
        try:
            await stock.sweep(database)
            await holds.sweep(database)
            await idempotency.purge(database)
        except GatewayError as error:  # the database is away: reads are right without us
            log.warning("sweep_failed", code=error.code)
        except Exception:
            log.exception("sweep_failed")
