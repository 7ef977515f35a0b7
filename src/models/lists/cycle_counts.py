"""The lists of cycle counts and of their lines."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from models.base import texts, this_tenant
from models.counting import lines_now
from models.cycle_counts import count_lines, cycle_counts
from models.lists.listing import Listing, between, is_, one_of, words
from models.locations import locations

_count, _line, _now = cycle_counts.c, count_lines.c, lines_now.c


def _counts(product_ids: Sequence[str]) -> ColumnElement[bool]:
    """That one of its lines is of one of these products."""
    return (
        select(_line.id)
        .where(
            _line.tenant_id == this_tenant(),
            _line.count_id == _count.id,
            _line.product_id == func.any(texts(product_ids)),
        )
        .exists()
    )


_assigned: Any = _count.assigned_to["id"].astext

CYCLE_COUNTS = Listing(
    rows=select(
        cycle_counts,
        locations.c.name.label("location_name"),
        _assigned.label("assigned_to_id"),
        _count.assigned_to["name"].astext.label("assigned_to_name"),
        _count.created_by["id"].astext.label("created_by_id"),
        _count.created_by["name"].astext.label("created_by_name"),
    )
    .select_from(
        cycle_counts.outerjoin(
            locations,
            and_(locations.c.tenant_id == this_tenant(), locations.c.id == _count.location_id),
        )
    )
    .where(_count.tenant_id == this_tenant()),
    id=[_count.id],
    orders={
        "id": [],
        "created_at": [_count.created_at],
        "count_date": [_count.count_date],
        "number": [_count.number],
    },
    filters={
        "id_in": one_of(_count.id),
        "number_in": one_of(_count.number),
        "status_in": one_of(_count.status),
        "type_in": one_of(_count.type),
        "location_id_in": one_of(_count.location_id),
        "assigned_to_in": one_of(_assigned),
        "product_id_in": _counts,
        "blind": is_(_count.blind),
        "search": words(_count.number, _count.notes),
        "count_date": between(_count.count_date),
        "created_at": between(_count.created_at),
    },
    parents={"location_id": _count.location_id},
)

COUNT_LINES = Listing(
    rows=select(lines_now).where(_now.tenant_id == this_tenant()),
    id=[_now.id],
    orders={"id": [], "counted_at": [_now.counted_at], "walk": [_now.count_id, _now.ordinal]},
    filters={
        "id_in": one_of(_now.id),
        "count_id_in": one_of(_now.count_id),
        "status_in": one_of(_now.status),
        "product_id_in": one_of(_now.product_id),
        "location_id_in": one_of(_now.location_id),
        "bin_id_in": one_of(_now.bin_id),
        "lot_id_in": one_of(_now.lot_id),
        "resolution_in": one_of(_now.resolution),
        "within_tolerance": is_(_now.within_tolerance),
        "counted_at": between(_now.counted_at),
    },
)
