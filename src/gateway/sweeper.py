"""Writes down, while the server runs, what the clock has done: sums, what ended, old keys."""

from contextlib import AbstractAsyncContextManager

from gateway.background import repeated
from models.session import Database
from services import holds, idempotency, reservations, stock

PAUSE_SECONDS = 5.0


def swept(
    database: Database, pause_seconds: float = PAUSE_SECONDS
) -> AbstractAsyncContextManager[None]:
    """Sweep every few seconds inside the block; several processes may at once.

    Reads are right without it.
    """

    async def sweep() -> None:
        await stock.sweep(database)
        await holds.sweep(database)
        await reservations.sweep(database)
        await idempotency.purge(database)

    return repeated("sweep", sweep, pause_seconds)
