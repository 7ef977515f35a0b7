"""The steps from what is there to what is suggested, as a person would take them on paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.quantities import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One step: its name, what it says in words, and its number."""

    step: str
    label: str
    quantity: Decimal


_DEMAND = {
    "FORECAST": "Units a day by the forecast of the level",
    "MEASURED": "Units a day: {demand} asked for in {days} days, {empty} of them without stock",
    "NONE": "Units a day: nothing was asked for in {days} days",
}
_LEAD = {
    "SETTING": "Days from ordering to receiving, of the level",
    "VENDOR": "Days from ordering to receiving, of the supplier",
    "PRODUCT": "Days from ordering to receiving, of the product",
    "NONE": "Days from ordering to receiving: nobody says",
}
_SAFETY = {
    "SETTING": "Safety stock of the configuration",
    "SERVICE_LEVEL": "Safety stock for the service level: "
    "Z x sqrt(lead time x deviation^2 + demand^2 x lead time deviation^2)",
    "PRODUCT": "Safety stock of the product",
    "NONE": "No safety stock is set",
}
_POINT = {
    "SETTING": "Reorder point of the configuration",
    "MINIMUM": "Minimum of the configuration",
    "PRODUCT": "Reorder point of the product",
    "DEMAND": "Reorder point: demand a day x lead time + safety stock",
    "COVER": "Cover to keep: demand a day x (lead time + review period) + safety stock",
    "NONE": "No minimum is set",
}
_TARGET = {
    "MIN_MAX": "Order up to the maximum",
    "REORDER_POINT": "Order up to: the maximum, or reorder point + demand a day x review period",
    "FIXED": "In whole order quantities, until above the reorder point",
    "EOQ": "The economic quantity sqrt(2 x demand a year x order cost / holding cost)",
    "DAYS_OF_COVER": "Order up to: demand a day x (lead time + review period + cover) + safety",
    "DEMAND_DATED": "Order up to the maximum, or the minimum",
}


def explain(row: Any) -> Sequence[Explained]:
    """The steps of a suggestion, in the order in which they are taken; the last is what it says."""
    return [*_position(row), *_trigger(row), *_size(row)]


def _step(step: str, label: str, quantity: Decimal | int) -> Explained:
    return Explained(step=step, label=label, quantity=plain(Decimal(quantity)))


def _position(row: Any) -> Iterator[Explained]:
    yield _step("ON_HAND", "Physically there", row.on_hand)
    for name, label in (
        ("expired", "Expired"),
        ("held", "On hold"),
        ("reserved", "Promised"),
        ("expiring", "Expires before it is asked for"),
    ):
        if quantity := getattr(row, name):
            yield _step(name.upper(), label, -quantity)
    for name, label in (("in_transit", "On its way"), ("on_order", "On order")):
        if quantity := getattr(row, name):
            yield _step(name.upper(), label, quantity)
    if row.outgoing:
        yield _step("OUTGOING", "Asked for by other locations and not reserved", -row.outgoing)
    yield _step("POSITION", "Inventory position", row.position)


def _trigger(row: Any) -> Iterator[Explained]:
    words = {"demand": plain(row.demand), "days": row.demand_days, "empty": row.stock_out_days}
    yield _step("DAILY_DEMAND", _DEMAND[row.demand_basis].format(**words), row.daily_demand)
    yield _step("LEAD_TIME", _LEAD[row.lead_time_basis], row.lead_time_days)
    yield _step("SAFETY_STOCK", _SAFETY[row.safety_basis], row.safety_stock)
    yield _step("REORDER_POINT", _POINT[row.reorder_basis], row.reorder_point)


def _size(row: Any) -> Iterator[Explained]:
    if row.method in ("FIXED", "EOQ"):
        yield _step("ORDER_SIZE", _TARGET[row.method], row.shortfall)
    elif row.method == "DEMAND_DATED":
        label = "The least balance within the lead time, by dated supply and demand"
        yield _step("PROJECTED", label, row.target - row.shortfall)
        yield _step("TARGET", _TARGET[row.method], row.target)
        yield _step("SHORTFALL", "Target less the least balance", row.shortfall)
    else:
        yield _step("TARGET", _TARGET[row.method], row.target)
        yield _step("SHORTFALL", "Target less position", row.shortfall)
    if row.rounded != row.shortfall:
        label = f"Rounded up to whole packs of {plain(row.pack_size)}"
        yield _step("PACK", label, row.rounded)
    if row.raised != row.rounded:
        yield _step("MINIMUM_ORDER", "Raised to the least order", row.raised)
    if row.life_limit is not None and row.life_limit < row.raised:
        label = "Clipped: more would not be asked for before it expires"
        yield _step("SHELF_LIFE_LIMIT", label, row.life_limit)
    if row.capacity_limit is not None and row.capacity_limit < row.raised:
        label = "Clipped: more does not fit into the preferred bin"
        yield _step("CAPACITY_LIMIT", label, row.capacity_limit)
    yield _step("SUGGESTED", "To be ordered", row.quantity)
