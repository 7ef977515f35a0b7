"""What a file of a folder is: its columns, what a cell may hold, what it may name."""

from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Table

_NUMBER = "[0-9]{1,12}([.][0-9]{1,6})?"
_SIZE = "below 1,000,000,000,000 and with at most 6 decimals"
_DAY = "[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
_MOMENT = f"{_DAY}([T ]{_TIME}(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?"
_PACK = rf"[^;=:\s]+=(?=[0-9.]*[1-9]){_NUMBER}(:[^;=:\s]+)?"
_PACKS = f"{_PACK}(;{_PACK})*"


class Kind(Enum):
    """What a cell may hold: a POSIX pattern, what to say when it does not match, the longest."""

    CODE = (
        r"[^\s[:cntrl:]]([^[:cntrl:]]*[^\s[:cntrl:]])?",
        "must be 1 to 100 printable characters without spaces around them",
        100,
    )
    NAME = (r"[^[:cntrl:]]+", "must be at most 300 printable characters", 300)
    TEXT = (r".*", "must be at most 4,000 characters", 4000)
    ID = (
        r"[A-Za-z0-9_-]+",
        "must be 1 to 64 of A-Z a-z 0-9 _ - and not begin as the ids of other things do",
        64,
    )
    TYPE = (r"[A-Z0-9][A-Z0-9_]*", "must be a word of A-Z 0-9 _ such as STANDARD", 64)
    UNIT = (r"[^\s[:cntrl:]]+", "must be 1 to 20 characters without spaces", 20)
    FLAG = (r"true|false|TRUE|FALSE", "must be true or false", 5)
    WHOLE = (r"[0-9]{1,9}", "must be a whole number that is not negative", 9)
    QUANTITY = (_NUMBER, f"must be a number that is not negative, {_SIZE}", 19)
    POSITIVE = (f"(?=.*[1-9]){_NUMBER}", f"must be a number above 0, {_SIZE}", 19)
    SIGNED = (f"-?{_NUMBER}", f"must be a number, {_SIZE}", 20)
    SHARE = (
        r"0([.][0-9]{1,6})?|1([.]0{1,6})?",
        "must be between 0 and 1 with at most 6 decimals",
        8,
    )
    PRIORITY = (r"[0-9]{1,3}|1000", "must be a whole number from 0 to 1000", 4)
    DATE = (_DAY, "must be a date such as 2026-01-31", 10)
    INSTANT = (
        _MOMENT,
        "must be a date such as 2026-01-31 or a moment such as 2026-01-31T14:30:00Z",
        32,
    )
    CHOICE = (r"[A-Z_]+", "must be one of its words", 64)  # a column with choices says which
    PACKS = (_PACKS, "must be packs such as CASE=12:4006381333931;PALLET=480", 4000)
    CONTEXTS = (r"[A-Z][A-Z_]*(;[A-Z][A-Z_]*)*", "must be words such as ADJUSTMENT;COUNT", 300)

    @property
    def pattern(self) -> str:
        """The POSIX pattern that the whole cell must match."""
        return f"^({self.value[0]})$"

    @property
    def problem(self) -> str:
        """What is wrong with a cell that does not match."""
        return self.value[1]

    @property
    def longest(self) -> int:
        """How many characters a cell may have."""
        return self.value[2]


class Target(Enum):
    """What a cell names by its code."""

    CATEGORY = "category"
    PRODUCT = "product"
    LOCATION = "location"
    BIN = "bin"  # a code within the location that the same row names
    CHANNEL = "channel"
    VENDOR = "vendor"
    LOT = "lot"  # a number within the product that the same row names; made when new


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a file; `stored` is the table's column that it sets."""

    name: str
    kind: Kind
    stored: str | None = None
    required: bool = False
    names: Target | None = None
    choices: tuple[str, ...] = ()

    @property
    def pattern(self) -> str:
        """The POSIX pattern that a cell which is not empty must match."""
        return f"^({'|'.join(self.choices)})$" if self.choices else self.kind.pattern

    @property
    def problem(self) -> str:
        """What is wrong with a cell that does not match."""
        return f"must be one of {', '.join(self.choices)}" if self.choices else self.kind.problem


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of the folder. `key` are the columns that tell its rows apart."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    table: Table | None = None
    prefix: str | None = None  # of the ids of new records; None: the code is the id
    keeps_others: bool = False  # columns that are not named here are kept as attributes

    def position(self, column: str) -> int:
        """Where the column stands among the staged cells, counted from 1 as PostgreSQL does."""
        return next(i for i, one in enumerate(self.columns, 1) if one.name == column)

    def column(self, name: str) -> Column:
        """The column with this name."""
        return self.columns[self.position(name) - 1]
