"""Statements that any versioned table with a tenant and an id needs."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Delete,
    Insert,
    Select,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from models.base import Key, metadata, recordset, texts, texts_named, this_tenant
from models.bound import Bound


def now() -> Select[Any]:
    """The moment that the clock of rules shows."""
    return select(func.stock_now())


def get(table: Table, id: str) -> Bound:
    """The row with this id."""
    return Bound(_get(table), {"id": id})


def get_locked(table: Table, id: str) -> Bound:
    """The row with this id, locked until the transaction ends; what points at it may be made."""
    return Bound(_get_locked(table), {"id": id})


def by_ids(table: Table, ids: Iterable[str]) -> Bound:
    """The rows with these ids, in no order; those that are missing are left out."""
    return Bound(_by_ids(table), {"ids": list(ids)})


@cache
def _get(table: Table) -> Select[Any]:
    return select(table).where(
        table.c.tenant_id == this_tenant(), table.c.id == bindparam("id", type_=Key)
    )


@cache
def _get_locked(table: Table) -> Select[Any]:
    return _get(table).with_for_update(key_share=True)


@cache
def _by_ids(table: Table) -> Select[Any]:
    return select(table).where(
        table.c.tenant_id == this_tenant(), table.c.id == func.any(texts_named("ids"))
    )


def add(table: Table, values: Mapping[str, Any]) -> Insert:
    """Insert one row and give it back whole."""
    return insert(table).values(**values).returning(*table.c)


def add_all(table: Table, rows: Sequence[Mapping[str, Any]]) -> Insert:
    """Insert rows with the same columns, and give them back whole, in no order."""
    told = recordset("told", rows, *(table.c[name] for name in rows[0]))
    return insert(table).from_select(list(rows[0]), select(*told.c)).returning(*table.c)


def keep(table: Table, *ids: str) -> Insert:
    """Copy rows to their history as they are now, ended at this moment."""
    history = metadata.tables[f"{table.name}_history"]
    names = [column.name for column in table.c]
    old = select(*table.c, func.stock_now()).where(
        table.c.tenant_id == this_tenant(), table.c.id == func.any(texts(ids))
    )
    return insert(history).from_select([*names, "valid_to"], old)


def change(table: Table, id: str, values: Mapping[str, Any]) -> Update:
    """Set these columns, raise the version, and give the row back whole."""
    moved: dict[str, Any] = {"version": table.c.version + 1, "updated_at": func.stock_now()}
    if table.info["history"]:
        moved["valid_from"] = func.stock_now()
    return (
        update(table)
        .where(table.c.tenant_id == this_tenant(), table.c.id == id)
        .values(**moved, **values)
        .returning(*table.c)
    )


def change_all(table: Table, ids: Sequence[str], values: Mapping[str, Any]) -> Update:
    """Set these columns of rows without history, raise their versions, and give them back whole."""
    return (
        update(table)
        .where(table.c.tenant_id == this_tenant(), table.c.id == func.any(texts(ids)))
        .values(version=table.c.version + 1, updated_at=func.stock_now(), **values)
        .returning(*table.c)
    )


def remove(table: Table, id: str) -> Delete:
    """Delete the row."""
    return delete(table).where(table.c.tenant_id == this_tenant(), table.c.id == id)


def lock_whole(table: Table) -> Select[Any]:
    """Wait until nobody else holds this lock of the tenant's table, and hold it until the end.

    For rules that look at several rows; who changes the table in other ways does not wait.
    """
    key = func.hashtextextended(cast(this_tenant(), Text) + table.name, 0)
    return select(func.pg_advisory_xact_lock(key))


def move_branch(table: Table, id: str, above: Sequence[str]) -> Update:
    """Set the paths of a node and of all below it, now that the node stands under `above`."""
    path = table.c.path
    rest = path[func.array_position(path, literal(id, Key)) : func.cardinality(path)]
    return (
        update(table)
        .where(table.c.tenant_id == this_tenant(), literal(id, Key) == func.any(path))
        .values(path=func.array_cat(cast(list(above), path.type), rest))
    )


def height(table: Table, id: str) -> Select[Any]:
    """How many levels a node and what is below it have."""
    path = table.c.path
    place = func.array_position(path, literal(id, Key))
    return select(func.max(func.cardinality(path) - place + 1)).where(
        table.c.tenant_id == this_tenant(), literal(id, Key) == func.any(path)
    )


def uses(id: str, pointers: Mapping[str, tuple[Table, str]]) -> Select[Any]:
    """For each name how many rows of its table point at this id with its column."""
    return select(
        *(
            select(func.count())
            .where(table.c.tenant_id == this_tenant(), table.c[name] == id)
            .scalar_subquery()
            .label(label)
            for label, (table, name) in pointers.items()
        )
    )
