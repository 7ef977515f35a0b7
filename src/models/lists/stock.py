"""The lists of inventory items, stock levels and the settings of products at locations.

Quantities come from the views of `sql/availability.sql`.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    MetaData,
    Select,
    Table,
    Uuid,
    and_,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)

from models.base import Instant, Key, Quantity, texts, this_tenant
from models.catalog import products
from models.lists.listing import Listing, between, one_of
from models.locations import bins, locations
from models.lots import lots
from models.search import matching
from models.stock import inventory_levels, stock_levels

_views = MetaData()

item_quantities = Table(
    "item_quantities",
    _views,
    Column("tenant_id", Uuid, nullable=False),
    *(Column(name, Key, nullable=False) for name in ("id", "location_id", "product_id")),
    *(Column(name, Key) for name in ("bin_id", "lot_id")),
    *(
        Column(name, Quantity, nullable=False)
        for name in ("on_hand", "reserved", "expired", "held", "recalled")
    ),
    Column("version", BigInteger, nullable=False),
    Column("last_counted_at", Instant),
    *(Column(name, Instant, nullable=False) for name in ("created_at", "updated_at")),
)

stock_levels_now = Table(
    "stock_levels_now",
    _views,
    Column("tenant_id", Uuid, nullable=False),
    *(Column(name, Key, nullable=False) for name in ("location_id", "product_id")),
    *(
        Column(name, Quantity, nullable=False)
        for name in ("on_hand", "reserved", "expired", "held")
    ),
)

_item, _setting = item_quantities.c, inventory_levels.c
_stocked, _level = stock_levels.c, stock_levels_now.c


def _of_tenant(table: Any, id: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(table.c.tenant_id == this_tenant(), table.c.id == id)


def _available(numbers: Any) -> ColumnElement[Any]:
    """Signed: below zero where more was promised than is there."""
    available: ColumnElement[Any] = (
        numbers.on_hand - numbers.expired - numbers.held - numbers.reserved
    )
    return available


def _perhaps(column: Column[Any]) -> ColumnElement[Any]:
    """A column that its table always fills, but that is NULL where there is nothing to join."""
    return type_coerce(column, column.type)


def _has_stock(numbers: Any) -> Any:
    return lambda wanted: (numbers.on_hand > 0) == wanted


def _product_matches(search: str) -> ColumnElement[bool]:
    return matching(search)


INVENTORY_ITEMS = Listing(
    rows=select(item_quantities, _available(_item).label("available"), products.c.unit_cost)
    .select_from(
        item_quantities.join(products, _of_tenant(products, _item.product_id))
        .outerjoin(locations, _of_tenant(locations, _item.location_id))
        .outerjoin(bins, _of_tenant(bins, _item.bin_id))
        .outerjoin(lots, _of_tenant(lots, _item.lot_id))
    )
    .where(_item.tenant_id == this_tenant()),
    id=[_item.id],
    orders={
        "id": [],
        "sku": [products.c.sku],
        "product_name": [products.c.name_key],
        "location_code": [locations.c.code],
        "bin_code": [_perhaps(bins.c.code)],
        "lot_number": [_perhaps(lots.c.number)],
        "expiry_date": [lots.c.expiry_date],
        "on_hand": [_item.on_hand],
        "available": [_available(_item)],
        "last_counted_at": [_item.last_counted_at],
        "created_at": [_item.created_at],
        "updated_at": [_item.updated_at],
    },
    filters={
        "search": _product_matches,
        "id_in": one_of(_item.id),
        "product_id_in": one_of(_item.product_id),
        "location_id_in": one_of(_item.location_id),
        "bin_id_in": one_of(_item.bin_id),
        "lot_id_in": one_of(_item.lot_id),
        "bin_type_in": one_of(bins.c.type),
        "include_zero": lambda wanted: true() if wanted else _item.on_hand > 0,
        "has_stock": _has_stock(_item),
        "is_held": lambda wanted: (_item.held > 0) == wanted,
        "is_expired": lambda wanted: (_item.expired > 0) == wanted,
        "expiry_date": between(lots.c.expiry_date),
        "on_hand": between(_item.on_hand),
        "available": between(_available(_item)),
        "updated_at": between(_item.updated_at),
    },
    parents={name: _item[name] for name in ("product_id", "location_id", "bin_id", "lot_id")},
)

_levels = stock_levels.join(products, _of_tenant(products, _stocked.product_id)).outerjoin(
    locations, _of_tenant(locations, _stocked.location_id)
)
_is_same_level = and_(
    _level.tenant_id == this_tenant(),
    _level.location_id == _stocked.location_id,
    _level.product_id == _stocked.product_id,
)
# OFFSET 0 keeps the view's two branches inside the nested loop: one index probe a row.
_numbers = (
    select(
        *(_level[name] for name in ("on_hand", "reserved", "expired", "held")),
        _available(_level).label("available"),
    )
    .where(_is_same_level)
    .offset(literal_column("0"))
    .lateral("numbers")
)
_here = _stocked.tenant_id == this_tenant()

STOCK_LEVELS = Listing(
    rows=select(_stocked.location_id, _stocked.product_id, *_numbers.c)
    .select_from(stock_levels.join(_numbers, true()))
    .where(_here),
    places=select(stock_levels).select_from(_levels).where(_here),
    measured=select(stock_levels)
    .select_from(_levels.join(stock_levels_now, _is_same_level))
    .where(_here),
    measures=frozenset({"on_hand", "available", "has_stock"}),
    id=[_stocked.location_id, _stocked.product_id],
    orders={
        "id": [],
        "sku": [products.c.sku],
        "product_name": [products.c.name_key],
        "location_code": [locations.c.code],
        "on_hand": [_level.on_hand],
        "available": [_available(_level)],
    },
    filters={
        "search": _product_matches,
        "product_id_in": one_of(_stocked.product_id),
        "location_id_in": one_of(_stocked.location_id),
        "has_stock": _has_stock(_level),
        "on_hand": between(_level.on_hand),
        "available": between(_available(_level)),
    },
    parents={name: _stocked[name] for name in ("product_id", "location_id")},
)

INVENTORY_LEVELS = Listing(
    rows=select(inventory_levels).where(_setting.tenant_id == this_tenant()),
    id=[_setting.id],
    orders={
        "id": [],
        "created_at": [_setting.created_at],
        "updated_at": [_setting.updated_at],
    },
    filters={
        "id_in": one_of(_setting.id),
        "product_id_in": one_of(_setting.product_id),
        "location_id_in": one_of(_setting.location_id),
        "abc_class_in": one_of(_setting.abc_class),
        "status_in": one_of(_setting.status),
    },
    parents={name: _setting[name] for name in ("product_id", "location_id")},
)


def levels_of(pairs: Sequence[tuple[str, str]]) -> Any:
    """The kept sums of these (location, product) pairs that were ever stocked, in no order."""
    return STOCK_LEVELS.rows.where(_is_one_of(_stocked, pairs))


def settings_of(pairs: Sequence[tuple[str, str]]) -> Any:
    """The settings of these (location, product) pairs that have some, in no order."""
    return INVENTORY_LEVELS.rows.where(_is_one_of(_setting, pairs))


def _is_one_of(columns: Any, pairs: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    wanted = (
        func.unnest(
            texts([location for location, _ in pairs]), texts([product for _, product in pairs])
        )
        .table_valued("location_id", "product_id", name="wanted")
        .render_derived()
    )
    return and_(
        columns.location_id == wanted.c.location_id, columns.product_id == wanted.c.product_id
    )


def on_hand_left(limit: int, **where: str) -> Select[Any]:
    """Products and locations with units on hand in the buckets that `where` names by column."""
    item = item_quantities.c
    total = func.sum(item.on_hand, type_=Quantity).label("on_hand")
    return (
        select(item.product_id, item.location_id, total)
        .where(
            item.tenant_id == this_tenant(),
            item.on_hand > 0,
            *(item[name] == value for name, value in where.items()),
        )
        .group_by(item.product_id, item.location_id)
        .order_by(total.desc(), item.product_id, item.location_id)
        .limit(limit)
    )


def pairs_of(**where: str) -> Select[Any]:
    """The (location, product) pairs of the buckets that `where` names by column."""
    item = item_quantities.c
    return (
        select(item.location_id, item.product_id)
        .where(
            item.tenant_id == this_tenant(), *(item[name] == value for name, value in where.items())
        )
        .distinct()
    )
