"""The one reader, for whole locations: what each holds over all of its products."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from models.base import texts, this_tenant
from models.catalog import products
from models.lists.lots import LOTS
from models.lists.stock import item_quantities, stock_levels_now

_level, _item = stock_levels_now.c, item_quantities.c


def of_locations(ids: Sequence[str]) -> Select[Any]:
    """One row for each of these locations, with zeros where nothing was ever stocked."""
    place = func.unnest(texts(ids)).table_valued("id", name="place").render_derived()
    parts = (_sums(ids), _lots(ids), _bins(ids))
    joined: Any = place
    for part in parts:
        joined = joined.outerjoin(part, part.c.location_id == place.c.id)
    numbers = (c for part in parts for c in part.c if c.name != "location_id")
    return select(place.c.id, *(func.coalesce(c, 0).label(c.name) for c in numbers)).select_from(
        joined
    )


def _sums(ids: Sequence[str]) -> Any:
    available = _level.on_hand - _level.expired - _level.held - _level.reserved
    value = _level.on_hand * func.coalesce(products.c.unit_cost, 0)
    return (
        select(
            _level.location_id,
            *(
                func.sum(_level[name]).label(name)
                for name in ("on_hand", "reserved", "held", "expired")
            ),
            func.sum(available).label("available"),
            func.sum(value).label("value"),
            func.count().filter(_level.on_hand > 0).label("product_count"),
        )
        .select_from(
            stock_levels_now.join(
                products,
                and_(products.c.tenant_id == this_tenant(), products.c.id == _level.product_id),
            )
        )
        .where(_level.tenant_id == this_tenant(), _level.location_id == func.any(texts(ids)))
        .group_by(_level.location_id)
        .subquery("sums")
    )


def _lots(ids: Sequence[str]) -> Any:
    there, lot = _there(_item.lot_id, ids), LOTS.rows.subquery("lot")
    return (
        select(
            there.c.location_id,
            func.count().label("lot_count"),
            func.count().filter(lot.c.life == "EXPIRING").label("expiring_count"),
        )
        .select_from(there.join(lot, lot.c.id == there.c.lot_id))
        .group_by(there.c.location_id)
        .subquery("lots_there")
    )


def _bins(ids: Sequence[str]) -> Any:
    there = _there(_item.bin_id, ids)
    return (
        select(there.c.location_id, func.count().label("bin_count"))
        .group_by(there.c.location_id)
        .subquery("bins_there")
    )


def _there(column: ColumnElement[Any], ids: Sequence[str]) -> Any:
    """Each lot or bin that has units on hand at one of the locations, once."""
    return (
        select(_item.location_id, column)
        .distinct()
        .where(
            _item.tenant_id == this_tenant(),
            _item.location_id == func.any(texts(ids)),
            _item.on_hand > 0,
            column.is_not(None),
        )
        .subquery()
    )


def of_bins(ids: Sequence[str], product_id: str | None) -> Select[Any]:
    """One row for each of these bins, of all products or of one; zeros where there is nothing."""
    place = func.unnest(texts(ids)).table_valued("id", name="place").render_derived()
    names = ("on_hand", "reserved", "held", "expired")
    sums = {name: func.coalesce(func.sum(_item[name]), 0) for name in names}
    available = sums["on_hand"] - sums["expired"] - sums["held"] - sums["reserved"]
    of = [] if product_id is None else [_item.product_id == product_id]
    there = and_(_item.tenant_id == this_tenant(), _item.bin_id == place.c.id, *of)
    return (
        select(
            place.c.id,
            *(total.label(name) for name, total in sums.items()),
            available.label("available"),
        )
        .select_from(place.outerjoin(item_quantities, there))
        .group_by(place.c.id)
    )
