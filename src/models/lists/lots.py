"""The list of lots."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from models.base import this_tenant
from models.catalog import products
from models.holds import holds
from models.lists.listing import Listing, between, one_of, words
from models.lots import lots
from models.tenants import tenant_settings

_lot = lots.c
_today: Any = select(func.stock_today()).scalar_subquery()
_warning_days: Any = func.coalesce(
    products.c.expiry_warning_days, tenant_settings.c.expiry_warning_days
)
# What the calendar and the mark say of it, whatever holds are on it.
_life: ColumnElement[str] = case(
    (or_(_lot.expiry_date < _today, _lot.marked_expired_at <= func.stock_now()), "EXPIRED"),
    (_lot.expiry_date - _today <= _warning_days, "EXPIRING"),
    else_="ACTIVE",
)


def _is_held(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an active hold lies on the lot, everywhere or at a location."""
    return (
        select(1)
        .where(
            select(func.stock_has_holds()).scalar_subquery(),
            holds.c.tenant_id == this_tenant(),
            holds.c.state == "ACTIVE",
            holds.c.scope == "LOT",
            holds.c.scope_id == _lot.id,
            or_(holds.c.expires_at.is_(None), holds.c.expires_at > func.stock_now()),
            *conditions,
        )
        .correlate(lots)
        .exists()
    )


_state: ColumnElement[str] = case(
    (_is_held(holds.c.type == "RECALL"), "RECALLED"), (_is_held(), "HELD"), else_=_life
)

LOTS = Listing(
    rows=select(
        lots,
        _state.label("state"),
        _life.label("life"),
        (_lot.expiry_date - _today).label("days_left"),
    )
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
