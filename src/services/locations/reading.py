"""Reads locations and bins."""

from collections.abc import Mapping, Sequence

from models import locations as statements
from models.lists.locations import BINS, LOCATIONS
from models.session import Session
from services.lists import Reader

locations = Reader(LOCATIONS)
bins = Reader(BINS)


async def location_ids_by_code(session: Session, codes: Sequence[str]) -> Mapping[str, str]:
    """The ids of the locations with these codes."""
    rows = await session.all(statements.location_ids_by_code(codes))
    return {row.code: row.id for row in rows}
