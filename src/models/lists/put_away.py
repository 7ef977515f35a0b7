"""The lists of put-away rules and tasks."""

from sqlalchemy import ColumnElement, select

from models.base import this_tenant
from models.lists.listing import Condition, Listing, between, is_, one_of, words
from models.put_away import put_away_lines, put_away_rules, put_away_tasks

_rule, _task, _line = put_away_rules.c, put_away_tasks.c, put_away_lines.c


def _has_line(column: ColumnElement[str]) -> Condition:
    """The condition that one of a task's lines has one of these values."""
    holds = one_of(column)
    return lambda values: (
        select(_line.id)
        .where(_line.tenant_id == this_tenant(), _line.task_id == _task.id, holds(values))
        .exists()
    )


PUT_AWAY_RULES = Listing(
    rows=select(put_away_rules).where(_rule.tenant_id == this_tenant()),
    id=[_rule.id],
    orders={
        "id": [],
        "name": [_rule.name],
        "priority": [_rule.priority],
        "created_at": [_rule.created_at],
    },
    filters={
        "id_in": one_of(_rule.id),
        "location_id_in": one_of(_rule.location_id),
        "product_id_in": one_of(_rule.product_id),
        "category_id_in": one_of(_rule.category_id),
        "strategy_in": one_of(_rule.strategy),
        "active": is_(_rule.active),
    },
    parents={"location_id": _rule.location_id},
)

PUT_AWAY_TASKS = Listing(
    rows=select(
        put_away_tasks,
        _task.created_by["id"].astext.label("created_by_id"),
        _task.created_by["name"].astext.label("created_by_name"),
    ).where(_task.tenant_id == this_tenant()),
    id=[_task.id],
    orders={
        "id": [],
        "created_at": [_task.created_at],
        "number": [_task.number],
        "updated_at": [_task.updated_at],
    },
    filters={
        "id_in": one_of(_task.id),
        "number_in": one_of(_task.number),
        "status_in": one_of(_task.status),
        "location_id_in": one_of(_task.location_id),
        "product_id_in": _has_line(_line.product_id),
        "bin_id_in": _has_line(_line.bin_id),
        "search": words(_task.number, _task.reference),
        "created_at": between(_task.created_at),
    },
    parents={"location_id": _task.location_id},
)
