"""Settings of products at locations, and how the stock there stands to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from domain.actor import Author
from domain.errors import (
    AlreadyExists,
    BoundsRefused,
    Invalid,
    NotFound,
    ReplenishmentCycle,
    StaleVersion,
)
from domain.names import camel
from domain.quantities import ZERO
from models import catalog, levels, locations
from models.session import Session
from models.stock import inventory_levels
from services import checks, records, supply
from services.catalog import reading as catalog_reading
from services.stock import reading as stock_reading

_BOUNDS = ("min_quantity", "reorder_quantity", "max_quantity")
_DAYS = ("expected_lead_time_days", "replenishment_period_days", "forecast_period_days")


class StockStatus(StrEnum):
    """How what is on hand stands to the settings; the first that is true."""

    NOT_STOCKED = "NOT_STOCKED"
    """It was never stocked there."""

    STOCKED_OUT = "STOCKED_OUT"
    """Nothing is on hand."""

    BELOW_MIN = "BELOW_MIN"
    """Less than the minimum is on hand."""

    BELOW_REORDER = "BELOW_REORDER"
    """No more than the reorder quantity is on hand."""

    ABOVE_MAX = "ABOVE_MAX"
    """More than the maximum is on hand."""

    IN_RANGE = "IN_RANGE"
    """None of these, or there are no settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSet:
    """Settings as they stand after an act, with their product."""

    level: Any
    product: Any
    touched: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLevel:
    """A product at a location: its settings or None, its stock or None, in base units."""

    location_id: str
    settings: Any
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    on_order: Decimal
    stock_status: StockStatus


async def set_level(
    session: Session, _author: Author, values: Mapping[str, Any], expected_version: int | None
) -> LevelSet:
    """Make the settings of a product at a location, or change what is given of those there are.

    They stay locked until the transaction ends; of two who make them at once the second changes
    what the first has made.

    Raises:
        Invalid: a value breaks a rule.
        BoundsRefused: minimum, reorder and maximum quantity are not in order.
        NotFound: there is no such product, location or bin, or there are no settings at the
            expected version.
        StaleVersion: they are at another version than the expected one.
        ReplenishmentCycle: the location would be replenished from itself, over others.
    """
    _check(values)
    product_id, location_id = values["product_id"], values["location_id"]
    await records.require(session, catalog.products, "Product", product_id, "productId")
    await records.require(session, locations.locations, "Location", location_id, "locationId")
    await _check_pointers(session, values)
    if values.get("replenishment_location_id") is not None:
        await records.get_locked(session, catalog.products, "Product", product_id)
        row = await _written(session, values, expected_version)
        await _check_sources(session, product_id, location_id)
    else:
        row = await _written(session, values, expected_version)
    found = await stock_reading.settings.by_ids(session, [row.id])
    products = await catalog_reading.products.by_ids(session, [product_id])
    return LevelSet(
        level=found[row.id], product=products[product_id], touched=[(location_id, product_id)]
    )


async def product_levels(
    session: Session, product_id: str, location_ids: Sequence[str] | None
) -> list[ProductLevel]:
    """The levels of a product at every location with settings or stock of it, by location code.

    Raises:
        NotFound: there is no such product.
    """
    await records.require(session, catalog.products, "Product", product_id, "productId")
    places = [row.id for row in await session.all(levels.places_of(product_id))]
    settings = {row.location_id: row for row in await session.all(levels.settings_of(product_id))}
    stock = {row.location_id: row for row in await session.all(levels.stock_of(product_id))}
    expected = await supply.by_location(session, product_id)
    return [
        _level(id, settings.get(id), stock.get(id), expected.get(id, ZERO))
        for id in places
        if location_ids is None or id in location_ids
    ]


def status_of(settings: Any, on_hand: Decimal | None) -> StockStatus:
    """The first rung of the ladder that holds; None on hand where it was never stocked."""
    if on_hand is None:
        return StockStatus.NOT_STOCKED
    if on_hand <= 0:
        return StockStatus.STOCKED_OUT
    least, reorder, most = (getattr(settings, name, None) for name in _BOUNDS)
    if least is not None and on_hand < least:
        return StockStatus.BELOW_MIN
    if reorder is not None and on_hand <= reorder:
        return StockStatus.BELOW_REORDER
    is_over = most is not None and on_hand > most
    return StockStatus.ABOVE_MAX if is_over else StockStatus.IN_RANGE


def _level(location_id: str, settings: Any, stock: Any, on_order: Decimal) -> ProductLevel:
    return ProductLevel(
        location_id=location_id,
        settings=settings,
        on_hand=stock.on_hand if stock else ZERO,
        reserved=stock.reserved if stock else ZERO,
        available=stock.available if stock else ZERO,
        on_order=on_order,
        stock_status=status_of(settings, stock.on_hand if stock else None),
    )


def _check(values: Mapping[str, Any]) -> None:
    checks.amounts(values, *_BOUNDS, "forecast_quantity")
    checks.wholes(values, *_DAYS)
    checks.one_of(values, "abc_class", ("A", "B", "C"))
    checks.texts(values, "status")
    checks.notes(values, "comments")


def _check_order(values: Mapping[str, Any]) -> None:
    """Minimum, reorder and maximum, as far as they are there, in rising order."""
    given = [(name, values[name]) for name in _BOUNDS if values[name] is not None]
    for (lower, least), (upper, most) in pairwise(given):
        if least > most:
            low, high = camel(lower), camel(upper)
            raise BoundsRefused(low, f"{low} must not be above {high}.")


async def _check_pointers(session: Session, values: Mapping[str, Any]) -> None:
    place = values.get("replenishment_location_id")
    field = "replenishmentLocationId"
    await records.require(session, locations.locations, "Location", place, field)
    if place is not None and place == values["location_id"]:
        raise Invalid(field, f"{field} must be another location than locationId.")
    bin = values.get("preferred_bin_id")
    row = await records.require(session, locations.bins, "Bin", bin, "preferredBinId")
    if row is not None and row.location_id != values["location_id"]:
        raise Invalid("preferredBinId", "This bin is at another location.")


async def _check_sources(session: Session, product_id: str, location_id: str) -> None:
    """Refuse a way of sources that comes back; who changes those of the product waits for us."""
    rows = await session.all(levels.settings_of(product_id))
    sources = {row.location_id: row.replenishment_location_id for row in rows}
    way = [location_id]
    while (source := sources.get(way[-1])) is not None:
        way.append(source)
        if source in way[:-1]:
            raise ReplenishmentCycle(
                "The location would be replenished from itself.",
                field="replenishmentLocationId",
                details={"locationIds": way},
            )


async def _written(
    session: Session, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    statement = levels.settings_locked(values["location_id"], values["product_id"])
    row = await session.one_or_none(statement)
    if row is None and expected_version is None:
        _check_order({**dict.fromkeys(_BOUNDS), **values})
        try:
            async with session.attempt():
                return await records.add(session, inventory_levels, "Level", "level_", values)
        except AlreadyExists:  # somebody else made them meanwhile
            row = await session.one_or_none(statement)
    if row is None:
        raise NotFound("Inventory level", "expectedVersion")
    if expected_version is not None and row.version != expected_version:
        raise StaleVersion("inventory level", expected=expected_version, actual=row.version)
    _check_order({**{name: getattr(row, name) for name in _BOUNDS}, **values})
    return await records.change(session, inventory_levels, row, values)
