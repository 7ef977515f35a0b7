"""Reads stock that has expired or expires soon."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.pages import ListWish
from models.lists import expired as lists
from models.session import Session
from services.lists import Reader

items = Reader(lists.EXPIRED)


async def totals(session: Session, wishes: Sequence[ListWish]) -> Mapping[ListWish, Any]:
    """Units and their value over the whole of each of these lists."""
    return {wish: await session.one(lists.totals(wish)) for wish in wishes}
