"""Statements of counting: lines with what they are compared with, and what becomes of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Insert,
    Integer,
    MetaData,
    Numeric,
    Select,
    Table,
    Text,
    Update,
    Uuid,
    and_,
    case,
    distinct,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from models.base import Instant, Key, Money, Quantity, recordset, texts, this_tenant
from models.cycle_counts import count_lines, count_takes, cycle_counts

MAKE_LINES = "select count_make_lines($1, $2, $3, $4::text[], $5::text[], $6, $7)"
SAVED_MAX = 10_000  # numbers of one request
SET_COUNTED = "select stock_set_counted($1::text[], $2::timestamptz[])"

_TEXTS = ("product_id", "location_id", "count_id", "id", "status", "sku", "product_name")
_PERHAPS = (
    "inventory_item_id",
    "bin_id",
    "lot_id",
    "abc_class",
    "notes",
    "resolution",
    "reason_code_id",
    "comment",
    "posting_id",
    "bin_code",
    "lot_number",
    "assigned_to_id",
)

lines_now = Table(
    "count_lines_now",
    MetaData(),
    Column("tenant_id", Uuid, nullable=False),
    *(Column(name, Key, nullable=False) for name in _TEXTS),
    *(Column(name, Key) for name in _PERHAPS),
    Column("unit_of_measure", Text, nullable=False),
    Column("count_status", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("count_times", Integer, nullable=False),
    *(Column(name, Boolean, nullable=False) for name in ("is_strict", "blind")),
    Column("within_tolerance", Boolean),
    *(Column(name, Quantity) for name in ("counted_qty", "resolved_qty", "variance")),
    *(Column(name, Quantity, nullable=False) for name in ("book", "present", "quantity_step")),
    Column("cost", Money, nullable=False),
    *(
        Column(name, Instant)
        for name in ("counted_at", "resolved_at", "approved_at", "last_counted_at")
    ),
    *(Column(name, JSONB) for name in ("counted_by", "resolved_by", "approved_by")),
)

_line, _now, _take = count_lines.c, lines_now.c, count_takes.c
_ours = _now.tenant_id == this_tenant()


def lines_of(count_ids: Sequence[str]) -> Select[Any]:
    """All lines of these counts with what each is compared with, in walking order."""
    return (
        select(lines_now)
        .where(_ours, _now.count_id == func.any(texts(count_ids)))
        .order_by(_now.count_id, _now.ordinal)
    )


def totals_of(count_ids: Sequence[str]) -> Select[Any]:
    """For each of these counts how many lines were counted and differ, and what it comes to.

    Only lines with a number are compared; those that nobody counted make no difference.
    """
    counted = _now.counted_qty.is_not(None)
    value = _now.variance * _now.cost
    return (
        select(
            _now.count_id,
            func.count().filter(counted).label("counted"),
            func.count().filter(_now.variance != 0).label("varied"),
            func.count().filter(_now.within_tolerance).label("within"),
            func.count().filter(_now.within_tolerance.is_not(None)).label("judged"),
            *(
                func.coalesce(func.sum(number, type_=Numeric()).filter(counted), 0).label(name)
                for name, number in (
                    ("net_value", value),
                    ("absolute_value", func.abs(value)),
                    ("shrinkage_value", func.greatest(-value, 0)),
                    ("expected", _now.book),
                    ("off", func.abs(_now.variance)),
                )
            ),
        )
        .where(_ours, _now.count_id == func.any(texts(count_ids)))
        .group_by(_now.count_id)
    )


def lines_by_ids(ids: Sequence[str]) -> Select[Any]:
    """These lines with what each is compared with, in no order."""
    return select(lines_now).where(_ours, _now.id == func.any(texts(ids)))


def save_counts(rows: Sequence[Mapping[str, Any]]) -> Update:
    """Write numbers down: rows have `id`, `counted_qty`, `counted_at`, `counted_by`, `notes`."""
    names = ("id", "counted_qty", "counted_at", "counted_by", "notes")
    told = recordset("told", rows, *(_line[name] for name in names))
    return (
        update(count_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == told.c.id)
        .values(
            status="COUNTED",
            count_times=_line.count_times + 1,
            notes=func.coalesce(told.c.notes, _line.notes),
            within_tolerance=None,
            approved_by=None,
            approved_at=None,
            **{name: told.c[name] for name in names[1:4]},
        )
    )


def keep_takes(rows: Sequence[Mapping[str, Any]]) -> Insert:
    """Keep numbers that were written down; rows are those of `save_counts`, saved before."""
    names = ("id", "counted_qty", "counted_at", "counted_by", "notes")
    told = recordset("told", rows, *(_line[name] for name in names))
    saved = select(
        told.c.id,
        _line.count_times,
        told.c.counted_qty,
        told.c.counted_at,
        told.c.counted_by,
        told.c.notes,
    ).join(count_lines, and_(_line.tenant_id == this_tenant(), _line.id == told.c.id))
    columns = ["line_id", "ordinal", "quantity", "counted_at", "counted_by", "notes"]
    return insert(count_takes).from_select(columns, saved)


def takes_of(line_ids: Sequence[str]) -> Select[Any]:
    """Every number that was written down for these lines, in order."""
    return (
        select(
            count_takes,
            _take.counted_by["id"].astext.label("actor_id"),
            _take.counted_by["name"].astext.label("actor_name"),
        )
        .where(_take.tenant_id == this_tenant(), _take.line_id == func.any(texts(line_ids)))
        .order_by(_take.line_id, _take.ordinal)
    )


def guesses(line_ids: Sequence[str]) -> Select[Any]:
    """For each line how many different numbers were tried of its bucket since it was last counted.

    In all counts: who may not read stock could find it out by trying.
    """
    other = count_lines.alias("other")
    return (
        select(_now.id, func.count(distinct(_take.quantity)).label("numbers"))
        .join(
            other,
            and_(
                other.c.tenant_id == this_tenant(),
                other.c.product_id == _now.product_id,
                other.c.location_id == _now.location_id,
                other.c.bin_id.is_not_distinct_from(_now.bin_id),
                other.c.lot_id.is_not_distinct_from(_now.lot_id),
            ),
        )
        .join(count_takes, and_(_take.tenant_id == this_tenant(), _take.line_id == other.c.id))
        .where(
            _ours,
            _now.id == func.any(texts(line_ids)),
            or_(_now.last_counted_at.is_(None), _take.created_at > _now.last_counted_at),
        )
        .group_by(_now.id)
    )


def set_statuses(rows: Sequence[Mapping[str, Any]]) -> Update:
    """Set states of lines: rows have `id`, `status` and `within_tolerance`."""
    told = recordset("told", rows, _line.id, _line.status, _line.within_tolerance)
    return (
        update(count_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == told.c.id)
        .values(status=told.c.status, within_tolerance=told.c.within_tolerance)
    )


def recount(ids: Sequence[str]) -> Update:
    """Have these lines counted again; who counted them before is kept."""
    return (
        update(count_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == func.any(texts(ids)))
        .values(
            status="RECOUNT_REQUIRED",
            counted_qty=None,
            counted_at=None,
            within_tolerance=None,
            approved_by=None,
            approved_at=None,
        )
    )


def reopen(count_id: str) -> Update:
    """Take back what completing a count said of its lines; decisions stand."""
    return (
        update(count_lines)
        .where(
            _line.tenant_id == this_tenant(),
            _line.count_id == count_id,
            _line.status.in_(("SKIPPED", "WITHIN_TOLERANCE", "COUNTED")),
        )
        .values(
            status=case((_line.counted_qty.is_(None), "PENDING"), else_="COUNTED"),
            within_tolerance=None,
        )
    )


_RESOLVED = (
    "inventory_item_id",
    "expected_qty",
    "resolved_qty",
    "unit_cost",
    "within_tolerance",
    "resolution",
    "reason_code_id",
    "comment",
    "posting_id",
)


def resolve(rows: Sequence[Mapping[str, Any]], resolved_by: Mapping[str, str]) -> Update:
    """Keep decisions on lines; rows have their `id` and what was decided."""
    told = recordset("told", rows, _line.id, *(_line[name] for name in _RESOLVED))
    return (
        update(count_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == told.c.id)
        .values(
            status="RESOLVED",
            resolved_by=resolved_by,
            resolved_at=func.stock_now(),
            **{name: told.c[name] for name in _RESOLVED},
        )
    )


def approve(ids: Sequence[str], approved_by: Mapping[str, str]) -> Update:
    """Keep that somebody approves what these lines differ by."""
    return (
        update(count_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == func.any(texts(ids)))
        .values(approved_by=approved_by, approved_at=func.stock_now())
    )


def set_line_count(count_id: str, line_count: int) -> Update:
    """Keep how many lines a new count has, and give its row."""
    count = cycle_counts.c
    return (
        update(cycle_counts)
        .where(count.tenant_id == this_tenant(), count.id == count_id)
        .values(line_count=line_count)
        .returning(*count)
    )


def last_ordinal(count_id: str) -> Select[Any]:
    """The ordinal of the last line of a count."""
    return select(func.coalesce(func.max(_line.ordinal), 0)).where(
        _line.tenant_id == this_tenant(), _line.count_id == count_id
    )
