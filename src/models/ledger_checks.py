"""The last check of each tenant's ledger, and the statements that make one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert
from sqlalchemy.sql.dml import ReturningInsert

from models.base import Instant, optional, required, tenant_table, this_tenant

# One row a tenant. `report` holds a list: name, drift, worst. Whoever is about to check says so by
# `claimed_at`; the last report stays until there is a new one.
ledger_checks = tenant_table(
    "ledger_checks",
    required("claimed_at", Instant),
    optional("checked_at", Instant),
    optional("milliseconds", Integer),
    optional("report", JSONB),
    key=(),
)

# Each is a function of the database: ledger_check_<name>.
CHECKS = (
    "balances",
    "sequences",
    "quantities",
    "postings",
    "levels",
    "reserved",
    "reservations",
    "quotas",
    "holds",
    "outbox",
    "numbers",
    "seals",
)


def drift(check: str, worst: int) -> Select[Any]:
    """How much has drifted by one of the checks, and the worst of it."""
    assert check in CHECKS, "the name becomes that of a function"
    found = getattr(func, f"ledger_check_{check}")().table_valued("id", "kept", "derived", "size")
    place = func.row_number().over(order_by=(found.c.size.desc(), found.c.id))
    ranked = select(found, place.label("place")).subquery()
    row: Any = func.jsonb_build_object(
        "id", ranked.c.id, "kept", ranked.c.kept, "derived", ranked.c.derived
    )
    examples = func.jsonb_agg(row).filter(ranked.c.place <= worst)
    count: ColumnElement[Any] = func.count()
    return select(
        count.label("drift"),
        func.coalesce(examples, literal_column("'[]'::jsonb")).label("worst"),
    ).select_from(ranked)


def now() -> Select[tuple[datetime]]:
    """The moment of the transaction."""
    return select(func.stock_now())


def claim(now: datetime, older_than: timedelta) -> ReturningInsert[Any]:
    """Take the check of the tenant's ledger on: a row, unless somebody has done so since.

    One that was taken on and never ended may be taken on again when it is older than this.
    """
    return (
        insert(ledger_checks)
        .values(claimed_at=now)
        .on_conflict_do_update(
            index_elements=["tenant_id"],
            set_={"claimed_at": now},
            where=ledger_checks.c.claimed_at <= now - older_than,
        )
        .returning(ledger_checks.c.claimed_at)
    )


def last() -> Select[Any]:
    """The last check that has ended."""
    mine = ledger_checks.c.tenant_id == this_tenant()
    return select(ledger_checks).where(mine, ledger_checks.c.checked_at.is_not(None))


def keep(checked_at: datetime, milliseconds: int, report: Sequence[Any]) -> Insert:
    """Keep a check in place of the last."""
    values = {
        "claimed_at": checked_at,
        "checked_at": checked_at,
        "milliseconds": milliseconds,
        "report": report,
    }
    return (
        insert(ledger_checks)
        .values(**values)
        .on_conflict_do_update(index_elements=["tenant_id"], set_=values)
    )
