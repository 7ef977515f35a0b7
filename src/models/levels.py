"""Settings of products at locations, and the stock beside them."""

from typing import Any

from sqlalchemy import Select, and_, select

from models.base import this_tenant
from models.expected import expected_supply
from models.lists.stock import INVENTORY_LEVELS, STOCK_LEVELS, stock_levels_now
from models.locations import locations
from models.stock import inventory_levels


def settings_locked(location_id: str, product_id: str) -> Select[Any]:
    """The settings of a product at a location, locked until the transaction ends."""
    setting = inventory_levels.c
    return (
        select(inventory_levels)
        .where(
            setting.tenant_id == this_tenant(),
            setting.location_id == location_id,
            setting.product_id == product_id,
        )
        .with_for_update(key_share=True)
    )


def settings_of(product_id: str) -> Select[Any]:
    """The settings of a product at all locations, in no order."""
    return INVENTORY_LEVELS.rows.where(inventory_levels.c.product_id == product_id)


def stock_of(product_id: str) -> Select[Any]:
    """The kept sums of a product at all locations at which it was ever stocked, in no order."""
    return STOCK_LEVELS.rows.where(STOCK_LEVELS.parents["product_id"] == product_id)


def places_of(product_id: str) -> Select[Any]:
    """The ids of the locations with settings, stock or expected units of a product, by code."""
    return (
        select(locations.c.id)
        .where(
            locations.c.tenant_id == this_tenant(),
            locations.c.id.in_(
                _locations(inventory_levels, product_id).union(
                    _locations(stock_levels_now, product_id),
                    _locations(expected_supply, product_id),
                )
            ),
        )
        .order_by(locations.c.code, locations.c.id)
    )


def _locations(source: Any, product_id: str) -> Select[Any]:
    return select(source.c.location_id).where(
        and_(source.c.tenant_id == this_tenant(), source.c.product_id == product_id)
    )
