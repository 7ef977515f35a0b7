"""The list of API keys."""

from sqlalchemy import select

from models.base import this_tenant
from models.keys import SHOWN, STATUS, api_keys
from models.lists.listing import Listing, one_of, words

_key = api_keys.c

KEYS = Listing(
    rows=select(*SHOWN).where(_key.tenant_id == this_tenant()),
    id=[_key.id],
    orders={
        "id": [],
        "name": [_key.name],
        "created_at": [_key.created_at],
    },
    filters={
        "search": words(_key.name),
        "id_in": one_of(_key.id),
        "status_in": one_of(STATUS),
    },
)
