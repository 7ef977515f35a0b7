"""Reads what was corrected."""

from collections.abc import Mapping, Sequence
from typing import Any

from models import adjustments as statements
from models.session import Session


async def adjustments(
    session: Session, values: Mapping[str, Any], limit: int, offset: int
) -> tuple[Sequence[Any], int]:
    """A part of the entries of adjustments, the newest first, and how many there are in all."""
    rows = await session.all(statements.part(values, limit, offset))
    return rows, int(await session.scalar(statements.count(values)))
