"""Statements that find bad rows: line, column, value and what is wrong, in the order of lines."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import (
    Boolean,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from domain.ids import PREFIXES
from models.imports.files import (
    BINS,
    CATEGORIES,
    LEVELS,
    LOCATIONS,
    LOTS,
    MOVEMENTS,
    POLICIES,
    PRODUCTS,
    QUOTAS,
    REPLENISHMENT,
    STOCK,
    TRANSFERS,
)
from models.imports.format import Column, File, Kind, Target
from models.imports.records import cell, existing_id, id_by_key, staged
from models.imports.tables import import_rows

VALUE_MAX = 200  # characters of a cell that are told; one more says that there are more
_DATES = (Kind.DATE, Kind.INSTANT)


def problems(import_id: str, file: File, header: Collection[str]) -> Iterator[Select[Any]]:
    """The statements that together find everything that is wrong with the rows of a file."""
    yield _bad_cells(import_id, file)
    if file.key:
        yield _repeated_keys(import_id, file)
    if "id" in header and file.prefix:
        yield _told(func.import_repeated(import_id, file.name, _integers([1]), "id", None))
        yield _same_records(import_id, file)
    if "id" in header and file.prefix and file is not POLICIES:
        yield _other_ids(import_id, file)
    for one in file.columns:
        if one.names not in (None, Target.LOT) and one.name in header:
            yield _unknown(import_id, file, one)
    yield from _own(import_id, file)


def warnings(import_id: str, file: File) -> Iterator[Select[Any]]:
    """The statements that find what is taken as it is, and worth a warning."""
    if file is STOCK:
        yield _told(func.import_stock_warnings(import_id))
    if file is LOTS:
        yield _told(func.import_lot_warnings(import_id))


def short_quotas(import_id: str) -> Select[Any]:
    """Quotas that set more aside than is available once the plan is posted."""
    return _told(func.import_quota_warnings(import_id))


def _own(import_id: str, file: File) -> Iterator[Select[Any]]:
    """What only some kinds of files need."""
    one, named = (import_id,), (import_id, file.name)
    wanted: tuple[tuple[Collection[File], Any, tuple[Any, ...]], ...] = (
        ((CATEGORIES, LOCATIONS), func.import_circles, named),
        ((BINS, LOTS), func.import_moved, named),
        ((POLICIES, QUOTAS, LEVELS), func.import_odd_settings, named),
        ((LEVELS,), func.import_source_circles, one),
        ((REPLENISHMENT,), func.import_odd_replenishment, one),
        ((PRODUCTS,), func.import_taken_barcodes, one),
        ((POLICIES,), func.import_unclear_policies, one),
        ((STOCK,), func.import_odd_expiries, one),
        ((STOCK, MOVEMENTS), func.import_too_much, named),
        ((MOVEMENTS,), func.import_odd_movements, one),
        ((MOVEMENTS,), func.import_negative_moments, one),
        ((TRANSFERS,), func.import_odd_transfers, one),
    )
    for files, found, arguments in wanted:
        if file in files:
            yield _told(found(*arguments))


def _bad_cells(import_id: str, file: File) -> Select[Any]:
    # What names a thing by its code is checked against the codes there are, not for its form.
    columns = [one for one in file.columns if one.required or _is_formed(one)]
    patterns = [_pattern(file, one) if _is_formed(one) else "" for one in columns]
    return _told(
        func.import_bad_cells(
            import_id,
            file.name,
            _integers([file.position(one.name) for one in columns]),
            _texts([one.name for one in columns]),
            _texts(patterns),
            bindparam(None, [one.required for one in columns], type_=ARRAY(Boolean)),
            _integers([one.kind.longest for one in columns]),
            bindparam(None, [one.kind in _DATES for one in columns], type_=ARRAY(Boolean)),
            _texts([one.problem for one in columns]),
        )
    )


def _repeated_keys(import_id: str, file: File) -> Select[Any]:
    # Policies of one scope may be several: their ids tell them apart.
    unless = file.position("id") if file is POLICIES else None
    key = _integers([file.position(name) for name in file.key])
    return _told(func.import_repeated(import_id, file.name, key, file.key[0], unless))


def _is_formed(column: Column) -> bool:
    return column.names in (None, Target.LOT)


def _pattern(file: File, column: Column) -> str:
    """The column's pattern; an id must not look like one of another kind."""
    if column.kind is not Kind.ID:
        return column.pattern
    others = "|".join(prefix for prefix in sorted(PREFIXES) if prefix != file.prefix)
    return f"^(?!{others})" + column.pattern.removeprefix("^")


def _other_ids(import_id: str, file: File) -> Select[Any]:
    """Rows whose key is that of a record with another id: an id never changes."""
    held = id_by_key(file)
    return (
        select(
            import_rows.c.line.label("line"),
            literal("id", String).label("name"),
            cell(file, "id").label("value"),
            (literal("is not the id it has here: ", String) + held).label("problem"),
        )
        .where(*staged(import_id, file), cell(file, "id") != held)
        .order_by(import_rows.c.line)
    )


def _same_records(import_id: str, file: File) -> Select[Any]:
    """Rows about the record of an earlier row, where one names it by id, the other by its key."""
    rows = (
        select(import_rows.c.line, cell(file, "id").label("value"), existing_id(file).label("id"))
        .where(*staged(import_id, file))
        .cte("rows")
    )
    one = rows.c.id
    compared = (
        select(
            rows.c.line,
            rows.c.value,
            func.min(rows.c.line).over(partition_by=one).label("first"),
            func.count().over(partition_by=one).label("all"),
            func.count(rows.c.value).over(partition_by=one).label("by_id"),
        )
        .where(rows.c.id.is_not(None))
        .subquery()
    )
    seen = compared.c
    return (
        select(
            seen.line,
            literal("id", String).label("name"),
            func.coalesce(seen.value, "").label("value"),
            (literal("is about the same record as line ", String) + cast(seen.first, String)).label(
                "problem"
            ),
        )
        .where(seen.by_id.between(1, seen.all - 1), seen.line > seen.first)
        .order_by(seen.line)
    )


def _unknown(import_id: str, file: File, column: Column) -> Select[Any]:
    assert column.names is not None, "the column names something"
    place = file.position("locationCode") if column.names is Target.BIN else None
    position = file.position(column.name)
    return _told(
        func.import_unknown(import_id, file.name, position, column.name, column.names.value, place)
    )


def _told(found: Any) -> Select[Any]:
    rows = found.table_valued("line", "name", "value", "problem")
    value = func.left(rows.c.value, VALUE_MAX + 1).label("value")
    return select(rows.c.line, rows.c.name, value, rows.c.problem).order_by(rows.c.line)


def _texts(values: list[str]) -> Any:
    return bindparam(None, values, type_=ARRAY(Text))


def _integers(values: list[int]) -> Any:
    return bindparam(None, values, type_=ARRAY(Integer))
