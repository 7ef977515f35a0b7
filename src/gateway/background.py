"""Work that a server does again and again beside its requests."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import structlog

from domain.errors import GatewayError

log = structlog.get_logger(__name__)

Work = Callable[[], Awaitable[object]]


@contextlib.asynccontextmanager
async def repeated(name: str, work: Work, pause_seconds: float) -> AsyncIterator[None]:
    """Do the work inside the block, again and again with a pause before each time.

    A time that fails is logged under the work's name and does not end it: the database may be away
    for a while.
    """
    async with beside(_for_ever(name, work, pause_seconds)):
        yield


@contextlib.asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do the work inside the block, and end it with the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _for_ever(name: str, work: Work, pause_seconds: float) -> None:
    while True:
        await asyncio.sleep(pause_seconds)
        try:
            await work()
        except GatewayError as error:
            log.warning("background_failed", work=name, code=error.code)
        except Exception:
            log.exception("background_failed", work=name)
