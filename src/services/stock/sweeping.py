"""Bring kept sums up to date where the clock alone has changed them.

Reads are right without it (they compute such levels live); it keeps them cheap.
"""

from models import postings
from models.session import Database
from services import tenants

BATCH = 500


async def sweep(database: Database) -> int:
    """Refresh the due levels of every tenant, in short transactions, and say how many there were.

    Any number of processes may do so at once: a level that another holds is left to it.
    """
    refreshed = 0
    for tenant_id, _, _ in await tenants.listed(database):
        while True:
            async with database.write(tenant_id) as session:
                due = await session.all(postings.due_levels(BATCH))
                if due:
                    places = [row.location_id for row in due], [row.product_id for row in due]
                    await session.one(postings.refresh_levels(*places))
            refreshed += len(due)
            if len(due) < BATCH:
                break
    return refreshed
