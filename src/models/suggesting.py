"""The statement that says what to order where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    Select,
    Text,
    any_,
    bindparam,
    column,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from models.base import Key, Quantity

_TYPES: dict[str, Any] = {
    "location_id": Key,
    "product_id": Key,
    "method": Text,
    "priority": Text,
    "on_hand": Quantity,
    "expired": Quantity,
    "held": Quantity,
    "reserved": Quantity,
    "expiring": Quantity,
    "in_transit": Quantity,
    "on_order": Quantity,
    "outgoing": Quantity,
    "position": Quantity,
    "demand": Quantity,
    "demand_days": Integer,
    "stock_out_days": Integer,
    "demand_basis": Text,
    "daily_demand": Quantity,
    "demand_deviation": Quantity,
    "lead_time_days": Integer,
    "lead_time_basis": Text,
    "review_period_days": Integer,
    "safety_stock": Quantity,
    "safety_basis": Text,
    "reorder_point": Quantity,
    "reorder_basis": Text,
    "target": Quantity,
    "shortfall": Quantity,
    "pack_size": Quantity,
    "rounded": Quantity,
    "minimum_order_quantity": Quantity,
    "raised": Quantity,
    "life_limit": Quantity,
    "capacity_limit": Quantity,
    "quantity": Quantity,
    "source_location_id": Key,
    "source_excess": Quantity,
    "stock_out_date": Date,
    "unit_cost": Quantity,
    "value": Quantity,
    "found": Integer,
    "units": Quantity,
    "total_value": Quantity,
    "stock_outs": Integer,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which suggestions are wanted; None is every location, every product, and yesterday.

    `places` leaves out others from what is told, and nothing from what is computed.
    """

    location_id: str | None
    product_ids: Sequence[str] | None
    horizon_days: int
    only_below: bool
    demand_to: date | None
    limit: int
    offset: int
    places: Sequence[str] | None = None


# Gives what follows in the transaction so much time: all products at all places take theirs.
PATIENCE = "select set_config('statement_timeout', $1, true)"


def suggestions(asked: Asked) -> Select[Any]:
    """What to order, the most urgent first; each row also tells of the whole list."""
    products = None if asked.product_ids is None else list(asked.product_ids)
    to = func.stock_today(type_=Date) - 1
    if asked.demand_to is not None:
        to = bindparam(None, asked.demand_to, type_=Date)
    found = func.replenishment_suggest(
        bindparam(None, asked.location_id, type_=Key),
        bindparam(None, products, type_=ARRAY(Key)),
        bindparam(None, asked.horizon_days, type_=Integer),
        bindparam(None, asked.only_below, type_=Boolean),
        to,
        bindparam(None, asked.limit, type_=Integer),
        bindparam(None, asked.offset, type_=Integer),
    ).table_valued(*(column(name, type_) for name, type_ in _TYPES.items()))
    if asked.places is None:
        return select(found)
    is_wanted = found.c.location_id == any_(bindparam(None, list(asked.places), type_=ARRAY(Key)))
    return select(found).where(or_(is_wanted, found.c.location_id.is_(None)))
