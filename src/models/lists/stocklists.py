"""The list of stocklists."""

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from models.base import this_tenant
from models.lists.listing import Condition, Listing, between, one_of, words
from models.locations import locations
from models.stocklists import stocklist_lines, stocklists

_list, _line = stocklists.c, stocklist_lines.c
_requesting, _fulfilling = aliased(locations, name="asks"), aliased(locations, name="gives")


def _has_product() -> Condition:
    return lambda values: (
        select(1)
        .where(
            _line.tenant_id == this_tenant(),
            _line.stocklist_id == _list.id,
            one_of(_line.product_id)(values),
        )
        .exists()
    )


STOCKLISTS = Listing(
    rows=select(
        *(column for column in _list if column.name != "created_by"),
        _list.created_by["id"].astext.label("created_by_id"),
        _list.created_by["name"].astext.label("created_by_name"),
        _requesting.c.name.label("requesting_location_name"),
        _requesting.c.code.label("requesting_location_code"),
        _fulfilling.c.name.label("fulfilling_location_name"),
        _fulfilling.c.code.label("fulfilling_location_code"),
    )
    .select_from(
        stocklists.outerjoin(
            _requesting,
            and_(
                _requesting.c.tenant_id == this_tenant(),
                _requesting.c.id == _list.requesting_location_id,
            ),
        ).outerjoin(
            _fulfilling,
            and_(
                _fulfilling.c.tenant_id == this_tenant(),
                _fulfilling.c.id == _list.fulfilling_location_id,
            ),
        )
    )
    .where(_list.tenant_id == this_tenant()),
    id=[_list.id],
    orders={
        "id": [],
        "name": [_list.name],
        "next_on": [_list.next_on],
        "created_at": [_list.created_at],
        "updated_at": [_list.updated_at],
    },
    filters={
        "search": words(_list.name),
        "id_in": one_of(_list.id),
        "state_in": one_of(_list.state),
        "type_in": one_of(_list.type),
        "requesting_location_id_in": one_of(_list.requesting_location_id),
        "fulfilling_location_id_in": one_of(_list.fulfilling_location_id),
        "product_id_in": _has_product(),
        "next_on": between(_list.next_on),
    },
    parents={name: _list[name] for name in ("requesting_location_id", "fulfilling_location_id")},
)
