"""The demo company, made once in a run and copied for whoever wants it."""

import asyncio

from copies import Urls
from models.session import Database
from services import demo


def fill(urls: Urls) -> demo.Made:
    """Make it, and tell what was made."""
    return asyncio.run(_fill(urls))


async def _fill(urls: Urls) -> demo.Made:
    database = Database(urls[1])
    try:
        return await demo.make(database)
    finally:
        await database.close()
