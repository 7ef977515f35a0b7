"""What an operation costs, held against what its key may ask for at once, and told in headers."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from domain.errors import CostExceeded
from execution.costs import Cost
from execution.plans import Plan

COST = "X-GraphQL-Cost"  # of answers: the estimate; of requests: `count` asks for the count as well
LIMIT = "X-GraphQL-Cost-Limit"
COUNTED = "X-GraphQL-Cost-Counted"
_COUNT = "count"


def charge(request: Request, plan: Plan, variables: Mapping[str, Any] | None) -> Cost:
    """The estimate of an operation, which every answer shows from now on.

    Raises:
        CostExceeded: it is more than the key may ask for.
    """
    cost = plan.estimates.of(variables)
    total, state = cost.total, request.scope.setdefault("state", {})
    told = state["told"] = {COST: str(total)}
    most: int | None = state.get("cost_max")
    if most is not None:
        told[LIMIT] = str(most)
        if total > most:
            raise CostExceeded(cost=total, max=most)
    return cost


def is_count_asked(request: Request) -> bool:
    """Whether the caller wants to know what the answer cost in the end."""
    return request.headers.get(COST, "").strip().lower() == _COUNT
