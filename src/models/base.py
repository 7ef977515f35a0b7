"""How a table is written here: tenant first, exact numbers, C-ordered text, history on request.

Rules that keep the schema fit for sharding by tenant: `tenant_id` stands first in every primary,
unique and foreign key; no triggers; deletes are RESTRICT or CASCADE only.
"""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_1_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Ordered by bytes, so that a keyset cursor means the same on every server and locale.
Key = Text(collation="C")
Quantity = Numeric(18, 6)
Money = Numeric(18, 6)
Instant = TIMESTAMP(timezone=True)

# Tables without row security, and why each may be. The application's role has no right on any of
# them: it reaches them through the SECURITY DEFINER functions of models/security.sql only.
UNSECURED = {
    "tenants": "which tenants there are; needed before a tenant is known",
    "api_key_directory": "from a key's hash to its tenant; needed before a tenant is known",
    "product_search": "keeps its trigram index only without row security; holds no payload",
    "alembic_version": "the schema's version",
}

# Set by the session for the length of each statement; no other code may.
session_tenant: ContextVar[UUID] = ContextVar("session_tenant")


def this_tenant() -> BindParameter[UUID]:
    """The session's tenant, for a statement's own `tenant_id = …`.

    Row security holds without it; the planner (and one day the shard router) needs it.
    """
    return bindparam("this_tenant", callable_=session_tenant.get, type_=Uuid)


def texts(values: Sequence[str]) -> BindParameter[Any]:
    """The texts as one array, so that the statement is the same for any number of them."""
    return bindparam(None, list(values), type_=_TEXTS)


def recordset(name: str, rows: Sequence[Mapping[str, Any]], *columns: ColumnElement[Any]) -> Any:
    """The rows as a table with columns named and typed like these, whatever their number.

    They travel as one JSON value, so that the statement is the same for any number of rows.
    """
    names = [str(column.key) for column in columns]
    given = [{name: row.get(name) for name in names} for row in rows]
    return (
        func.jsonb_to_recordset(bindparam(None, given, type_=JSONB))
        .table_valued(*(column(str(one.key), one.type) for one in columns))
        .render_derived(name=name, with_types=True)
    )


def texts_named(name: str) -> BindParameter[Any]:
    """An array of texts whose value comes with each run of the statement."""
    return bindparam(name, type_=_TEXTS)


def required(name: str, type_: Any, default: str | None = None) -> Column[Any]:
    """A column that always has a value."""
    return Column(name, type_, nullable=False, server_default=text(default) if default else None)


def optional(name: str, type_: Any) -> Column[Any]:
    """A column that may truly be absent."""
    return Column(name, type_, nullable=True)


def created_at() -> Column[Any]:
    """When the row was made, by the clock that tests may turn."""
    return required("created_at", Instant, "stock_now()")


def updated_at() -> Column[Any]:
    """When the row was last changed."""
    return required("updated_at", Instant, "stock_now()")


def version() -> Column[Any]:
    """The optimistic version: 1 when made, one more with each change."""
    return required("version", BigInteger, "1")


def to(table: str, *columns: str, target: Sequence[str] = ("id",)) -> ForeignKeyConstraint:
    """A foreign key within the tenant; the last columns are the ones that point."""
    return ForeignKeyConstraint(
        ["tenant_id", *columns], [f"{table}.tenant_id", *(f"{table}.{name}" for name in target)]
    )


def tenant_table(  # noqa: PLR0913 - the options of a table
    name: str,
    *items: SchemaItem,
    key: Sequence[str] = ("id",),
    reference: bool = False,
    history: bool = False,
    fillfactor: int | None = None,
    rooted: bool = True,
    history_by: Sequence[str] = (),
) -> Table:
    """A table whose rows belong to one tenant each, under forced row security.

    With `reference`, a write raises the tenant's reference version when its transaction commits.
    With `history`, `<name>_history` keeps every former row with `valid_from` and `valid_to`
    (recorded time); the row itself then carries `valid_from`. `history_by` are columns by which
    former rows are looked up. One that is not `rooted` has no key to its tenant either: for rows
    that come by the million and go again.
    """
    if history:
        items = (*items, required("valid_from", Instant, "stock_now()"))
    options: dict[str, Any] = {"postgresql_with": {"fillfactor": fillfactor}} if fillfactor else {}
    table: Table = Table(
        name,
        metadata,
        Column("tenant_id", Uuid, nullable=False, server_default=_TENANT),
        *items,
        PrimaryKeyConstraint("tenant_id", *key),
        *(_roots(name, items) if rooted else ()),
        info={"reference": reference, "history": history},
        **options,
    )
    if history:
        _history_table(table, key, history_by)
    return table


def unique(name: str, *columns: str, where: str | None = None, nulls_equal: bool = False) -> Index:
    """A unique index within the tenant."""
    return Index(
        name,
        "tenant_id",
        *columns,
        unique=True,
        postgresql_where=text(where) if where else None,
        postgresql_nulls_not_distinct=nulls_equal or None,
    )


def at_least_zero(column: str) -> CheckConstraint:
    """The net under the service's own check; to PostgreSQL NaN is above every number."""
    return CheckConstraint(
        f"{column} >= 0 and {column} <> 'NaN'::numeric", name=f"{column}_not_negative"
    )


_TEXTS: Any = ARRAY(Key)
_TENANT = text("nullif(current_setting('app.tenant_id', true), '')::uuid")


def _roots(name: str, items: Sequence[SchemaItem]) -> list[ForeignKeyConstraint]:
    """The key to tenants, for tables that point at no other tenant table."""
    keys = (item for item in items if isinstance(item, ForeignKeyConstraint))
    if any(not key.elements[0].target_fullname.startswith(f"{name}.") for key in keys):
        return []
    return [ForeignKeyConstraint(["tenant_id"], ["tenants.id"])]


def _history_table(table: Table, key: Sequence[str], by: Sequence[str]) -> None:
    name = f"{table.name}_history"
    columns = [Column(c.name, c.type, nullable=c.nullable) for c in table.columns]
    Table(
        name,
        metadata,
        *columns,
        required("valid_to", Instant),
        PrimaryKeyConstraint("tenant_id", *key, "version", "valid_from"),
        ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),
        *((Index(f"ix_{name}_{by[0]}", "tenant_id", *by),) if by else ()),
        info={"reference": False, "history": False},
    )
