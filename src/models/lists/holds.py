"""The list of holds."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from models.base import this_tenant
from models.holds import holds
from models.lists.listing import Listing, between, one_of

_hold = holds.c
# The clock decides; the sweeper only writes it down.
_state: ColumnElement[str] = case(
    (and_(_hold.state == "ACTIVE", _hold.expires_at <= func.stock_now()), "EXPIRED"),
    else_=_hold.state,
)
_columns: list[Any] = [column for column in _hold if column.name != "state"]

HOLDS = Listing(
    rows=select(
        *_columns,
        _state.label("state"),
        _hold.created_by["id"].astext.label("created_by_id"),
        _hold.created_by["name"].astext.label("created_by_name"),
        _hold.released_by["id"].astext.label("released_by_id"),
        _hold.released_by["name"].astext.label("released_by_name"),
    ).where(_hold.tenant_id == this_tenant()),
    id=[_hold.id],
    orders={
        "id": [],
        "created_at": [_hold.created_at],
        "expires_at": [_hold.expires_at],
        "updated_at": [_hold.updated_at],
    },
    filters={
        "id_in": one_of(_hold.id),
        "state_in": one_of(_state),
        "type_in": one_of(_hold.type),
        "scope_in": one_of(_hold.scope),
        "product_id_in": one_of(_hold.product_id),
        "location_id_in": one_of(_hold.location_id),
        "lot_id_in": one_of(_hold.lot_id),
        "bin_id_in": one_of(_hold.bin_id),
        "inventory_item_id_in": one_of(_hold.inventory_item_id),
        "created_at": between(_hold.created_at),
        "expires_at": between(_hold.expires_at),
    },
    parents={
        name: _hold[name]
        for name in ("product_id", "location_id", "lot_id", "bin_id", "inventory_item_id")
    },
)
