"""The lists of replenishment: how products are ordered at places, and what is to be ordered."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, select

from models.base import this_tenant
from models.catalog import products
from models.lists.listing import Listing, between, one_of, words
from models.locations import locations
from models.replenishment import replenishment_records
from models.stock import inventory_levels
from models.transfers import transfers

_setting = inventory_levels.c

# Settings with a method. What they share with the settings of a level is kept once, in the level.
REPLENISHMENT_CONFIGS = Listing(
    rows=select(inventory_levels)
    .outerjoin(
        products,
        and_(products.c.tenant_id == this_tenant(), products.c.id == _setting.product_id),
    )
    .outerjoin(
        locations,
        and_(locations.c.tenant_id == this_tenant(), locations.c.id == _setting.location_id),
    )
    .where(
        _setting.tenant_id == this_tenant(),
        _setting.replenishment_method.is_not(None),
    ),
    id=[_setting.id],
    orders={
        "id": [],
        "sku": [products.c.sku, locations.c.code],
        "updated_at": [_setting.updated_at],
    },
    filters={
        "id_in": one_of(_setting.id),
        "product_id_in": one_of(_setting.product_id),
        "location_id_in": one_of(_setting.location_id),
        "source_location_id_in": one_of(_setting.replenishment_location_id),
        "method_in": one_of(_setting.replenishment_method),
        "abc_class_in": one_of(_setting.abc_class),
    },
    parents={name: _setting[name] for name in ("product_id", "location_id")},
)

_record = replenishment_records.c
_moved = transfers.c.status
_status: ColumnElement[str] = case(
    (_record.transfer_id.is_(None), _record.status),
    (_moved.in_(("RECEIVED", "CLOSED")), "RECEIVED"),
    (_moved.in_(("PARTIALLY_RECEIVED", "CLOSED_SHORT", "CANCELLED")), _moved),
    else_=_record.status,
)
_columns: list[Any] = [column for column in _record if column.name != "status"]

REPLENISHMENT_RECORDS = Listing(
    rows=select(
        *_columns,
        _status.label("status"),
        products.c.name.label("product_name"),
        _record.created_by["id"].astext.label("created_by_id"),
        _record.created_by["name"].astext.label("created_by_name"),
    )
    .select_from(
        replenishment_records.outerjoin(
            products,
            and_(products.c.tenant_id == this_tenant(), products.c.id == _record.product_id),
        ).outerjoin(
            transfers,
            and_(transfers.c.tenant_id == this_tenant(), transfers.c.id == _record.transfer_id),
        )
    )
    .where(_record.tenant_id == this_tenant()),
    id=[_record.id],
    orders={
        "id": [],
        "created_at": [_record.created_at],
        "needed_by": [_record.needed_by],
        "number": [_record.number],
        "updated_at": [_record.updated_at],
    },
    filters={
        "id_in": one_of(_record.id),
        "number_in": one_of(_record.number),
        "status_in": one_of(_status),
        "product_id_in": one_of(_record.product_id),
        "location_id_in": one_of(_record.location_id),
        "source_location_id_in": one_of(_record.source_location_id),
        "transfer_id_in": one_of(_record.transfer_id),
        "search": words(_record.number, _record.reference),
        "created_at": between(_record.created_at),
        "needed_by": between(_record.needed_by),
    },
    parents={name: _record[name] for name in ("product_id", "location_id")},
)
