"""Statements of transfers: their lines, from which buckets they are met, and what is in transit."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Date, Delete, Select, Update, and_, delete, func, select, update

from models.base import Quantity, recordset, texts, this_tenant
from models.catalog import products
from models.locations import bins
from models.lots import lots
from models.stock import inventory_items, reservations
from models.transfers import transfer_allocations, transfer_lines, transit_entries

_line, _part, _transit = transfer_lines.c, transfer_allocations.c, transit_entries.c
_item, _promise = inventory_items.c, reservations.c
COUNTERS = ("picked", "shipped", "received", "damaged", "short", "returned")
CHECK = "select transfer_check($1)"


def today() -> Select[Any]:
    """The tenant's calendar day."""
    return select(func.stock_today(type_=Date))


def drop_lines(transfer_id: str) -> Delete:
    """Delete the lines of a transfer that was never approved."""
    return delete(transfer_lines).where(
        _line.tenant_id == this_tenant(), _line.transfer_id == transfer_id
    )


def lines_of(transfer_ids: Sequence[str]) -> Select[Any]:
    """The lines of these transfers in their order, with what of each is in transit."""
    product = products.c
    in_transit = _line.shipped - _line.received - _line.damaged - _line.short - _line.returned
    return (
        select(
            transfer_lines,
            _line.id.label("line_id"),
            in_transit.label("in_transit"),
            product.name.label("product_name"),
            product.sku,
            product.quantity_step,
        )
        .join(products, and_(product.tenant_id == this_tenant(), product.id == _line.product_id))
        .where(_line.tenant_id == this_tenant(), _line.transfer_id == func.any(texts(transfer_ids)))
        .order_by(_line.transfer_id, _line.ordinal)
    )


def allocations_of(transfer_ids: Sequence[str]) -> Select[Any]:
    """From which buckets the lines of these transfers are met, what expires first first.

    A hold may put what is set aside on another bucket: the reservation knows where it is.
    """
    return (
        select(
            *(column for column in _part if column.name != "inventory_item_id"),
            _promise.inventory_item_id,
            _item.product_id,
            _item.location_id,
            _item.bin_id,
            _item.lot_id,
            lots.c.number.label("lot_number"),
            lots.c.expiry_date,
            bins.c.code.label("bin_code"),
        )
        .join(reservations, _same(reservations, _part.reservation_id))
        .join(inventory_items, _same(inventory_items, _promise.inventory_item_id))
        .outerjoin(lots, _same(lots, _item.lot_id))
        .outerjoin(bins, _same(bins, _item.bin_id))
        .where(_part.tenant_id == this_tenant(), _part.transfer_id == func.any(texts(transfer_ids)))
        .order_by(_part.transfer_id, lots.c.expiry_date.nulls_last(), _part.id)
    )


def transit_of(transfer_id: str) -> Select[Any]:
    """What of a transfer is in transit, by line and the bucket that it left, first expiry first."""
    quantity = func.sum(_transit.delta, type_=Quantity)
    return (
        select(
            _transit.line_id,
            _transit.inventory_item_id,
            quantity.label("quantity"),
            _item.product_id,
            _item.location_id,
            _item.bin_id,
            _item.lot_id,
            lots.c.expiry_date,
        )
        .join(inventory_items, _same(inventory_items, _transit.inventory_item_id))
        .outerjoin(lots, _same(lots, _item.lot_id))
        .where(_transit.tenant_id == this_tenant(), _transit.transfer_id == transfer_id)
        .group_by(
            _transit.line_id,
            _transit.inventory_item_id,
            _item.product_id,
            _item.location_id,
            _item.bin_id,
            _item.lot_id,
            lots.c.expiry_date,
        )
        .having(quantity > 0)
        .order_by(lots.c.expiry_date.nulls_last(), _transit.inventory_item_id)
    )


def count_lines(changes: Sequence[Mapping[str, Any]]) -> Update:
    """Add to the counters of lines; keys are `id` and the counters, absent ones stay."""
    told = recordset("told", changes, _line.id, *(_line[name] for name in COUNTERS))
    return (
        update(transfer_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == told.c.id)
        .values({name: _line[name] + func.coalesce(told.c[name], 0) for name in COUNTERS})
    )


def count_allocations(changes: Sequence[Mapping[str, Any]]) -> Update:
    """Set counters of allocations; keys are `id`, `quantity`, `picked` and `shipped`."""
    names = ("quantity", "picked", "shipped")
    told = recordset("told", changes, _part.id, *(_part[name] for name in names))
    return (
        update(transfer_allocations)
        .where(_part.tenant_id == this_tenant(), _part.id == told.c.id)
        .values({name: told.c[name] for name in names})
    )


def drop_empty(transfer_id: str) -> Delete:
    """Delete the allocations of which nothing is left."""
    return delete(transfer_allocations).where(
        _part.tenant_id == this_tenant(), _part.transfer_id == transfer_id, _part.quantity == 0
    )


def _same(table: Any, id: Any) -> Any:
    return and_(table.c.tenant_id == this_tenant(), table.c.id == id)
