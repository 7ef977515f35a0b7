"""Put-away: rules that choose bins, what they suggest, and the tasks that bring goods there."""

from services.put_away.outcomes import Act, LineAct, Outcome, TaskWish
from services.put_away.settings import create_rule, delete_rule, update_rule
from services.put_away.suggesting import ItemWish, Suggested, Wish, suggest
from services.put_away.tasks import (
    cancel,
    comment,
    complete,
    create,
    pick,
    split,
    start,
)

__all__ = [
    "Act",
    "ItemWish",
    "LineAct",
    "Outcome",
    "Suggested",
    "TaskWish",
    "Wish",
    "cancel",
    "comment",
    "complete",
    "create",
    "create_rule",
    "delete_rule",
    "pick",
    "split",
    "start",
    "suggest",
    "update_rule",
]
