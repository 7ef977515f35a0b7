"""What to order where, in one statement: the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.errors import Invalid, LimitExceeded
from domain.quantities import plain
from models import suggesting as statements
from models.session import Session
from services.replenishment.explaining import Explained, explain

LIMIT_MAX = 5_000
PRODUCTS_MAX = 5_000
HORIZON_MAX = 365
DEMAND_FIRST = date(1900, 1, 1)
_PLACE_MAX = 10_000_000  # beyond any list
_PATIENCE = "12s"  # for the list of all places; within what a request may take


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What suggestions are wanted.

    Without locations and products it is all of them. `horizon_days` looks so far ahead: what will
    have fallen to its reorder point by then is due as well. Without `only_below` what is not due is
    told too, with a quantity of 0. Demand is that of the days up to `demand_to`, yesterday unless
    told.
    """

    location_id: str | None = None
    product_ids: Sequence[str] | None = None
    horizon_days: int = 0
    only_below: bool = True
    demand_to: date | None = None
    limit: int = 500
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What to order of a product, for a location or for the company as a whole, and why."""

    row: Any
    steps: Sequence[Explained]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """A part of the list, and the sums over all of it."""

    suggestions: Sequence[Suggestion]
    count: int
    units: Decimal
    value: Decimal
    stock_outs: int


async def suggest(session: Session, wish: Wish) -> Suggestions:
    """What to order, the most urgent first; then what runs out first, then what costs most.

    Raises:
        Invalid, LimitExceeded: a number is out of its range.
    """
    _check(wish)
    asked = statements.Asked(
        location_id=wish.location_id,
        product_ids=wish.product_ids,
        horizon_days=wish.horizon_days,
        only_below=wish.only_below,
        demand_to=wish.demand_to,
        limit=wish.limit,
        offset=(wish.page - 1) * wish.limit,
    )
    if wish.location_id is None and wish.product_ids is None:
        await session.call(statements.PATIENCE, _PATIENCE)
    rows = await session.all(statements.suggestions(asked))
    first = rows[0]  # a page beyond the end is one row without a product, for the sums
    return Suggestions(
        suggestions=[Suggestion(row=row, steps=explain(row)) for row in rows if row.product_id],
        count=first.found,
        units=plain(first.units),
        value=plain(first.total_value),
        stock_outs=first.stock_outs,
    )


def _check(wish: Wish) -> None:
    if not 0 <= wish.horizon_days <= HORIZON_MAX:
        raise Invalid("horizonDays", f"horizonDays must be from 0 to {HORIZON_MAX}.")
    if wish.demand_to is not None and wish.demand_to < DEMAND_FIRST:
        raise Invalid("demandTo", f"demandTo must not be before {DEMAND_FIRST.isoformat()}.")
    if wish.limit < 1 or wish.page < 1:
        field = "limit" if wish.limit < 1 else "page"
        raise Invalid(field, f"{field} must be 1 or more.")
    if wish.limit > LIMIT_MAX:
        message = f"limit must be at most {LIMIT_MAX}."
        raise LimitExceeded("limit", message, max=LIMIT_MAX)
    if wish.page * wish.limit > _PLACE_MAX:
        raise Invalid("page", "page is beyond any list.")
    if wish.product_ids is not None and len(wish.product_ids) > PRODUCTS_MAX:
        message = f"productIds has more than {PRODUCTS_MAX} products."
        raise LimitExceeded("productIds", message, max=PRODUCTS_MAX)
