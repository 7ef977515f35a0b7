"""Bring reference data into line with the staged files: all rows of a file at once."""

from domain.errors import Conflict, ImportRefused, Invalid, NotFound
from models import lots
from models.imports import records, stock
from models.imports.files import BINS, LOTS, POLICIES, PRODUCTS, RECORDS
from models.session import Session
from services import outbox, policies
from services.imports.report import FileCounts, Problem, Report, refusal
from services.imports.staging import Staged


async def apply_records(
    session: Session, import_id: str, staged: list[Staged], report: Report
) -> None:
    """Make, change and leave records as the files say, and tell the counts of each file.

    Afterwards every lot that the files name is there, whichever file names it.

    Raises:
        ImportRefused: what the files say cannot be, together with what is there by now.
    """
    files = {one.file.name: one for one in staged}
    for file in RECORDS:
        one = files.get(file.name)
        try:
            if file is LOTS:
                counts = await _apply_lots(session, import_id, one)
            elif one and file is POLICIES:
                counts = await _apply_policies(session, import_id, one, report)
            else:
                counts = await _apply(session, import_id, one) if one else None
        except ImportRefused:
            raise
        except (Conflict, Invalid, NotFound) as error:
            # The checks have seen all rows: others must have changed what is there since.
            label = one.source.label if one else file.name
            raise refusal([Problem(label, None, error.field, None, error.message)]) from error
        if counts:
            report.tell(counts)


async def _apply_policies(
    session: Session, import_id: str, staged: Staged, report: Report
) -> FileCounts:
    """Apply policies, and look at what they come to with those that are there.

    Raises:
        ImportRefused: shares add up to more than 1 where they did not before.
    """
    await policies.lock(session)
    before = await policies.too_large_shares(session)
    counts = await _apply(session, import_id, staged)
    label = staged.source.label
    problems = [
        Problem(label, None, "share", None, policies.too_large(shares))
        for shares in await policies.too_large_shares(session)
        if shares not in before
    ]
    if problems:
        raise refusal(problems)
    lacking = await policies.without_number(session)
    for row in await session.all(records.lines_of(import_id, POLICIES, list(lacking))):
        lack = lacking[row.record_id]
        report.warn([Problem(label, row.line, lack.field, None, lack.message)])
    return counts


async def _apply(session: Session, import_id: str, staged: Staged) -> FileCounts:
    file, header = staged.file, staged.header
    assert file.table is not None, "only files of records are applied"
    await session.one(records.loops(allowed=False))
    await session.run(records.resolve(import_id, file))
    await session.run(records.make(import_id, file, header))
    if "parentCode" in header:
        await session.run(records.adopt(import_id, file))
    bins = await _bins_of_new_type(session, import_id, staged)
    if file.table.info["history"]:
        await session.run(records.keep_former(import_id, file, header))
    changed = await session.run(records.change(import_id, file, header))
    await session.one(records.loops(allowed=True))
    if "parentCode" in header:
        await session.one(records.refresh_paths())
    if bins:
        await session.one(stock.refresh_levels_of_bins(bins))
    if file is PRODUCTS:
        changed += await _finish_products(session, import_id, staged)
    await outbox.imported(session, file.table, import_id)
    count = await session.one(records.counts(import_id, file))
    return _told(staged, count.rows, count.made, changed)


async def _bins_of_new_type(session: Session, import_id: str, staged: Staged) -> list[str]:
    """The bins whose stock becomes held or free by the file."""
    if staged.file is not BINS or "type" not in staged.header:
        return []
    rows = await session.all(records.bins_of_new_type(import_id, BINS))
    return [row.id for row in rows]


async def _finish_products(session: Session, import_id: str, staged: Staged) -> int:
    changed = 0
    if "packs" in staged.header:
        changed = await session.scalar(stock.apply_packs(import_id))
    await session.one(stock.refresh_search(import_id))
    return changed


async def _apply_lots(session: Session, import_id: str, staged: Staged | None) -> FileCounts | None:
    """Make and change lots; stock.csv and movements.csv may name new ones without lots.csv."""
    count = await session.one(stock.apply_lots(import_id))
    if count.made or count.changed:
        session.reference_changed()
        await outbox.imported(session, lots.lots, import_id)
    return _told(staged, staged.rows, count.made, count.changed) if staged else None


def _told(staged: Staged, rows: int, made: int, changed: int) -> FileCounts:
    # A row of lots.csv may speak of several lots, or of one that stock.csv names as well.
    unchanged = max(0, rows - made - changed)
    return FileCounts(staged.source.label, rows, made, changed, unchanged)
