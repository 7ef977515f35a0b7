"""The one reader, for whole locations: what each holds over all of its products."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, select, true

from models.base import texts, this_tenant
from models.catalog import products
from models.lists.lots import LOTS
from models.lists.stock import item_quantities, stock_levels_now

_level, _item = stock_levels_now.c, item_quantities.c


def of_locations(ids: Sequence[str]) -> Select[Any]:
    """One row for each of these locations, with zeros where nothing was ever stocked."""
    place = func.unnest(texts(ids)).table_valued("id", name="place").render_derived()
    sums, buckets = _sums(place.c.id), _buckets(place.c.id)
    return select(place.c.id, *sums.c, *buckets.c).select_from(
        place.join(sums, true()).join(buckets, true())
    )


def _sums(location_id: ColumnElement[Any]) -> Any:
    def total(amount: Any) -> Any:
        return func.coalesce(func.sum(amount), 0)

    available = _level.on_hand - _level.expired - _level.held - _level.reserved
    return (
        select(
            *(
                total(_level[name]).label(name)
                for name in ("on_hand", "reserved", "held", "expired")
            ),
            total(available).label("available"),
            total(_level.on_hand * func.coalesce(products.c.unit_cost, 0)).label("value"),
            func.count(case((_level.on_hand > 0, 1))).label("product_count"),
        )
        .select_from(
            stock_levels_now.join(
                products,
                and_(products.c.tenant_id == this_tenant(), products.c.id == _level.product_id),
            )
        )
        .where(_level.tenant_id == this_tenant(), _level.location_id == location_id)
        .lateral("sums")
    )


def _buckets(location_id: ColumnElement[Any]) -> Any:
    lot = LOTS.rows.subquery("lot")
    return (
        select(
            func.count(distinct(_item.lot_id)).label("lot_count"),
            func.count(distinct(_item.bin_id)).label("bin_count"),
            func.count(distinct(case((lot.c.state == "EXPIRING", lot.c.id)))).label(
                "expiring_count"
            ),
        )
        .select_from(item_quantities.outerjoin(lot, lot.c.id == _item.lot_id))
        .where(
            _item.tenant_id == this_tenant(), _item.location_id == location_id, _item.on_hand > 0
        )
        .lateral("buckets")
    )
