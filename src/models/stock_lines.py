"""What of each bucket is available and what is not: the lines of availability.

Numbers come from the view `item_quantities` of `sql/availability.sql`.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, and_, cast, func, literal, null, select, union_all

from models.base import Key, Quantity, texts, texts_named, this_tenant
from models.bound import Bound
from models.lists.stock import item_quantities
from models.locations import bins, locations
from models.lots import lots

_item = item_quantities.c
Pair = tuple[str, str]  # location id, product id


def lines(filters: Mapping[str, str], limit: int) -> Select[Any]:
    """The buckets whose columns are as `filters` say, in the order of location, expiry and bin."""
    return (
        _lines()
        .where(*(_item[name] == value for name, value in filters.items()))
        .order_by(_item.location_id, lots.c.expiry_date, bins.c.code, _item.id)
        .limit(limit)
    )


def sums(filters: Mapping[str, str]) -> Select[Any]:
    """How many buckets have columns as `filters` say, and their sums, as one row."""
    return select(
        func.count().label("lines"),
        *(
            func.coalesce(func.sum(_item[name], type_=Quantity), 0).label(name)
            for name in ("on_hand", "expired", "held", "recalled", "reserved")
        ),
    ).where(
        _item.tenant_id == this_tenant(),
        *(_item[name] == value for name, value in filters.items()),
    )


def lines_of(pairs: Sequence[Pair]) -> Bound:
    """The buckets of these (location, product) pairs, in no order."""
    return Bound(_lines_of(), {name: [p[n] for p in pairs] for n, name in enumerate(_PAIR)})


@cache
def _lines_of() -> Select[Any]:
    wanted = (
        func.unnest(*(texts_named(name) for name in _PAIR))
        .table_valued("location_id", "product_id", name="wanted")
        .render_derived()
    )
    return _lines().where(
        _item.location_id == wanted.c.location_id, _item.product_id == wanted.c.product_id
    )


_PAIR = ("locations", "products")


def known(location_ids: Sequence[str], lot_ids: Sequence[str], bin_ids: Sequence[str]) -> Any:
    """Which of these there are: kind, id, and as owner a lot's product or a bin's location."""
    parts = (
        ("location", locations.c, cast(null(), Key), location_ids),
        ("lot", lots.c, lots.c.product_id, lot_ids),
        ("bin", bins.c, bins.c.location_id, bin_ids),
    )
    return union_all(
        *(
            select(literal(kind).label("kind"), columns.id, owner.label("owner")).where(
                columns.tenant_id == this_tenant(), columns.id == func.any(texts(ids))
            )
            for kind, columns, owner, ids in parts
        )
    )


def _lines() -> Select[Any]:
    today = select(func.stock_today(type_=Date)).scalar_subquery()
    return (
        select(
            item_quantities,
            lots.c.number.label("lot_number"),
            lots.c.expiry_date,
            (lots.c.expiry_date - today).label("days_left"),
            bins.c.code.label("bin_code"),
            bins.c.type.label("bin_type"),
            func.least(_item.created_at, lots.c.created_at).label("received_at"),
        )
        .select_from(
            item_quantities.outerjoin(
                bins, and_(bins.c.tenant_id == this_tenant(), bins.c.id == _item.bin_id)
            ).outerjoin(lots, and_(lots.c.tenant_id == this_tenant(), lots.c.id == _item.lot_id))
        )
        .where(_item.tenant_id == this_tenant())
    )
