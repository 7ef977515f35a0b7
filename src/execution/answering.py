"""Runs the plan of a query, by a glance where the last run has shown that no more is needed."""

from inspect import isawaitable
from typing import Any, Protocol

from graphql import ExecutionResult

from execution.plans import Plan

Variables = dict[str, Any] | None


class Glancing(Protocol):
    """What the context of an operation does for it."""

    def glance(self) -> bool:
        """Read what follows by a glance, where that can be; whether it can."""

    async def is_good(self) -> bool:
        """Whether what was read by the glance may be given; if not, all begins anew."""

    @property
    def is_narrow(self) -> bool:
        """Whether a glance would have been enough for what was read."""


async def answer(plan: Plan, context: Glancing, variables: Variables) -> ExecutionResult:
    """The result of a query. What a void glance has made is dropped, errors and all."""
    if plan.is_narrow and context.glance():
        result = await _run(plan, context, variables)
        if await context.is_good():
            return result
    result = await _run(plan, context, variables)
    plan.is_narrow = context.is_narrow
    return result


async def _run(plan: Plan, context: Glancing, variables: Variables) -> ExecutionResult:
    made = plan.execute(context=context, variables=variables)
    return await made if isawaitable(made) else made
