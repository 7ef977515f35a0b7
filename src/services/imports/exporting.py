"""Write a tenant as a folder of CSV files that an import takes back without a change."""

import csv
import gzip
import io
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from domain.errors import Invalid
from models.imports import exports
from models.imports.files import FILES
from models.imports.format import File
from models.session import Database, Session
from services.imports.report import Progress, Watcher, watch_nothing
from services.imports.transactions import STATEMENT_SECONDS


async def export(
    database: Database,
    tenant_id: UUID,
    path: Path,
    watch: Watcher = watch_nothing,
    *,
    compress: bool = False,
) -> dict[str, int]:
    """Write every file that has rows, and give their numbers of rows by the files' names.

    All files show one moment. Rows stand in the order of their keys, so that the same data gives
    the same files, byte for byte.

    Raises:
        Invalid: there is something in the folder already.
    """
    _make_empty(path)
    written: dict[str, int] = {}
    async with database.read(tenant_id, timeout_seconds=STATEMENT_SECONDS) as session:
        for done, file in enumerate(FILES):
            watch(Progress("writing", done, len(FILES)))
            target = path / f"{file.name}.csv{'.gz' if compress else ''}"
            if rows := await _write(session, file, target):
                written[target.name] = rows
            else:
                target.unlink()
    watch(Progress("writing", len(FILES), len(FILES)))
    return written


def _make_empty(path: Path) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Invalid("folder", f"{path} is not empty: export into a new folder.")
    path.mkdir(parents=True, exist_ok=True)


async def _write(session: Session, file: File, target: Path) -> int:
    """Write one file whole before it gets its name; how many rows it has."""
    names = await _attribute_names(session, file)
    part = target.with_name(f"{target.name}.part")
    rows = 0
    with _opened(part, compress=target.suffix == ".gz") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*(column.name for column in file.columns), *names])
        async for row in _rows(session, file):
            writer.writerow([*row[: len(file.columns)], *_attributes(row, names)])
            rows += 1
    part.rename(target)
    return rows


async def _rows(session: Session, file: File) -> AsyncIterator[Sequence[Any]]:
    await session.run(exports.open_file(file.name))
    while rows := await session.all(exports.next_rows(file.name)):
        for row in rows:
            yield row


async def _attribute_names(session: Session, file: File) -> list[str]:
    if not file.keeps_others:
        return []
    known = {column.name for column in file.columns}
    rows = await session.all(exports.attribute_names())
    return [row.name for row in rows if row.name not in known]


def _attributes(row: Sequence[Any], names: Sequence[str]) -> list[Any]:
    """The attributes that stand last in the row, as an import reads them: texts as they are."""
    if not names:
        return []
    attributes = json.loads(row[-1])
    values = (attributes.get(name) for name in names)
    return [one if isinstance(one, str | None) else json.dumps(one) for one in values]


@contextmanager
def _opened(path: Path, *, compress: bool) -> Iterator[TextIO]:
    with ExitStack() as stack:
        raw: Any = stack.enter_context(path.open("wb"))
        if compress:
            # Without a time and a name in its header, the same data gives the same bytes.
            packed = gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0)
            raw = stack.enter_context(packed)
        yield stack.enter_context(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
