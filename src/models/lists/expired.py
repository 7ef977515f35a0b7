"""The list of stock that has expired, was marked as expired, or expires soon."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from domain.pages import ListWish
from models.base import Money, Quantity
from models.catalog import products
from models.lists.listing import Listing
from models.lists.stock import INVENTORY_ITEMS, item_quantities
from models.lots import lots

_item, _expiry = item_quantities.c, lots.c.expiry_date
_today: Any = select(func.stock_today()).scalar_subquery()
_status: ColumnElement[str] = case(
    (_expiry < _today, "EXPIRED"), (_item.expired > 0, "MARKED"), else_="EXPIRING"
)


def _until(days: int) -> ColumnElement[bool]:
    """With units that are expired, or expire within so many days; today is 0, none is -1."""
    soon = and_(_expiry >= _today, _expiry <= _today + days)
    return and_(_item.on_hand > 0, or_(_item.expired > 0, soon))


EXPIRED = Listing(
    rows=INVENTORY_ITEMS.rows.add_columns(
        (_today - _expiry).label("days_expired"), _status.label("expiry_status")
    ),
    id=[_item.id],
    orders={"expiry_date": [_expiry]},
    filters={
        "within_days": _until,
        **{
            name: INVENTORY_ITEMS.filters[name]
            for name in ("product_id_in", "location_id_in", "lot_id_in")
        },
    },
)


def totals(wish: ListWish) -> Select[Any]:
    """Units and their value over the whole list under the wish's filters."""
    value = _item.on_hand * func.coalesce(products.c.unit_cost, 0)
    return EXPIRED.rows.where(
        *(EXPIRED.filters[name](given) for name, given in wish.filters)
    ).with_only_columns(
        func.coalesce(func.sum(_item.on_hand), 0, type_=Quantity).label("quantity"),
        func.coalesce(func.sum(value), 0, type_=Money).label("value"),
    )
