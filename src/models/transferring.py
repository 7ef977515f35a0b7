"""Statements of transfers: their lines, from which buckets they are met, and what is in transit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Delete, Select, and_, delete, func, select

from models.base import texts, this_tenant
from models.catalog import products
from models.transfers import transfer_lines

_line = transfer_lines.c


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
        )
        .join(products, and_(product.tenant_id == this_tenant(), product.id == _line.product_id))
        .where(_line.tenant_id == this_tenant(), _line.transfer_id == func.any(texts(transfer_ids)))
        .order_by(_line.transfer_id, _line.ordinal)
    )
