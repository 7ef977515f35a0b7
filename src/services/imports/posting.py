"""Plan what is to be posted, and post it batch by batch; what is posted is never posted again."""

import json
from uuid import UUID

from domain import ids
from domain.actor import Author
from domain.errors import Conflict
from models.constraints import sql_state
from models.imports import state, stock
from models.imports.files import MOVEMENTS, STOCK
from models.session import Database, Session
from services.imports.report import FileCounts, Progress, Report, Watcher
from services.imports.staging import Staged
from services.imports.transactions import ATTEMPTS, in_transaction

BATCH_SIZE = 10_000  # lines of a posting, and the most that one transaction posts
AUTHOR = Author("import", "Import")


def history_batches(staged: list[Staged]) -> list[tuple[int, int]]:
    """The ranges of lines, the second excluded, in which movements without a location are kept."""
    last = max((one.lines for one in staged if one.file is MOVEMENTS), default=0)
    return [(first, first + BATCH_SIZE) for first in range(1, last + 1, BATCH_SIZE)]


async def keep_history(session: Session, import_id: str, lines: tuple[int, int]) -> int:
    """Keep the movements without a location that stand in these lines; how many are new."""
    made: int = await session.scalar(stock.keep_history(import_id, lines))
    return made


async def plan(
    session: Session, import_id: str, staged: list[Staged], report: Report, *, complete: bool
) -> int:
    """Plan the postings that the files ask for; how many batches there are to post."""
    files = {one.file.name: one for one in staged}
    if moved := files.get(MOVEMENTS.name):
        planned = await session.one(stock.plan_movements(import_id, BATCH_SIZE))
        report.opened = planned.opened
        report.tell(_counts(moved, report.history + planned.made, 0))
    if counted := files.get(STOCK.name):
        planned = await session.one(stock.plan(import_id, BATCH_SIZE, complete=complete))
        report.emptied = planned.emptied
        report.tell(_counts(counted, planned.made, planned.changed))
    return int(await session.scalar(stock.planned_batches(import_id)))


def _counts(staged: Staged, made: int, changed: int) -> FileCounts:
    unchanged = staged.rows - made - changed
    return FileCounts(staged.source.label, staged.rows, made, changed, unchanged)


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

        posted += await _post(database, tenant_id, import_id, batch)
    watch(Progress("posting", begun.planned_batches, begun.planned_batches))
    return posted


async def _post(database: Database, tenant_id: UUID, import_id: str, batch: int) -> int:
    """Post a batch in a transaction, and cover what others have taken since it was planned.

    Raises:
        Conflict: it cannot be posted.
    """

    async def post(session: Session) -> int:
        return await post_batch(session, import_id, batch)

    async def cover(session: Session) -> int:
        return int(await session.scalar(stock.cover(import_id, batch)))

    for _ in range(ATTEMPTS):
        try:
            return await in_transaction(database, tenant_id, post)
        except Exception as error:
            if sql_state(error) == stock.WOULD_BE_NEGATIVE:
                await in_transaction(database, tenant_id, cover)
            elif sql_state(error)[:2] in stock.REFUSALS:
                raise stuck(import_id, str(error).splitlines()[0]) from error
            else:
                raise
    raise stuck(import_id, "others take what it counts on, again and again")


def stuck(import_id: str, why: str) -> Conflict:
    """What an import says that cannot go on before somebody has mended what is in its way."""
    return Conflict(
        f"The import {import_id} cannot go on: {why}. --resume {import_id} tries again; "
        f"--abandon {import_id} leaves what it has posted and forgets the rest.",
        details={"importId": import_id},
    )
