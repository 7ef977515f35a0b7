"""The list of reason codes."""

from sqlalchemy import select

from models.base import this_tenant
from models.lists.listing import Listing, one_of, words
from models.stock import reason_codes

_reason = reason_codes.c

REASON_CODES = Listing(
    rows=select(reason_codes).where(_reason.tenant_id == this_tenant()),
    id=[_reason.id],
    orders={
        "id": [],
        "code": [_reason.code],
        "name": [_reason.name],
        "created_at": [_reason.created_at],
        "updated_at": [_reason.updated_at],
    },
    filters={
        "search": words(_reason.name),
        "id_in": one_of(_reason.id),
        "code_in": one_of(_reason.code),
        "direction_in": one_of(_reason.direction),
        "category_in": one_of(_reason.category),
        "active": lambda wanted: _reason.active == wanted,
    },
)
