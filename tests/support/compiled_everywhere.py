"""A plugin of pytest: whatever calls graphql-core's `execute` gets the compiled executor.

Calls with options that the compiled executor does not have (resolvers for all fields, middleware,
an own executor, signals, hooks) and schemas with `@defer` or `@stream` stay with graphql-core.
`COUNTS` tells how many operations were run by which; they are printed at the end.
"""

import importlib
import inspect
import sys
from collections.abc import Coroutine
from typing import Any, cast

import graphql.execution
from graphql import OperationDefinitionNode
from graphql.pyutils import is_awaitable

from execution.plans import Plans

COUNTS = {"compiled": 0, "graphql-core": 0}
_own = importlib.import_module("graphql.execution.execute")
_execute, _execute_sync = _own.execute, _own.execute_sync
_signature = inspect.signature(_execute)
_TAKEN = {
    "schema",
    "document",
    "root_value",
    "context_value",
    "variable_values",
    "operation_name",
}


def execute(*args: Any, **kwargs: Any) -> Any:
    """As graphql-core's, by the compiled executor where it can."""
    given = _signature.bind(*args, **kwargs).arguments
    operation = None if given.keys() - _TAKEN else _operation(given)
    schema = given["schema"]
    if operation is None or schema.get_directive("defer") or schema.get_directive("stream"):
        COUNTS["graphql-core"] += 1
        return _execute(*args, **kwargs)
    plan = Plans(schema).of(given["document"], operation)
    COUNTS["compiled" if plan.is_compiled else "graphql-core"] += 1
    return plan.execute(
        root=given.get("root_value"),
        context=given.get("context_value"),
        variables=given.get("variable_values"),
    )


def execute_sync(*args: Any, **kwargs: Any) -> Any:
    """As graphql-core's; it is an error when something has to be awaited."""
    try:
        given = _signature.bind(*args, **kwargs).arguments
    except TypeError:
        return _execute_sync(*args, **kwargs)
    if given.keys() - _TAKEN:
        COUNTS["graphql-core"] += 1
        return _execute_sync(*args, **kwargs)
    result: Any = execute(*args, **kwargs)
    if is_awaitable(result):
        cast("Coroutine[Any, Any, Any]", result).close()
        raise RuntimeError("GraphQL execution failed to complete synchronously.")
    return result


def _operation(given: dict[str, Any]) -> OperationDefinitionNode | None:
    name = given.get("operation_name")
    found = [
        node
        for node in given["document"].definitions
        if isinstance(node, OperationDefinitionNode)
        and (name is None or (node.name is not None and node.name.value == name))
    ]
    return found[0] if len(found) == 1 else None


def pytest_sessionfinish() -> None:
    """Print how many operations were run by which executor."""
    sys.stdout.write(f"\nOPERATIONS {COUNTS}\n")


for module in [one for name, one in sys.modules.items() if name.partition(".")[0] == "graphql"]:
    for name, own, ours in (
        ("execute", _execute, execute),
        ("execute_sync", _execute_sync, execute_sync),
    ):
        if vars(module).get(name) is own:
            setattr(module, name, ours)
assert vars(graphql.execution)["execute"] is execute, "whoever imports it from there gets ours"
