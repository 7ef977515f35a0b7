"""The list of crossings of severity."""

from sqlalchemy import select

from models.base import this_tenant
from models.lists.listing import Listing, between, one_of
from models.severity import severity_crossings

_crossing = severity_crossings.c

CROSSINGS = Listing(
    rows=select(severity_crossings).where(_crossing.tenant_id == this_tenant()),
    id=[_crossing.id],
    orders={"crossed_at": [_crossing.crossed_at]},
    filters={
        "since": lambda moment: _crossing.crossed_at >= moment,
        "channel_id_in": one_of(_crossing.channel_id),
        "location_id_in": one_of(_crossing.location_id),
        "product_id_in": one_of(_crossing.product_id),
        "after_in": one_of(_crossing.after),
        "crossed_at": between(_crossing.crossed_at),
    },
)
