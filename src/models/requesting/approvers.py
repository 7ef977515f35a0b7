"""Statements of what keys may decide beyond their permission."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Insert, Select, and_, func, select
from sqlalchemy.dialects.postgresql import insert

from models.base import this_tenant
from models.keys import api_keys
from models.requests import request_approvers

_approver, _key = request_approvers.c, api_keys.c


def get(key_id: str) -> Select[Any]:
    """What a key may decide beyond its permission, if anything was set."""
    return select(request_approvers).where(
        _approver.tenant_id == this_tenant(), _approver.key_id == key_id
    )


def listed() -> Select[Any]:
    """All of them with their keys' names, in the order of these."""
    return (
        select(request_approvers, _key.name.label("key_name"))
        .join(api_keys, and_(_key.tenant_id == this_tenant(), _key.id == _approver.key_id))
        .where(_approver.tenant_id == this_tenant())
        .order_by(_key.name, _key.id)
    )


def put(key_id: str, values: Mapping[str, Any]) -> Insert:
    """Set what a key may decide, and give it back."""
    new: Insert = (
        insert(request_approvers)
        .values(key_id=key_id, **values)
        .on_conflict_do_update(
            index_elements=["tenant_id", "key_id"],
            set_={**values, "version": _approver.version + 1, "updated_at": func.stock_now()},
            where=_approver.tenant_id == this_tenant(),
        )
    )
    return new.returning(*_approver)
