"""What an import says of itself: while it goes on, when it is refused, and at its end."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from typing_extensions import override

from domain.errors import ImportRefused

PROBLEMS_MAX = 1_000  # that are told at once


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a file; `line` counts from 1, the header included."""

    file: str
    line: int | None
    column: str | None
    value: str | None
    problem: str

    @override
    def __str__(self) -> str:
        """As one line: `stock.csv:17 quantity "-3": must be …`."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        column = f" {self.column}" if self.column else ""
        # As JSON: a cell may hold line ends, and what moves the cursor of a terminal.
        value = f" {json.dumps(self.value, ensure_ascii=False)}" if self.value is not None else ""
        return f"{place}{column}{value}: {self.problem}"


@dataclass(slots=True)
class FileCounts:
    """What became of a file's rows."""

    file: str
    rows: int = 0
    made: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Report:
    """The outcome of an import, or what it would be."""

    import_id: str
    folder: str
    dry_run: bool = False
    resumed: bool = False
    files: list[FileCounts] = field(default_factory=list)
    later_files: list[str] = field(default_factory=list)  # for features that are not there yet
    unknown_files: list[str] = field(default_factory=list)
    ignored_columns: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    emptied: int = 0  # buckets that are not in stock.csv, by --complete
    history: int = 0  # movements without a location that are new
    opened: int = 0  # buckets that got an opening entry before their first movement
    posted: int = 0  # ledger entries written

    @property
    def changes_nothing(self) -> bool:
        """Whether everything was there already."""
        return not self.emptied and not any(one.made or one.changed for one in self.files)

    def tell(self, counts: FileCounts) -> None:
        """Keep the counts of a file, in place of what was kept of it before."""
        self.files = [one for one in self.files if one.file != counts.file] + [counts]

    def warn(self, warnings: Iterable[Problem]) -> None:
        """Keep these warnings too; what is done again may find the same once more."""
        self.warnings = list(dict.fromkeys([*self.warnings, *warnings]))

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Report":
        """The report that `kept` was made from."""
        files = [FileCounts(**one) for one in kept["files"]]
        warnings = [Problem(**one) for one in kept["warnings"]]
        return cls(**{**kept, "files": files, "warnings": warnings})

    def kept(self) -> dict[str, Any]:
        """As it is stored with the import."""
        return asdict(self)

    def as_json(self) -> dict[str, Any]:
        """For programs; names in camel case."""
        return {"changesNothing": self.changes_nothing, **_camel(asdict(self))}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is; `total` is None while nobody can know it."""

    step: str  # "reading stock.csv", "checking stock.csv", "posting"
    done: int
    total: int | None


Watcher = Callable[[Progress], None]


def watch_nothing(_progress: Progress) -> None:
    """For callers that do not watch."""


def refusal(problems: list[Problem]) -> ImportRefused:
    """The refusal that tells these problems, at most `PROBLEMS_MAX` of them."""
    shown = problems[:PROBLEMS_MAX]
    more = len(problems) > len(shown)
    count = f"More than {PROBLEMS_MAX:,}" if more else f"{len(shown):,}"
    what = "problem" if len(shown) == 1 else "problems"
    return ImportRefused(
        f"{count} {what} in the folder; nothing was posted.",
        details={"problems": [_camel(asdict(problem)) for problem in shown], "more": more},
    )


def _camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {_camel_name(name): _camel(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_camel(one) for one in value]
    return value


def _camel_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
