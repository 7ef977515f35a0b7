"""Bring reference data into line with the staged files: all rows of a file at once."""

from models.imports import records, stock
from models.imports.files import BINS, LOTS, PRODUCTS, RECORDS
from models.session import Session
from services.imports.report import FileCounts
from services.imports.staging import Staged


async def apply_records(session: Session, import_id: str, staged: list[Staged]) -> list[FileCounts]:
    """Make, change and leave records as the files say; the counts of each file.

    Afterwards every lot that the files name is there, whichever file names it.
    """
    files = {one.file.name: one for one in staged}
    told: list[FileCounts | None] = []
    for file in RECORDS:
        if file is LOTS:
            told.append(await _apply_lots(session, import_id, files.get(file.name)))
        elif file.name in files:
            told.append(await _apply(session, import_id, files[file.name]))
    return [counts for counts in told if counts]


async def _apply(session: Session, import_id: str, staged: Staged) -> FileCounts:
    file, header = staged.file, staged.header
    assert file.table is not None, "only files of records are applied"
    await session.run(records.resolve(import_id, file))
    await session.run(records.make(import_id, file, header))
    if "parentCode" in header:
        await session.run(records.adopt(import_id, file))
    bins = await _bins_of_new_type(session, import_id, staged)
    if file.table.info["history"]:
        await session.run(records.keep_former(import_id, file, header))
    changed = await session.run(records.change(import_id, file, header))
    if "parentCode" in header:
        await session.one(records.refresh_paths())
    if bins:
        await session.one(stock.refresh_levels_of_bins(bins))
    if file is PRODUCTS:
        changed += await _finish_products(session, import_id, staged)
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
    return _told(staged, staged.rows, count.made, count.changed) if staged else None


def _told(staged: Staged, rows: int, made: int, changed: int) -> FileCounts:
    # A row of lots.csv may speak of several lots, or of one that stock.csv names as well.
    unchanged = max(0, rows - made - changed)
    return FileCounts(staged.source.label, rows, made, changed, unchanged)
