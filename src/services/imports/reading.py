"""Find the files of a folder, and read CSV strictly: UTF-8, one header, one width.

Line ends may be LF or CRLF and a byte order mark is skipped, since spreadsheets write both.
"""

import codecs
import csv
import gzip
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, cast

from domain.errors import Invalid, NotFound
from models.imports.files import FILES, LATER
from models.imports.format import File
from models.imports.records import COLUMNS_MAX
from services.imports.report import PROBLEMS_MAX, Problem

BATCH = 20_000  # rows that are staged in one transaction
CHARACTERS_MAX = 16_000_000  # that are staged in one transaction, give or take a line
LINE_MAX = 4_000_000  # characters of one line: what has no line ends must not fill the memory
_FORMATS = {file.name: file for file in FILES}
_ENDINGS = (".csv.gz", ".csv")

Row = tuple[int, Sequence[str | None]]  # line, cells in the order of the format


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the folder that the format names."""

    file: File
    path: Path

    @property
    def label(self) -> str:
        """The file's name, as people see it."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in a folder: files in the order of the format, and the names of the others."""

    path: Path
    sources: Sequence[Source]
    later: Sequence[str]
    unknown: Sequence[str]

    def fingerprint(self) -> bytes:
        """The same for the same bytes under the same names.

        Raises:
            Invalid: a file cannot be read.
        """
        digest = hashlib.sha256()
        for source in self.sources:
            digest.update(source.label.encode() + b"\0")
            try:
                with source.path.open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
            except OSError as error:
                raise _unreadable(source.path, error) from error
        return digest.digest()


def find(path: Path) -> Folder:
    """The CSV files of a folder.

    Raises:
        NotFound: there is no such folder.
        Invalid: it holds no file of the format, one of them twice, or what cannot be read.
    """
    if not path.is_dir():
        raise NotFound(f"Folder {str(path)!r}")
    sources: dict[str, Source] = {}
    later: list[str] = []
    unknown: list[str] = []
    for one in _listed(path):
        name, known = _format_name(one)
        if name is None:
            continue
        if not known:
            (later if name in LATER else unknown).append(one.name)
            continue
        if name in sources:
            raise Invalid("folder", f"{one.name} and {sources[name].label} are the same file.")
        if not one.is_file():
            raise Invalid("folder", f"{one} is no file, or a link that leads nowhere.")
        sources[name] = Source(_FORMATS[name], one)
    if not sources:
        raise Invalid("folder", f"{path} holds no file that can be imported, such as products.csv.")
    ordered = [sources[file.name] for file in FILES if file.name in sources]
    return Folder(path, ordered, later, unknown)


def _listed(path: Path) -> list[Path]:
    try:
        return sorted(path.iterdir())
    except OSError as error:
        raise _unreadable(path, error) from error


def _format_name(path: Path) -> tuple[str | None, bool]:
    """The name without its ending, None when this is no CSV file; whether the format names it.

    `STOCK.CSV` is a CSV file that is not known: not every system tells it from `stock.csv`.
    """
    ending = next((one for one in _ENDINGS if path.name.lower().endswith(one)), None)
    if ending is None:
        return None, False
    name = path.name[: -len(ending)]
    return name, name in _FORMATS and path.name.endswith(ending)


def _unreadable(path: Path, error: OSError) -> Invalid:
    return Invalid("folder", f"{path} cannot be read: {error.strerror or error}.")


@dataclass(slots=True)
class Reading:
    """One pass over a file: its header, what is wrong with it, how far it is."""

    source: Source
    header: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # columns that the format does not name
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    lines: int = 0  # the number of the last one on which a row began
    bytes_read: int = 0
    _characters: int = 0  # of the lines since the last batch

    def batches(self) -> Iterator[list[Row]]:
        """The rows, some at a time, their cells in the order of the format."""
        try:
            with _opened(self.source.path) as (raw, lines):
                rows = _numbered(self._measured(lines))
                if self._takes_header(next(rows, (1, []))[1]):
                    for batch in self._batches(rows):
                        self.bytes_read = raw.tell()
                        yield batch
        except UnicodeDecodeError:
            self._note(_first_undecodable(self.source.path), "is not UTF-8")
        except _MalformedCsv as error:
            self._note(error.line, f"is no well-formed CSV: {error}")
        except (OSError, EOFError) as error:
            self._note(None, f"cannot be read: {error}")

    def _batches(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[Row]]:
        pick, width = self._picker(), len(self.header)
        batch: list[Row] = []
        for line, row in rows:
            if len(row) == width:
                batch.append((line, pick([*row, None])))
            elif row:
                self._note(line, f"has {len(row)} cells where the header has {width}")
            if len(batch) == BATCH or self._characters > CHARACTERS_MAX:
                yield self._counted(batch)
                batch = []
        if batch:
            yield self._counted(batch)

    def _measured(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            self._characters += len(line)
            yield line

    def _counted(self, batch: list[Row]) -> list[Row]:
        self.rows += len(batch)
        self.lines = batch[-1][0]
        self._characters = 0
        return batch

    def _picker(self) -> "Callable[[Sequence[str | None]], Sequence[str | None]]":
        """Puts a row in the order of the format; what the file lacks is the None at its end."""
        names = [column.name for column in self.source.file.columns] + (
            self.others if self.source.file.keeps_others else []
        )
        none = len(self.header)
        return itemgetter(*(self.header.index(n) if n in self.header else none for n in names))

    def _takes_header(self, header: list[str] | None) -> bool:
        if not header:
            self._note(1, "has no header line")
            return False
        file = self.source.file
        known = {column.name for column in file.columns}
        self.header = header
        self.others = [name for name in header if name not in known]
        if len(header) > COLUMNS_MAX:
            self._note(1, f"has more than {COLUMNS_MAX} columns")
        for name in sorted({name for name in header if header.count(name) > 1 or not name.strip()}):
            told = (
                f"names the column {name!r} twice" if name.strip() else "has a column without name"
            )
            self._note(1, told)
        for column in file.columns:
            if column.required and column.name not in header:
                self._note(1, f"lacks the column {column.name}{_instead(column.name, header)}")
        return not self.problems

    def _note(self, line: int | None, problem: str) -> None:
        if len(self.problems) <= PROBLEMS_MAX:
            self.problems.append(Problem(self.source.label, line, None, None, problem))


def _instead(column: str, header: list[str]) -> str:
    """What the header may have in place of the column, for those who look for it."""
    alike = [name for name in header if name.strip().lower() == column.lower()]
    if alike:
        return f": it has {alike[0]!r}"
    separator = next((one for one in ";\t|" if len(header) == 1 and one in header[0]), None)
    return f": its cells are separated by {separator!r}, not by commas" if separator else ""


class _MalformedCsv(Exception):
    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def _numbered(lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line on which it begins."""
    reader = csv.reader(_sound(lines), strict=True)
    begin = 1
    try:
        for row in reader:
            yield begin, row
            begin = reader.line_num + 1
    except csv.Error as error:
        raise _MalformedCsv(begin, str(error)) from error


def _sound(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if "\0" in line:
            raise csv.Error("there is a NUL character")
        if len(line) >= LINE_MAX:
            raise csv.Error(f"a line is longer than {LINE_MAX:,} characters")
        yield line


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, Iterator[str]]]:
    """The file's raw bytes, for progress, and its lines with their ends."""
    with path.open("rb") as raw:
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
        with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
            yield raw, iter(partial(text.readline, LINE_MAX), "")


def _first_undecodable(path: Path) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    number = 1
    with path.open("rb") as raw:
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
        for part in iter(partial(stream.readline, LINE_MAX), b""):
            try:
                decoder.decode(part)
            except UnicodeDecodeError:
                return number
            number += part.endswith(b"\n")
    return number  # the file ends within a character
