"""Units that are expected and not yet on hand: of transfers, and of orders with vendors."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from models import expected
from models.session import Session

EXPECTED_MAX = 200  # arrivals of a product that are told


async def total(
    session: Session, location_ids: Sequence[str] | None, filters: Sequence[Any]
) -> Decimal:
    """Units of the filtered products that are expected at these locations; None stands for any."""
    found: Decimal = await session.scalar(expected.total(location_ids, filters))
    return found


async def by_location(session: Session, product_id: str) -> Mapping[str, Decimal]:
    """Units of a product that are expected, by location; where none are, it is left out."""
    rows = await session.all(expected.by_location(product_id))
    return {row.location_id: row.quantity for row in rows}


async def of_products(session: Session, ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """What is expected of each of these products, the earliest first."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await session.all(expected.of_products(ids, EXPECTED_MAX)):
        found[row.product_id].append(row)
    return found
