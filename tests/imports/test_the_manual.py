"""docs/import.md names every file, column and type that the format has, and no other."""

import re
from pathlib import Path

from models.imports.files import FILES, LATER, MOVEMENTS, RECORDS, STOCK, TRANSFERS

MANUAL = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def columns_of(cell: str) -> tuple[set[str], set[str]]:
    """All columns that a cell of the manual names, and the required ones among them."""
    plain = re.sub(r"\([^)]*\)|;.*", "", cell)
    bold = set(re.findall(r"\*\*(\w+)\*\*", plain))
    words = {word for word in re.findall(r"\w+", plain) if word != "or"}
    return words, bold


def test_every_column_of_reference_data_is_told() -> None:
    lines = re.findall(r"^\| (\w+) \| [^|]+ \| ([^|]+) \|$", MANUAL, re.MULTILINE)
    told = {name: columns_of(cell) for name, cell in lines if name in {f.name for f in FILES}}

    assert told == {
        file.name: (
            {column.name for column in file.columns},
            {column.name for column in file.columns if column.required},
        )
        for file in RECORDS
    }


def test_every_column_of_files_that_are_posted_is_told() -> None:
    told = [
        columns_of(cell)
        for cell in re.findall(r"^\| (\*\*\w+\*\*, [^|]+) \|", MANUAL, re.MULTILINE)
    ]

    assert told == [
        (
            {column.name for column in file.columns},
            {column.name for column in file.columns if column.required},
        )
        for file in (STOCK, MOVEMENTS, TRANSFERS)
    ]


def test_every_type_of_movement_and_later_file_is_told() -> None:
    types = re.findall(r"^\| ([A-Z_, ]+) \| (?:in|out|as|a level)", MANUAL, re.MULTILINE)

    assert {name for cell in types for name in cell.split(", ")} == set(
        MOVEMENTS.column("type").choices
    )
    assert set(re.findall(r"`(\w+)`", MANUAL.split("## The folder")[1][:700])) >= set(LATER)
