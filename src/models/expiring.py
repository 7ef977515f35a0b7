"""Statements of marking stock as expired and moving it away."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from models.base import texts

MARK_ITEMS = "select stock_mark_items($1, $2)"


def lock_parts(buckets: Sequence[tuple[str, str, str | None, str | None]]) -> Select[Any]:
    """Lock the lots and bins in which new buckets (location, product, bin, lot) will stand."""
    columns: Any = [list(column) for column in zip(*buckets, strict=True)]
    return select(func.stock_lock_parts(*(texts(column) for column in columns)))
