"""Statements that bring reference data into line with a staged file, all of its rows at once.

They run in this order: `resolve`, `make`, `adopt` (for trees), `keep_former`, `change`. A column
that the file does not have is left as it is; an empty cell gives the column's default.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Insert,
    Numeric,
    Select,
    Text,
    TextClause,
    Update,
    and_,
    bindparam,
    cast,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from models.base import metadata, texts, this_tenant
from models.catalog import categories, products
from models.channels import channels
from models.imports.format import Column, File, Kind, Target
from models.imports.tables import import_rows
from models.locations import bins, locations
from models.supply import vendors

COLUMNS_MAX = 500  # of one file
Header = Collection[str]  # the names of the file's columns, in the order of the file

_TYPES: Mapping[Kind, Any] = {
    Kind.QUANTITY: Numeric,
    Kind.POSITIVE: Numeric,
    Kind.SHARE: Numeric,
    Kind.WHOLE: BigInteger,
    Kind.PRIORITY: BigInteger,
    Kind.FLAG: Boolean,
    Kind.DATE: Date,
}
_rows = import_rows.c


def loops(*, allowed: bool) -> TextClause:
    """Whether joins may be loops until the transaction ends.

    Of rows that this transaction has made the planner knows nothing: a loop that it plans for the
    two products of before reads all staged rows for each of a million.
    """
    value = "on" if allowed else "off"
    return text("select set_config('enable_nestloop', :value, true)").bindparams(value=value)


def resolve(import_id: str, file: File) -> Update:
    """Note each row's record: the one there is (by id, else by key), or a new one and its id."""
    found = (
        select(_rows.line, existing_id(file).label("id")).where(*staged(import_id, file)).subquery()
    )
    new_id = (
        literal(file.prefix)
        + select(func.import_time_part()).scalar_subquery()
        + func.import_random_part()
    )
    given = cell(file, "id" if file.prefix else "code")
    return (
        update(import_rows)
        .where(*staged(import_id, file), _rows.line == found.c.line)
        .values(
            record_id=func.coalesce(found.c.id, given, new_id if file.prefix else None),
            made=found.c.id.is_(None),
        )
    )


def make(import_id: str, file: File, header: Header) -> Insert:
    """Insert the records that are new; those of a tree stand at its root at first."""
    table = _table(file)
    values: dict[str, Any] = {"id": _rows.record_id, **_values(file, header)}
    if "path" in table.c:
        values["path"] = array([_rows.record_id])
        values.pop("parent_id", None)
    if file.keeps_others:
        values["attributes"] = _attributes(file, header)
    chosen = select(*(value.label(name) for name, value in values.items())).where(
        *staged(import_id, file), _rows.made
    )
    return insert(table).from_select(list(values), chosen.order_by(_rows.line))


def adopt(import_id: str, file: File) -> Update:
    """Give the new records of a tree their parents, which may be new themselves."""
    table = _table(file)
    parent = next(column for column in file.columns if column.stored == "parent_id")
    return (
        update(table)
        .where(
            table.c.tenant_id == this_tenant(),
            *staged(import_id, file),
            _rows.made,
            _rows.record_id == table.c.id,
        )
        .values(parent_id=_value(file, parent))
    )


def refresh_paths() -> Select[tuple[None]]:
    """Set the paths of both trees to what their parents say."""
    return select(func.import_refresh_paths())


def keep_former(import_id: str, file: File, header: Header) -> Insert:
    """Copy the records that the file changes to their history, ended at this moment."""
    table = _table(file)
    history = metadata.tables[f"{table.name}_history"]
    former = select(*table.c, func.stock_now()).where(*_differing(import_id, file, header))
    return insert(history).from_select([*(c.name for c in table.c), "valid_to"], former)


def change(import_id: str, file: File, header: Header) -> Update:
    """Set what differs from the file, and raise those records' versions."""
    table = _table(file)
    values = _changed_values(file, header)
    moved: dict[str, Any] = {"version": table.c.version + 1, "updated_at": func.stock_now()}
    if table.info["history"]:
        moved["valid_from"] = func.stock_now()
    return update(table).where(*_differing(import_id, file, header)).values(**values, **moved)


def lines_of(import_id: str, file: File, record_ids: list[str]) -> Select[tuple[int, str]]:
    """The lines that are about these records."""
    return (
        select(_rows.line, _rows.record_id)
        .where(*staged(import_id, file), _rows.record_id == func.any(texts(record_ids)))
        .order_by(_rows.line)
    )


def bins_of_new_type(import_id: str, file: File) -> Select[tuple[str]]:
    """The bins whose type the file changes."""
    given = cell(file, "type")
    return (
        select(bins.c.id)
        .where(bins.c.tenant_id == this_tenant(), *staged(import_id, file))
        .where(_rows.made.is_(False), _rows.record_id == bins.c.id)
        .where(bins.c.type != func.coalesce(given, "STANDARD"))
    )


def counts(import_id: str, file: File) -> Select[Any]:
    """How many rows are staged, and how many of them made a record."""
    made: ColumnElement[Any] = func.count().filter(_rows.made)
    total: ColumnElement[Any] = func.count()
    chosen: Select[Any] = select(total.label("rows"), made.label("made"))
    return chosen.where(*staged(import_id, file))


def cell(file: File, name: str, rows: FromClause = import_rows) -> ColumnElement[Any]:
    """The text of a cell; null when it is empty or the file has no such column."""
    content = cast(rows.c.cells[file.position(name)], Text)
    return func.nullif(content, "")


def staged(import_id: str, file: File) -> list[ColumnElement[bool]]:
    """What selects the staged rows of a file."""
    return [
        _rows.tenant_id == this_tenant(),
        _rows.import_id == import_id,
        _rows.file == file.name,
    ]


def id_by_key(file: File) -> ColumnElement[Any]:
    """The id of the record that has the row's key, or null."""
    table = _table(file)
    mine = table.c.tenant_id == this_tenant()
    if file.prefix is None:
        return _one(select(table.c.id).where(mine, table.c.id == cell(file, "code")))
    keys = [file.column(name) for name in file.key]
    return _one(
        select(table.c.id).where(mine, *(_same(table, file, column) for column in keys)).limit(1)
    )


def _table(file: File) -> Any:
    assert file.table is not None, f"{file.name} holds records"
    return file.table


def existing_id(file: File) -> ColumnElement[Any]:
    """The id of the record that the row is about, by its id or else by its key; null when new."""
    table = _table(file)
    if file.prefix is None:
        return id_by_key(file)
    mine = table.c.tenant_id == this_tenant()
    by_id = _one(select(table.c.id).where(mine, table.c.id == cell(file, "id")))
    return func.coalesce(by_id, id_by_key(file))


def _same(table: Any, file: File, column: Column) -> ColumnElement[bool]:
    assert column.stored is not None, "a key is stored"
    stored, value = table.c[column.stored], _value(file, column)
    condition: ColumnElement[bool] = (
        stored == value if column.required else stored.is_not_distinct_from(value)
    )
    return condition


def _one(statement: Select[Any]) -> ColumnElement[Any]:
    return statement.correlate(import_rows).scalar_subquery()


def _differing(import_id: str, file: File, header: Header) -> list[ColumnElement[bool]]:
    table = _table(file)
    values = _changed_values(file, header)
    return [
        table.c.tenant_id == this_tenant(),
        *staged(import_id, file),
        _rows.made.is_(False),
        _rows.record_id == table.c.id,
        or_(*(table.c[name].is_distinct_from(value) for name, value in values.items())),
    ]


def _changed_values(file: File, header: Header) -> Mapping[str, ColumnElement[Any]]:
    values = _values(file, header)
    if file.keeps_others and _others(file, header):
        values["attributes"] = _attributes(file, header, _table(file).c.attributes)
    return values


def _values(file: File, header: Header) -> dict[str, ColumnElement[Any]]:
    """What each stored column of the file sets, by the table's column."""
    values = {}
    for column in file.columns:
        if column.stored is None or column.name not in header:
            continue
        stored = _table(file).c[column.stored]
        value = _value(file, column)
        if stored.server_default is not None and not stored.nullable:
            default: Any = stored.server_default.arg
            value = func.coalesce(value, literal_column(str(default)))
        values[column.stored] = value
    return values


def _value(file: File, column: Column) -> ColumnElement[Any]:
    content = cell(file, column.name)
    if column.names is not None:
        return _named(file, column)
    if column.kind is Kind.CONTEXTS:
        return func.string_to_array(content, ";")
    return cast(content, _TYPES[column.kind]) if column.kind in _TYPES else content


def _named(file: File, column: Column) -> ColumnElement[Any]:
    """The id of what the cell names by its code."""
    code = cell(file, column.name)
    match column.names:
        case Target.CATEGORY:
            return _by_code(categories, categories.c.code, code)
        case Target.PRODUCT:
            return _by_code(products, products.c.sku, code)
        case Target.LOCATION:
            return _by_code(locations, locations.c.code, code)
        case Target.BIN:
            place = _named(file, file.column("locationCode"))
            return _by_code(bins, bins.c.code, code, bins.c.location_id == place)
        case Target.VENDOR:
            return _by_code(vendors, vendors.c.code, code)
        case Target.CHANNEL:
            return _by_code(channels, channels.c.id, code)
    raise AssertionError(f"{file.name} holds no {column.names}")


def _by_code(
    table: Any, column: ColumnElement[Any], code: ColumnElement[Any], *more: ColumnElement[bool]
) -> ColumnElement[Any]:
    return _one(
        select(table.c.id).where(and_(table.c.tenant_id == this_tenant(), column == code, *more))
    )


def _others(file: File, header: Header) -> list[str]:
    known = {column.name for column in file.columns}
    return [name for name in header if name not in known]


def _attributes(file: File, header: Header, former: Any = None) -> ColumnElement[Any]:
    """The former attributes, with the columns that the format does not name in place."""
    names = bindparam(None, _others(file, header), type_=ARRAY(Text))
    start = literal_column("'{}'::jsonb") if former is None else former
    return func.import_attributes(start, names, _rows.cells, len(file.columns) + 1)
