"""Does, while the server runs, what the clock asks for: sums, what ended, old keys, requests."""

from contextlib import AbstractAsyncContextManager

from gateway.background import repeated
from models.session import Database
from services import holds, idempotency, reservations, severity, stock
from services.requests import generating

PAUSE_SECONDS = 5.0


def swept(
    database: Database, pause_seconds: float = PAUSE_SECONDS
) -> AbstractAsyncContextManager[None]:
    """Sweep every few seconds inside the block; several processes may at once.

    Reads are right without it; it tells crossings of severity, and makes the stock requests from
    stocklists that are due.
    """

    async def sweep() -> None:
        await stock.sweep(database)
        await holds.sweep(database)
        await reservations.sweep(database)
        await severity.sweep(database)
        await idempotency.purge(database)
        await generating.sweep(database)

    return repeated("sweep", sweep, pause_seconds)
