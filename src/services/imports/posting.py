"""Plan what is to be posted, and post it batch by batch; what is posted is never posted again."""

import json
from uuid import UUID

from domain import ids
from domain.actor import Author
from models.imports import state, stock
from models.session import Database, Session
from services.imports.report import FileCounts, Progress, Report, Watcher
from services.imports.staging import Staged
from services.imports.transactions import in_transaction

BATCH_SIZE = 10_000  # lines of a posting, and the most that one transaction posts
AUTHOR = Author("import", "Import")


async def plan(
    session: Session, import_id: str, staged: list[Staged], report: Report, *, complete: bool
) -> int:
    """Plan the postings that the files ask for; how many batches there are to post."""
    files = {one.file.name: one for one in staged}
    if counted := files.get("stock"):
        planned = await session.one(stock.plan(import_id, BATCH_SIZE, complete=complete))
        report.emptied = planned.emptied
        unchanged = counted.rows - planned.made - planned.changed
        label = counted.source.label
        report.tell(FileCounts(label, counted.rows, planned.made, planned.changed, unchanged))
    return int(await session.scalar(stock.planned_batches(import_id)))


async def post_batch(session: Session, import_id: str, batch: int) -> int:
    """Post one batch of the plan; how many ledger entries it has written."""
    actor = json.dumps({"id": AUTHOR.id, "name": AUTHOR.name})
    return int(await session.call(stock.POST_BATCH, import_id, batch, ids.new("txn_"), actor))


async def post_planned(database: Database, tenant_id: UUID, import_id: str, watch: Watcher) -> int:
    """Post what is planned and not yet posted, each batch in a transaction of its own.

    Gives how many ledger entries it has written.
    """
    async with database.read(tenant_id) as session:
        begun = await session.one(state.get(import_id))
    posted = 0
    for batch in range(begun.posted_batches + 1, begun.planned_batches + 1):
        watch(Progress("posting", batch - 1, begun.planned_batches))

        async def post(session: Session, batch: int = batch) -> int:
            return await post_batch(session, import_id, batch)

        posted += await in_transaction(database, tenant_id, post)
    watch(Progress("posting", begun.planned_batches, begun.planned_batches))
    return posted
