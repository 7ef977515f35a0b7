"""What stock came to over a period: sums over the functions of models/sql/analytics.sql."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)

from models.base import this_tenant
from models.catalog import products

SLOW_DAYS = 90  # without an issue; also the days over which use is measured
SLOW_COVER = 2  # times the use of SLOW_DAYS: 180 days
DEAD_DAYS = 365
NEW_DAYS = 60  # since the first receipt
EXPIRING_DAYS = (30, 60, 90, 180)

_COLUMNS = (
    *("location_id", "product_id", "units", "value", "unit_days", "value_days"),
    *("outbound_units", "outbound_cost", "recent_units", "last_outbound", "first_receipt"),
    *("zero_days", "active_days", "has_history"),
)
_SUMS = (
    *("units", "value", "unit_days", "value_days", "outbound_units", "outbound_cost"),
    *("zero_days", "active_days"),
)


class Scope(NamedTuple):
    """What is looked at: a location and a branch of categories, or all; days of the tenant."""

    location_id: str | None
    category_id: str | None
    from_: date
    to: date


def today() -> Select[tuple[date]]:
    """The tenant's day."""
    return select(func.stock_today())


def bounds(scope: Scope) -> Select[Any]:
    """The first moment of the period, and the last whole second of it."""
    zone = func.stock_time_zone()

    def start(day: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.timezone(zone, func.make_timestamp(*_parts(day), 0, 0, 0))

    first, last = literal(scope.from_, Date), literal(scope.to, Date) + 1
    second = func.make_interval(0, 0, 0, 0, 0, 0, 1)
    return select(start(first).label("from_"), (start(last) - second).label("to"))


def _parts(day: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [cast(func.date_part(part, day), Integer) for part in ("year", "month", "day")]


def totals(scope: Scope) -> Select[Any]:
    """All of it in one row."""
    item = _items(scope).subquery("item")
    return select(
        *(func.coalesce(func.sum(item.c[name]), 0).label(name) for name in _SUMS),
        func.coalesce(func.bool_or(item.c.has_history), false()).label("has_history"),
        _count(_slow(item.c, scope)).label("slow"),
        _count(_dead(item.c, scope)).label("dead"),
    )


def by_category(scope: Scope) -> Select[Any]:
    """One row a category, the most valuable first; products without one are one row."""
    return _grouped(scope, products.c.category_id)


def by_location(scope: Scope) -> Select[Any]:
    """One row a location, the most valuable first; sales that name no location are one row."""
    stock = _stock(scope)
    return _ordered(select(stock.c.location_id.label("key"), *_sums(stock.c)), stock.c.location_id)


def by_product(scope: Scope, limit: int, *, only_slow: bool) -> Select[Any]:
    """The most valuable products, or those of them that move slowly."""
    item = _items(scope).subquery("item")
    shown = [item.c[name] for name in (*_SUMS, "last_outbound")]
    chosen = select(item.c.product_id.label("key"), *shown)
    if only_slow:
        chosen = chosen.where(_slow(item.c, scope))
    return chosen.order_by(item.c.value.desc(), item.c.product_id).limit(limit)


def series(scope: Scope, step: str) -> Select[Any]:
    """The closes and the outflow of each step, in order."""
    found = func.analytics_series(
        cast(scope.location_id, Text),
        cast(scope.category_id, Text),
        cast(scope.from_, Date),
        cast(scope.to, Date),
        cast(step, Text),
    )
    names = ("first_day", "last_day", "units", "value", "outbound_units", "outbound_cost")
    point = found.table_valued(*names)
    return select(point).order_by(point.c.last_day)


def expiring(scope: Scope) -> Select[Any]:
    """Lots that have expired, and that will within each of `EXPIRING_DAYS`, today."""
    found = func.analytics_expiring(
        cast(scope.location_id, Text), cast(scope.category_id, Text), EXPIRING_DAYS[-1]
    )
    lot = found.table_valued("product_id", "lot_id", "days_left", "units", "value", "at_risk_units")
    days = lot.c.days_left
    terms = {"expired": days < 0}
    terms |= {f"within_{n}": and_(days >= 0, days <= n) for n in EXPIRING_DAYS}
    return select(
        *(
            number.label(f"{term}_{name}")
            for term, condition in terms.items()
            for name, number in _lots(lot.c, condition).items()
        )
    )


def service(scope: Scope) -> Select[Any]:
    """How well requests were met and counts agreed, in one row."""
    found = func.analytics_service(
        literal(scope.location_id, Text),
        literal(scope.category_id, Text),
        literal(scope.from_, Date),
        literal(scope.to, Date),
    ).table_valued(*_SERVICE)
    return select(found)


_SERVICE = (
    *("asked_lines", "met_lines", "asked_units", "met_units"),
    *("judged_lines", "right_lines", "expected_units", "off_units"),
)


def _lots(lot: Any, condition: ColumnElement[bool]) -> dict[str, ColumnElement[Any]]:
    sums = ("units", "value", "at_risk_units")
    items: ColumnElement[Any] = func.count(lot.lot_id.distinct()).filter(condition)
    return {
        "lots": items,
        **{name: func.coalesce(func.sum(lot[name]).filter(condition), 0) for name in sums},
    }


def _stock(scope: Scope) -> Any:
    return func.analytics_stock(
        cast(scope.location_id, Text),
        cast(scope.category_id, Text),
        cast(scope.from_, Date),
        cast(scope.to, Date),
    ).table_valued(*_COLUMNS)


def _sums(stock: Any) -> Sequence[ColumnElement[Any]]:
    return [func.sum(stock[name]).label(name) for name in _SUMS]


def _items(scope: Scope) -> Select[Any]:
    """One row a product, over all locations."""
    stock = _stock(scope)
    return select(
        stock.c.product_id,
        *_sums(stock.c),
        func.sum(stock.c.recent_units).label("recent_units"),
        func.max(stock.c.last_outbound).label("last_outbound"),
        func.min(stock.c.first_receipt).label("first_receipt"),
        func.bool_or(stock.c.has_history).label("has_history"),
    ).group_by(stock.c.product_id)


def _grouped(scope: Scope, key: ColumnElement[Any]) -> Select[Any]:
    stock = _stock(scope)
    named = stock.join(
        products,
        and_(products.c.tenant_id == this_tenant(), products.c.id == stock.c.product_id),
    )
    return _ordered(select(key.label("key"), *_sums(stock.c)).select_from(named), key)


def _ordered(rows: Select[Any], key: ColumnElement[Any]) -> Select[Any]:
    sums = rows.group_by(key).subquery()
    return select(sums).order_by(sums.c.value.desc(), sums.c.key.asc().nulls_last())


def _count(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    counted: ColumnElement[Any] = func.count().filter(condition)
    return counted


def _slow(item: Any, scope: Scope) -> ColumnElement[bool]:
    """On hand, not new, and not issued for SLOW_DAYS or enough for longer than 180 days."""
    return and_(
        _kept(item, scope),
        or_(_idle(item, scope, SLOW_DAYS), item.units > SLOW_COVER * item.recent_units),
    )


def _dead(item: Any, scope: Scope) -> ColumnElement[bool]:
    return and_(_kept(item, scope), _idle(item, scope, DEAD_DAYS))


def _kept(item: Any, scope: Scope) -> ColumnElement[bool]:
    first, day = item.first_receipt, cast(scope.to, Date)
    return and_(item.units > 0, or_(first.is_(None), first <= day - NEW_DAYS))


def _idle(item: Any, scope: Scope, days: int) -> ColumnElement[bool]:
    last, day = item.last_outbound, cast(scope.to, Date)
    return or_(last.is_(None), last <= day - days)
