"""Numbers and seals, while the server runs, what transactions have written to the outbox."""

from contextlib import AbstractAsyncContextManager
from functools import partial

from gateway.background import repeated
from models.session import Database
from services import feed

PAUSE_SECONDS = 0.25


def relayed(
    database: Database, pause_seconds: float = PAUSE_SECONDS
) -> AbstractAsyncContextManager[None]:
    """Relay several times a second inside the block; several processes may at once."""
    return repeated("relay", partial(feed.relay, database), pause_seconds)
