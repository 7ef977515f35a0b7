"""A transaction of an import: it may take long, and begins anew when others were in its way."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from models.constraints import sql_state
from models.session import Database, Session

STATEMENT_SECONDS = 600  # one statement may check or plan a million rows
ATTEMPTS = 5

_PASSING = ("40001", "40P01", "55P03")  # serialization, deadlock, a lock that was not given
Answer = TypeVar("Answer")


async def in_transaction(
    database: Database, tenant_id: UUID, work: Callable[[Session], Awaitable[Answer]]
) -> Answer:
    """Do the work in a transaction of its own, again when others were in its way."""
    for attempt in range(1, ATTEMPTS):
        try:
            return await _once(database, tenant_id, work)
        except Exception as error:
            if sql_state(error.__cause__ or error) not in _PASSING:
                raise
        await asyncio.sleep(0.1 * 2**attempt)
    return await _once(database, tenant_id, work)


async def _once(
    database: Database, tenant_id: UUID, work: Callable[[Session], Awaitable[Answer]]
) -> Answer:
    async with database.write(tenant_id, timeout_seconds=STATEMENT_SECONDS) as session:
        return await work(session)
