"""Statements of placing, releasing and ending holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, tuple_

from models.base import Quantity, texts, this_tenant
from models.holds import holds
from models.lists.stock import item_quantities, stock_levels_now
from models.lots import lots
from models.stock import reservations

MOVE_RESERVATION = "select stock_move_reservation($1, $2)"

_hold, _item, _promise, _level = holds.c, item_quantities.c, reservations.c, stock_levels_now.c
_usable = _item.on_hand - _item.expired - _item.held
_active = and_(_promise.tenant_id == this_tenant(), _promise.state == "ACTIVE")


def now() -> Select[Any]:
    """The moment that the clock of rules shows."""
    return select(func.stock_now())


def units_held(scope: str, scope_id: str, location_id: str) -> Select[Any]:
    """How many units active holds of this scope keep there by number."""
    left = func.sum(_hold.quantity - _hold.quantity_released, type_=Quantity)
    return select(func.coalesce(left, 0, type_=Quantity)).where(
        _hold.tenant_id == this_tenant(),
        _hold.state == "ACTIVE",
        _hold.scope == scope,
        _hold.scope_id == scope_id,
        _hold.location_id == location_id,
        or_(_hold.expires_at.is_(None), _hold.expires_at > func.stock_now()),
    )


def on_items(item_ids: Sequence[str]) -> Select[Any]:
    """Lock the active holds on these buckets, the oldest first."""
    return (
        select(holds)
        .where(
            _hold.tenant_id == this_tenant(),
            _hold.state == "ACTIVE",
            _hold.scope == "ITEM",
            _hold.scope_id == func.any(texts(item_ids)),
            or_(_hold.expires_at.is_(None), _hold.expires_at > func.stock_now()),
        )
        .order_by(_hold.created_at, _hold.id)
        .with_for_update(key_share=True)
    )


def buckets(where: Mapping[str, str]) -> Select[Any]:
    """The buckets that `where` names by column, with what is usable of each."""
    return (
        select(item_quantities, _usable.label("usable"))
        .where(_item.tenant_id == this_tenant(), *(_item[name] == v for name, v in where.items()))
        .order_by(_item.id)
    )


def promises_on(item_ids: Sequence[str]) -> Select[Any]:
    """The hard reservations that stand on these buckets, the newest first."""
    return (
        select(reservations)
        .where(
            _active,
            _promise.kind == "HARD",
            _promise.inventory_item_id == func.any(texts(item_ids)),
        )
        .order_by(_promise.created_at.desc(), _promise.id.desc())
    )


def promises_unmet(
    pairs: Sequence[tuple[str, str]], kinds: Sequence[str], limit: int
) -> Select[Any]:
    """Reservations of these kinds at (location, product) pairs that promise more than is there."""
    at = and_(
        _level.tenant_id == this_tenant(),
        _level.location_id == _promise.location_id,
        _level.product_id == _promise.product_id,
    )
    return (
        select(reservations)
        .join(stock_levels_now, at)
        .where(
            _active,
            _promise.kind == func.any(texts(kinds)),
            or_(_promise.expires_at.is_(None), _promise.expires_at > func.stock_now()),
            tuple_(_promise.location_id, _promise.product_id).in_(pairs),
            _level.on_hand - _level.expired - _level.held < _level.reserved,
        )
        .order_by(_promise.created_at.desc(), _promise.id.desc())
        .limit(limit)
    )


def free_buckets(location_id: str, product_id: str) -> Select[Any]:
    """Buckets with units that nobody was promised, by what expires first."""
    free = (_usable - _item.reserved).label("free")
    of_lot = and_(lots.c.tenant_id == this_tenant(), lots.c.id == _item.lot_id)
    return (
        select(_item.id, free)
        .outerjoin(lots, of_lot)
        .where(
            _item.tenant_id == this_tenant(),
            _item.location_id == location_id,
            _item.product_id == product_id,
            _usable > _item.reserved,
        )
        .order_by(lots.c.expiry_date.asc().nulls_last(), _item.created_at, free, _item.id)
    )


def active_for(type: str, reference: str) -> Select[Any]:
    """The active holds of this type with this reference, locked in the order of their ids."""
    return (
        select(holds)
        .where(
            holds.c.tenant_id == this_tenant(),
            holds.c.state == "ACTIVE",
            holds.c.type == type,
            holds.c.reference == reference,
        )
        .order_by(holds.c.id)
        .with_for_update()
    )


def ended(limit: int) -> Select[Any]:
    """Lock some holds that the clock has ended, leaving out those that others hold."""
    return (
        select(holds)
        .where(
            _hold.tenant_id == this_tenant(),
            _hold.state == "ACTIVE",
            _hold.expires_at <= func.stock_now(),
        )
        .order_by(_hold.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
