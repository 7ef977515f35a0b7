"""The lists of locations and bins."""

from sqlalchemy import func, select

from models.base import this_tenant
from models.lists.listing import Listing, is_, one_of, words
from models.locations import HELD_BIN_TYPES, bins, locations

_location, _bin = locations.c, bins.c

LOCATIONS = Listing(
    reference=True,
    rows=select(locations).where(_location.tenant_id == this_tenant()),
    id=[_location.id],
    orders={
        "id": [],
        "code": [_location.code],
        "name": [func.lower(_location.name)],
        "type": [_location.type],
        "created_at": [_location.created_at],
        "updated_at": [_location.updated_at],
    },
    filters={
        "search": words(_location.code, _location.name),
        "id_in": one_of(_location.id),
        "code_in": one_of(_location.code),
        "type_in": one_of(_location.type),
        "parent_id_in": one_of(_location.parent_id),
        "is_root": lambda wanted: _location.parent_id.is_(None) == wanted,
        "active": is_(_location.active),
    },
    parents={"parent_id": _location.parent_id},
)

BINS = Listing(
    reference=True,
    rows=select(bins).where(_bin.tenant_id == this_tenant()),
    id=[_bin.id],
    orders={
        "id": [],
        "code": [_bin.code],
        "type": [_bin.type],
        "pick_order": [_bin.pick_order],
        "created_at": [_bin.created_at],
        "updated_at": [_bin.updated_at],
    },
    filters={
        "search": words(_bin.code, _bin.name, _bin.zone),
        "id_in": one_of(_bin.id),
        "location_id_in": one_of(_bin.location_id),
        "type_in": one_of(_bin.type),
        "zone_in": one_of(_bin.zone),
        "is_held": lambda wanted: _bin.type.in_(HELD_BIN_TYPES) == wanted,
        "active": is_(_bin.active),
    },
    parents={"location_id": _bin.location_id},
)
