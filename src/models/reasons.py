"""Statements on reason codes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import Insert, insert

from models.base import this_tenant
from models.stock import reason_codes


def seed(rows: Sequence[Mapping[str, Any]]) -> Insert:
    """The first reason codes of a tenant; codes that are there stay as they are."""
    return insert(reason_codes).values(list(rows)).on_conflict_do_nothing()


def named(id: str | None, code: str | None) -> Select[Any]:
    """The reason code with this id; without one, that with this code."""
    column, value = (reason_codes.c.id, id) if id else (reason_codes.c.code, code)
    return select(reason_codes).where(reason_codes.c.tenant_id == this_tenant(), column == value)
