"""The list of lots."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from models.base import this_tenant
from models.catalog import products
from models.lists.listing import Listing, between, one_of, words
from models.lots import lots
from models.tenants import tenant_settings

_lot = lots.c
_today: Any = select(func.stock_today()).scalar_subquery()
_warning_days: Any = func.coalesce(
    products.c.expiry_warning_days, tenant_settings.c.expiry_warning_days
)
_state: ColumnElement[str] = case(
    (_lot.expiry_date < _today, "EXPIRED"),
    (_lot.expiry_date - _today <= _warning_days, "EXPIRING"),
    else_="USABLE",
)

LOTS = Listing(
    rows=select(lots, _state.label("state"), (_lot.expiry_date - _today).label("days_left"))
    .select_from(
        lots.join(
            products, and_(products.c.tenant_id == this_tenant(), products.c.id == _lot.product_id)
        ).outerjoin(tenant_settings, tenant_settings.c.tenant_id == this_tenant())
    )
    .where(_lot.tenant_id == this_tenant()),
    id=[_lot.id],
    orders={
        "id": [],
        "number": [_lot.number],
        "expiry_date": [_lot.expiry_date],
        "created_at": [_lot.created_at],
        "updated_at": [_lot.updated_at],
    },
    filters={
        "search": words(_lot.number),
        "id_in": one_of(_lot.id),
        "number_in": one_of(_lot.number),
        "product_id_in": one_of(_lot.product_id),
        "expiry_date": between(_lot.expiry_date),
        "state_in": one_of(_state),
    },
    parents={"product_id": _lot.product_id},
)
