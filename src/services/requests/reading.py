"""Reads stock requests and their lines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from models.lists.requests import REQUESTS_OF_OTHERS, STOCK_REQUESTS
from models.requesting import lines as statements
from models.session import Session
from services.lists import Reader

stock_requests = Reader(STOCK_REQUESTS)
requests_of_others = Reader(REQUESTS_OF_OTHERS)


async def lines_of(session: Session, request_ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """The lines of each of these requests, in their order, with what is available of them."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await session.all(statements.of_requests(request_ids)):
        found[row.request_id].append(row)
    return found
