"""What is to come and to go at places, by days from today, from the views of sql/ahead.sql.

Days are counted by the tenant's calendar; what arrives counts from tomorrow on.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    table,
    union_all,
)

from models.base import Key, Quantity, texts, this_tenant
from models.channels import channel_policies, counts_at
from models.lists.stock import item_quantities
from models.lots import lots


def _dated(name: str) -> Any:
    return table(
        name,
        column("tenant_id", Uuid),
        *(column(key, Key) for key in ("location_id", "product_id")),
        column("day", Integer),
        column("quantity", Quantity),
    )


_promised, supply, _planned = (
    _dated(name) for name in ("promised_ahead", "supply_ahead", "planned_demand")
)


def today() -> Select[Any]:
    """The tenant's day."""
    return select(func.stock_today(type_=Date))


def promised_at(location: ColumnElement[Any], product: ColumnElement[Any]) -> ColumnElement[Any]:
    """What is promised for later days at the place of an outer row, as [[day, units], …]."""
    return _listed(_promised, location, product)


def supply_at(location: ColumnElement[Any], product: ColumnElement[Any]) -> ColumnElement[Any]:
    """What arrives at the place of an outer row, as [[day, units], …].

    Only where something is promised for later, or some policy counts it in promises for now.
    """
    policy, row = channel_policies.c, _promised.c
    is_counted = (
        select(policy.id)
        .where(policy.tenant_id == this_tenant(), policy.include_inbound, counts_at(policy))
        .exists()
    )
    is_promised = select(row.day).where(*_at(_promised, location, product)).exists()
    return _listed(supply, location, product, or_(is_counted, is_promised))


def _at(source: Any, location: ColumnElement[Any], product: ColumnElement[Any]) -> list[Any]:
    row = source.c
    return [
        row.tenant_id == this_tenant(),
        row.location_id == location,
        row.product_id == product,
    ]


def _listed(
    source: Any, location: ColumnElement[Any], product: ColumnElement[Any], *where: Any
) -> ColumnElement[Any]:
    row = source.c
    return (
        select(func.jsonb_agg(func.jsonb_build_array(row.day, row.quantity)))
        .where(*where, *_at(source, location, product))
        .scalar_subquery()
    )


def supply_of(location_ids: Sequence[str], product_ids: Sequence[str]) -> Select[Any]:
    """What arrives of each product at each location, as [[day, units], …]."""
    return _grouped(supply, location_ids, product_ids)


def demand_of(location_ids: Sequence[str], product_ids: Sequence[str]) -> Select[Any]:
    """What is promised for later days, and what is planned, each as [[day, units], …]."""
    both = union_all(
        *(
            select(source, literal(kind, Text).label("kind")).where(
                *_among(source, location_ids, product_ids)
            )
            for source, kind in ((_promised, "promised"), (_planned, "planned"))
        )
    ).subquery("both")
    dated = func.jsonb_agg(func.jsonb_build_array(both.c.day, both.c.quantity))
    return select(
        both.c.location_id,
        both.c.product_id,
        *(dated.filter(both.c.kind == kind).label(kind) for kind in ("promised", "planned")),
    ).group_by(both.c.location_id, both.c.product_id)


def shelves_of(location_ids: Sequence[str], product_ids: Sequence[str]) -> Select[Any]:
    """Free units by the days for which they are still good, null for ever, as [[days, units], …].

    Only of what has some that expire.
    """
    item = item_quantities.c
    free = item.on_hand - item.expired - item.held - item.reserved
    day = select(func.stock_today(type_=Date)).scalar_subquery()
    days = cast(lots.c.expiry_date - day, Integer)
    summed = (
        select(
            item.location_id,
            item.product_id,
            days.label("days"),
            func.sum(free, type_=Quantity).label("units"),
        )
        .select_from(
            item_quantities.outerjoin(
                lots, and_(lots.c.tenant_id == this_tenant(), lots.c.id == item.lot_id)
            )
        )
        .where(*_among(item_quantities, location_ids, product_ids), free > 0)
        .group_by(item.location_id, item.product_id, days)
        .subquery("summed")
    )
    return (
        select(
            summed.c.location_id,
            summed.c.product_id,
            func.jsonb_agg(func.jsonb_build_array(summed.c.days, summed.c.units)).label("dated"),
        )
        .group_by(summed.c.location_id, summed.c.product_id)
        .having(func.count(summed.c.days) > 0)
    )


def _grouped(source: Any, location_ids: Sequence[str], product_ids: Sequence[str]) -> Select[Any]:
    row = source.c
    return (
        select(
            row.location_id,
            row.product_id,
            func.jsonb_agg(func.jsonb_build_array(row.day, row.quantity)).label("dated"),
        )
        .where(*_among(source, location_ids, product_ids))
        .group_by(row.location_id, row.product_id)
    )


def _among(source: Any, location_ids: Sequence[str], product_ids: Sequence[str]) -> list[Any]:
    row = source.c
    return [
        row.tenant_id == this_tenant(),
        row.location_id == func.any(texts(location_ids)),
        row.product_id == func.any(texts(product_ids)),
    ]
