"""What is expected where and when: statements on the view `expected_supply`, and on order lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    MetaData,
    Select,
    Table,
    Update,
    Uuid,
    and_,
    case,
    func,
    select,
    update,
)

from models.base import Key, Quantity, recordset, texts, this_tenant
from models.catalog import products
from models.supply import purchase_order_lines

expected_supply = Table(
    "expected_supply",
    MetaData(),
    Column("tenant_id", Uuid, nullable=False),
    Column("product_id", Key, nullable=False),
    Column("location_id", Key),
    Column("kind", Key, nullable=False),
    Column("quantity", Quantity, nullable=False),
    Column("due_on", Date),
    *(Column(name, Key, nullable=False) for name in ("source_type", "source_id", "source_number")),
    Column("source_line_id", Key, nullable=False),
)
_expected, _line = expected_supply.c, purchase_order_lines.c


def total(
    location_ids: Sequence[str] | None, filters: Sequence[ColumnElement[bool]]
) -> Select[tuple[Any]]:
    """Units of products under these filters that are expected at these locations, or anywhere."""
    of = and_(products.c.tenant_id == this_tenant(), products.c.id == _expected.product_id)
    where = [] if location_ids is None else [_expected.location_id == func.any(texts(location_ids))]
    return (
        select(func.coalesce(func.sum(_expected.quantity, type_=Quantity), 0, type_=Quantity))
        .select_from(expected_supply.join(products, of))
        .where(_expected.tenant_id == this_tenant(), *where, *filters)
    )


def by_location(product_id: str) -> Select[Any]:
    """Units of a product that are expected at each location at which some are."""
    return (
        select(
            _expected.location_id, func.sum(_expected.quantity, type_=Quantity).label("quantity")
        )
        .where(
            _expected.tenant_id == this_tenant(),
            _expected.product_id == product_id,
            _expected.location_id.is_not(None),
        )
        .group_by(_expected.location_id)
    )


def of_products(product_ids: Sequence[str], limit: int) -> Select[Any]:
    """What is expected of each of these products, the earliest first; those without a day last."""
    place = (
        func.row_number()
        .over(
            partition_by=_expected.product_id,
            order_by=(_expected.due_on.nulls_last(), _expected.source_line_id, _expected.kind),
        )
        .label("place")
    )
    ranked = (
        select(expected_supply, place)
        .where(
            _expected.tenant_id == this_tenant(),
            _expected.product_id == func.any(texts(product_ids)),
        )
        .subquery()
    )
    return (
        select(ranked).where(ranked.c.place <= limit).order_by(ranked.c.product_id, ranked.c.place)
    )


def lines_locked(ids: Sequence[str]) -> Select[Any]:
    """Lines of orders, locked in the order of their ids until the transaction ends."""
    return (
        select(purchase_order_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == func.any(texts(ids)))
        .order_by(_line.id)
        .with_for_update(key_share=True)
    )


def receive(receipts: Sequence[Mapping[str, Any]]) -> Update:
    """Add what was received to lines by `id`; one of which nothing is left is complete."""
    told = recordset("told", receipts, _line.id, _line.received)
    received = _line.received + told.c.received
    return (
        update(purchase_order_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == told.c.id)
        .values(
            received=received,
            stocked=_line.stocked + told.c.received,
            status=case((received >= _line.quantity, "COMPLETE"), else_=_line.status),
            version=_line.version + 1,
            updated_at=func.stock_now(),
        )
    )
