"""How more of a product is ordered at a location: the method and its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import DemandOvershared, GatewayError, Invalid, MethodIncomplete
from domain.quantities import plain
from models import catalog
from models import levels as statements
from models.session import Session
from models.stock import METHODS
from services import checks, levels, records

SERVICE_LEVELS = (Decimal("0.5"), Decimal("0.999"))
WINDOW_MAX = 730  # days of demand

# What each method cannot do without, and its name in the API.
_NEEDED: Mapping[str, Mapping[str, str]] = {
    "MIN_MAX": {"min_quantity": "minQuantity", "max_quantity": "maxQuantity"},
    "REORDER_POINT": {},
    "FIXED": {"order_quantity": "orderQuantity"},
    "EOQ": {"order_cost": "orderCost", "holding_cost": "holdingCost"},
    "DAYS_OF_COVER": {"cover_days": "coverDays"},
    "DEMAND_DATED": {"min_quantity": "minQuantity"},
}
# What the settings of a level have under another name.
SHARED: Mapping[str, str] = {
    "method": "replenishment_method",
    "reorder_point": "reorder_quantity",
    "lead_time_days": "expected_lead_time_days",
    "review_period_days": "replenishment_period_days",
    "source_location_id": "replenishment_location_id",
}
_SPOKEN = {
    "reorderQuantity": "reorderPoint",
    "replenishmentLocationId": "sourceLocationId",
    "expectedLeadTimeDays": "leadTimeDays",
    "replenishmentPeriodDays": "reviewPeriodDays",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """A configuration as it stands after an act."""

    config: Any
    message: str
    touched: Sequence[tuple[str, str]]


async def configure(
    session: Session, author: Author, values: Mapping[str, Any], expected_version: int | None
) -> Configured:
    """Say how more of a product is ordered at a location; what is left out stays, None clears.

    Minimum, reorder point, maximum, lead time, period and source are those of the inventory level,
    which is made where there is none. Without a method nothing is suggested any longer.

    Raises:
        Invalid and its kinds, NotFound, StaleVersion, ReplenishmentCycle: as of an inventory level.
        MethodIncomplete: the method lacks a number.
        DemandOvershared: the shares of the product's places come to more than 1.
    """
    _check(values)
    stored = {SHARED.get(name, name): value for name, value in values.items()}
    if stored.get("demand_share"):
        product = await records.require(
            session, catalog.products, "Product", stored["product_id"], "productId"
        )
        await records.get_locked(session, catalog.products, "Product", product.id)
    try:
        done = await levels.set_level(session, author, stored, expected_version)
    except GatewayError as refused:
        _rename(refused)
        raise
    level = done.level
    _check_complete(level)
    if stored.get("demand_share"):
        await _check_shares(session, level.product_id)
    method = level.replenishment_method
    message = "Set how it is replenished." if method else "It is not replenished any longer."
    return Configured(config=level, message=message, touched=done.touched)


def _check(values: Mapping[str, Any]) -> None:
    checks.one_of(values, "method", METHODS)
    zero = Decimal(0)
    checks.amounts(values, "order_quantity", "pack_size", "holding_cost", above=zero)
    checks.amounts(values, "order_cost", "minimum_order_quantity", "safety_stock")
    checks.amounts(values, "lead_time_deviation_days", "service_level", "demand_share")
    checks.wholes(values, "cover_days", "shelf_life_days", "demand_window_days")
    level, share = values.get("service_level"), values.get("demand_share")
    if level is not None and not SERVICE_LEVELS[0] <= level <= SERVICE_LEVELS[1]:
        raise Invalid("serviceLevel", "serviceLevel must be from 0.5 to 0.999, such as 0.95.")
    if share is not None and share > 1:
        raise Invalid("demandShare", "demandShare must be from 0 to 1.")
    window = values.get("demand_window_days")
    if window is not None and not 1 <= window <= WINDOW_MAX:
        raise Invalid("demandWindowDays", f"demandWindowDays must be from 1 to {WINDOW_MAX}.")


def _rename(refused: GatewayError) -> None:
    """Put the refusal of a level in the words of a configuration."""
    for name, spoken in _SPOKEN.items():
        message = refused.message.replace(name, spoken)
        refused.message, refused.args = message, (message,)
        refused.field = refused.field and refused.field.replace(name, spoken)


def _check_complete(level: Any) -> None:
    for name, shown in _NEEDED.get(level.replenishment_method, {}).items():
        if getattr(level, name) is None:
            text = f"{level.replenishment_method} needs {shown}."
            raise MethodIncomplete(shown, text, method=level.replenishment_method)


async def _check_shares(session: Session, product_id: str) -> None:
    """Refuse shares above 1 in all; who changes those of the product waits for us."""
    rows = await session.all(statements.settings_of(product_id))
    total = sum((row.demand_share or Decimal(0) for row in rows), Decimal(0))
    if total > 1:
        raise DemandOvershared(
            f"The places of this product would get {plain(total)} of its demand.",
            field="demandShare",
            details={"total": plain(total)},
        )
