"""Statements of put-away: what lies in bins, what is about to, and where things were put before.

What is there comes from the view `item_quantities` of `sql/availability.sql`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Select,
    Update,
    and_,
    func,
    or_,
    select,
    true,
    union_all,
    update,
)

from models.base import Quantity, recordset, texts, this_tenant
from models.catalog import categories, products
from models.lists.stock import item_quantities
from models.locations import bins
from models.lots import lots
from models.put_away import put_away_lines, put_away_rules, put_away_tasks
from models.stock import inventory_items, inventory_levels, ledger_entries

OPEN_TASKS = ("READY", "IN_PROGRESS")
OPEN_LINES = ("PENDING", "PICKED")
_item, _line, _task, _bin = item_quantities.c, put_away_lines.c, put_away_tasks.c, bins.c
_product = products.c


def bins_of(location_id: str) -> Select[Any]:
    """All bins of the location, in no order."""
    return select(bins).where(_bin.tenant_id == this_tenant(), _bin.location_id == location_id)


def rules_of(location_id: str) -> Select[Any]:
    """The rules that are in use for the location, its own and those of all."""
    rule = put_away_rules.c
    return select(put_away_rules).where(
        rule.tenant_id == this_tenant(),
        rule.active,
        or_(rule.location_id.is_(None), rule.location_id == location_id),
    )


def contents(location_id: str) -> Select[Any]:
    """Of each bin of the location: what lies in it and what open tasks will bring, summed."""
    there = _there(location_id)
    lot = func.concat(there.c.product_id, ":", there.c.lot_id)
    weight = there.c.units * func.coalesce(_product.unit_weight_kg, 0)
    volume = there.c.units * func.coalesce(_product.unit_volume_litres, 0)
    return (
        select(
            there.c.bin_id,
            func.sum(there.c.units, type_=Quantity).label("units"),
            func.sum(weight, type_=Quantity).label("weight"),
            func.sum(volume, type_=Quantity).label("volume"),
            func.count(there.c.product_id.distinct()).label("products"),
            func.count(lot.distinct()).label("lots"),
        )
        .join(
            products,
            and_(_product.tenant_id == this_tenant(), _product.id == there.c.product_id),
        )
        .group_by(there.c.bin_id)
    )


def holdings(location_id: str, product_ids: Sequence[str]) -> Select[Any]:
    """Units of these products by bin and lot, those that open tasks will bring included."""
    there = _there(location_id)
    return (
        select(
            there.c.bin_id,
            there.c.product_id,
            there.c.lot_id,
            func.sum(there.c.units, type_=Quantity).label("units"),
        )
        .where(there.c.product_id == func.any(texts(product_ids)))
        .group_by(there.c.bin_id, there.c.product_id, there.c.lot_id)
    )


def sources(item_ids: Sequence[str]) -> Select[Any]:
    """These buckets with their products, what is promised of them, and what open tasks take."""
    return (
        select(
            _item.id,
            _item.location_id,
            _item.product_id,
            _item.lot_id,
            _item.bin_id,
            _item.on_hand,
            _item.reserved,
            _taken().label("taken"),
            _path().label("category_path"),
            _preferred().label("preferred_bin_id"),
            _product.storage_class,
            _product.unit_weight_kg,
            _product.unit_volume_litres,
            _product.quantity_step,
        )
        .join(products, and_(_product.tenant_id == this_tenant(), _product.id == _item.product_id))
        .where(_item.tenant_id == this_tenant(), _item.id == func.any(texts(item_ids)))
    )


def last_bins(location_id: str, product_ids: Sequence[str]) -> Select[Any]:
    """The bin of the location into which each of these products last came to stay."""
    entry, item = ledger_entries.c, inventory_items.c
    wanted = func.unnest(texts(product_ids)).table_valued("id", name="wanted").render_derived()
    last = (
        select(item.bin_id)
        .join(inventory_items, _same(item, item.id == entry.inventory_item_id))
        .join(bins, _same(_bin, _bin.id == item.bin_id))
        .where(
            entry.tenant_id == this_tenant(),
            entry.location_id == location_id,
            entry.product_id == wanted.c.id,
            entry.delta > 0,
            _bin.type.not_in(("RECEIVING", "STAGING")),
        )
        .order_by(entry.occurred_at.desc(), entry.recorded_at.desc())
        .limit(1)
        .correlate(wanted)
        .select_from(ledger_entries)
        .lateral("last")
    )
    return select(wanted.c.id.label("product_id"), last.c.bin_id).select_from(
        wanted.join(last, true())
    )


def lines_of(task_ids: Sequence[str]) -> Select[Any]:
    """The lines of these tasks in their order, with the names that people read."""
    source, suggested, chosen = (bins.alias(name) for name in ("source", "suggested", "chosen"))
    return (
        select(
            put_away_lines,
            _line.id.label("line_id"),
            _product.name.label("product_name"),
            _product.sku,
            lots.c.number.label("lot_number"),
            source.c.code.label("source_bin_code"),
            suggested.c.code.label("suggested_bin_code"),
            chosen.c.code.label("bin_code"),
        )
        .join(products, and_(_product.tenant_id == this_tenant(), _product.id == _line.product_id))
        .outerjoin(lots, and_(lots.c.tenant_id == this_tenant(), lots.c.id == _line.lot_id))
        .outerjoin(source, _same(source.c, source.c.id == _line.source_bin_id))
        .outerjoin(suggested, _same(suggested.c, suggested.c.id == _line.suggested_bin_id))
        .outerjoin(chosen, _same(chosen.c, chosen.c.id == _line.bin_id))
        .where(_line.tenant_id == this_tenant(), _line.task_id == func.any(texts(task_ids)))
        .order_by(_line.task_id, _line.ordinal)
    )


def change_lines(rows: Sequence[Mapping[str, Any]]) -> Update:
    """Set task, state, quantities and bin of lines, all in one statement; rows name them by id."""
    names = ("task_id", "ordinal", "status", "quantity", "put_quantity", "bin_id")
    told = recordset("told", rows, _line.id, *(_line[name] for name in names))
    return (
        update(put_away_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == told.c.id)
        .values({name: told.c[name] for name in names})
    )


def _taken() -> Any:
    """Units of a bucket that open tasks take."""
    return (
        select(func.coalesce(func.sum(_line.quantity, type_=Quantity), 0, type_=Quantity))
        .join(put_away_tasks, and_(_task.tenant_id == this_tenant(), _task.id == _line.task_id))
        .where(
            _line.tenant_id == this_tenant(),
            _line.inventory_item_id == _item.id,
            _line.status.in_(OPEN_LINES),
            _task.status.in_(OPEN_TASKS),
        )
        .correlate(item_quantities)
        .scalar_subquery()
    )


def _path() -> Any:
    """The categories of a bucket's product, from the root down."""
    category = categories.c
    return (
        select(category.path)
        .where(category.tenant_id == this_tenant(), category.id == _product.category_id)
        .scalar_subquery()
    )


def _preferred() -> Any:
    """The bin that a bucket's inventory level prefers."""
    level = inventory_levels.c
    return (
        select(level.preferred_bin_id)
        .where(
            level.tenant_id == this_tenant(),
            level.location_id == _item.location_id,
            level.product_id == _item.product_id,
        )
        .scalar_subquery()
    )


def _there(location_id: str) -> Any:
    """Units by bin, product and lot: those that are there, and those that open tasks will bring."""
    lies = select(_item.bin_id, _item.product_id, _item.lot_id, _item.on_hand.label("units")).where(
        _item.tenant_id == this_tenant(),
        _item.location_id == location_id,
        _item.bin_id.is_not(None),
        _item.on_hand > 0,
    )
    comes = (
        select(_line.bin_id, _line.product_id, _line.lot_id, _line.quantity)
        .join(put_away_tasks, and_(_task.tenant_id == this_tenant(), _task.id == _line.task_id))
        .where(
            _line.tenant_id == this_tenant(),
            _task.location_id == location_id,
            _task.status.in_(OPEN_TASKS),
            _line.status.in_(OPEN_LINES),
            _line.bin_id.is_not(None),
        )
    )
    return union_all(lies, comes).subquery("there")


def _same(columns: Any, condition: Any) -> Any:
    return and_(columns.tenant_id == this_tenant(), condition)
