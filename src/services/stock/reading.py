"""Reads inventory items, stock levels and the settings of products at locations."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.lists.stock import (
    INVENTORY_ITEMS,
    INVENTORY_LEVELS,
    STOCK_LEVELS,
    levels_of,
    settings_of,
)
from models.session import Session
from services.lists import Reader

Pair = tuple[str, str]  # location id, product id

items = Reader(INVENTORY_ITEMS)
levels = Reader(STOCK_LEVELS)
settings = Reader(INVENTORY_LEVELS)


async def levels_by_pair(session: Session, pairs: Sequence[Pair]) -> Mapping[Pair, Any]:
    """The stock levels of these (location, product) pairs that were ever stocked."""
    rows = await session.all(levels_of(pairs))
    return {(row.location_id, row.product_id): row for row in rows}


async def settings_by_pair(session: Session, pairs: Sequence[Pair]) -> Mapping[Pair, Any]:
    """The settings of these (location, product) pairs that have some."""
    rows = await session.all(settings_of(pairs))
    return {(row.location_id, row.product_id): row for row in rows}
