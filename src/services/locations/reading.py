"""Reads locations and bins."""

from collections.abc import Mapping, Sequence
from typing import Any

from models import totals
from models.lists.locations import BINS, LOCATIONS
from models.locations import HELD_BIN_TYPES
from models.session import Session
from services.lists import Reader

locations = Reader(LOCATIONS)
bins = Reader(BINS)


async def totals_by_location(session: Session, ids: Sequence[str]) -> Mapping[str, Any]:
    """What each of these locations holds over all of its products; zeros where it is nothing."""
    return {row.id: row for row in await session.all(totals.of_locations(ids))}


async def stock_by_bin(
    session: Session, ids: Sequence[str], product_id: str | None
) -> Mapping[str, Any]:
    """What each of these bins holds, of all products or of one; zeros where it is nothing."""
    return {row.id: row for row in await session.all(totals.of_bins(ids, product_id))}


def is_held(bin_type: str) -> bool:
    """Whether stock in a bin of this type is promised to nobody."""
    return bin_type in HELD_BIN_TYPES
