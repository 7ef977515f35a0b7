"""Makes the code of the stored operations while the server begins to answer.

A request that comes before its turn makes its own; no other waits for more than one operation.
"""

import asyncio
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager

import structlog

from execution.plans import Plan
from gateway.background import beside

log = structlog.get_logger(__name__)


def warmed(plans: Iterable[Plan]) -> AbstractAsyncContextManager[None]:
    """Warm these plans inside the block, one after another."""
    return beside(_warm(plans))


async def _warm(plans: Iterable[Plan]) -> None:
    count = 0
    for plan in plans:
        await asyncio.sleep(0)
        plan.warm()
        count += 1
    log.info("plans_warmed", count=count)
