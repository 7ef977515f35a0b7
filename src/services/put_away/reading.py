"""Reads put-away rules, tasks and their lines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from models import putting_away
from models.lists.put_away import PUT_AWAY_RULES, PUT_AWAY_TASKS
from models.session import Session
from services.lists import Reader

rules = Reader(PUT_AWAY_RULES)
tasks = Reader(PUT_AWAY_TASKS)


async def lines_of(session: Session, ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """The lines of each of these tasks, in their order."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await session.all(putting_away.lines_of(ids)):
        found[row.task_id].append(row)
    return found
