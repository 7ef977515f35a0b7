"""What every channel can promise over many locations, from a histogram of available units.

Policies act on what is available of a product, not on which product it is: products with equal
numbers are computed once and counted. Products with terms of their own are computed one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.quantities import ZERO
from models import availability, matrix
from models.session import Session
from services import supply
from services.atp.cells import numbers_of, promised_of, terms_of
from services.atp.policies import PolicyBook, book
from services.atp.rules import Cell, Mode, Numbers, Severity, cells

# What promises depend on besides what is available, by the policies' field that looks at it.
_APART: Mapping[str, availability.Apart] = {
    "minimum_shelf_life_days": "expires",
    "maximum_fraction": "is reserved",
    "include_inbound": "is expected",
}


@dataclass(slots=True)
class LocationTotals:
    """One channel at one location; counts are cells."""

    location_id: str
    atp: Decimal = ZERO
    low_count: int = 0
    critical_count: int = 0


@dataclass(slots=True)
class ChannelTotals:
    """One channel over all wished locations; `ok`, `low` and `critical` count cells.

    `on_order` is what is expected there of the products, whichever channel will promise it.
    """

    channel: Any
    product_count: int
    atp: Decimal = ZERO
    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO
    available: Decimal = ZERO
    on_order: Decimal = ZERO
    ok_count: int = 0
    low_count: int = 0
    critical_count: int = 0
    locations: dict[str, LocationTotals] = field(default_factory=dict)


async def summarize(
    session: Session,
    *,
    location_ids: Sequence[str] | None = None,
    channel_ids: Sequence[str] | None = None,
    search: str | None = None,
) -> list[ChannelTotals]:
    """The totals of every shown channel, in the order of the columns; None stands for all."""
    policies = await book(session, location_ids)
    filters = matrix.filters(search=search, category_id=None, product_ids=None)
    products = int(await session.scalar(matrix.count(location_ids, filters)))
    totals = {
        channel.channel_id: ChannelTotals(channel, products)
        for channel in policies.channels
        if channel_ids is None or channel.channel_id in channel_ids
    }
    rows = await session.all(
        availability.histogram(
            location_ids,
            filters,
            categories_apart=bool(policies.categories),
            apart=[what for name, what in _APART.items() if policies.says(name)],
        )
    )
    own = await _own(session, rows)
    on_order = await supply.total(session, location_ids, filters)
    for row in sorted(rows, key=lambda row: row.location_id):
        for cell in _cells(policies, row, own.get((row.location_id, row.product_id))):
            total = totals.get(cell.terms.channel_id)
            if total is not None:
                _count(total, cell, row)
    for total in totals.values():
        total.on_order = on_order
    return list(totals.values())


async def _own(session: Session, rows: Sequence[Any]) -> dict[tuple[str, str], Any]:
    """Policies, quotas and promises of the products that are rows of their own."""
    pairs = [(row.location_id, row.product_id) for row in rows if row.product_id is not None]
    if not pairs:
        return {}
    found = await session.all(availability.numbers(pairs))
    return {(row.location_id, row.product_id): row for row in found}


def _cells(policies: PolicyBook, row: Any, own: Any) -> list[Cell]:
    if own is None:
        numbers = Numbers(on_hand=row.available)  # what a promise depends on
        return cells(numbers, policies.terms(row.location_id, row.path), {}, row.quantity_step)
    return cells(numbers_of(own), terms_of(policies, own), promised_of(own), row.quantity_step)


def _count(total: ChannelTotals, cell: Cell, row: Any) -> None:
    many: int = row.products
    place = total.locations.setdefault(row.location_id, LocationTotals(row.location_id))
    place.atp += cell.atp * many
    total.atp += cell.atp * many
    total.available += cell.available * many
    if cell.terms.mode in (Mode.SHARED, Mode.CAP):
        total.on_hand += row.on_hand
        total.reserved += row.reserved
    else:
        total.on_hand += cell.on_hand * many
        total.reserved += cell.reserved * many
    if cell.severity is Severity.OK:
        total.ok_count += many
    elif cell.severity is Severity.LOW:
        total.low_count += many
        place.low_count += many
    else:
        total.critical_count += many
        place.critical_count += many
