"""The list of transfers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from models.base import texts, this_tenant
from models.lists.listing import Listing, between, one_of, words
from models.locations import locations
from models.transfers import transfer_lines, transfers

_transfer, _line = transfers.c, transfer_lines.c
_source, _dest = locations.alias("source"), locations.alias("dest")


def _moves(product_ids: Sequence[str]) -> ColumnElement[bool]:
    """That one of its lines is of one of these products."""
    return (
        select(_line.id)
        .where(
            _line.tenant_id == this_tenant(),
            _line.transfer_id == _transfer.id,
            _line.product_id == func.any(texts(product_ids)),
        )
        .exists()
    )


def _location(place: Any, id: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(place.c.tenant_id == this_tenant(), place.c.id == id)


TRANSFERS = Listing(
    rows=select(
        transfers,
        _source.c.name.label("source_location_name"),
        _dest.c.name.label("dest_location_name"),
        _transfer.created_by["id"].astext.label("created_by_id"),
        _transfer.created_by["name"].astext.label("created_by_name"),
    )
    .select_from(
        transfers.outerjoin(_source, _location(_source, _transfer.source_location_id)).outerjoin(
            _dest, _location(_dest, _transfer.dest_location_id)
        )
    )
    .where(_transfer.tenant_id == this_tenant()),
    id=[_transfer.id],
    orders={
        "id": [],
        "created_at": [_transfer.created_at],
        "expected_on": [_transfer.expected_on],
        "number": [_transfer.number],
        "updated_at": [_transfer.updated_at],
    },
    filters={
        "id_in": one_of(_transfer.id),
        "number_in": one_of(_transfer.number),
        "status_in": one_of(_transfer.status),
        "source_location_id_in": one_of(_transfer.source_location_id),
        "dest_location_id_in": one_of(_transfer.dest_location_id),
        "product_id_in": _moves,
        "search": words(_transfer.number, _transfer.reference),
        "created_at": between(_transfer.created_at),
        "expected_on": between(_transfer.expected_on),
    },
    parents={name: _transfer[name] for name in ("source_location_id", "dest_location_id")},
)
