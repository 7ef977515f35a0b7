"""What an operation selects below a field, for what is better read with the field's own rows."""

from collections.abc import Iterator
from typing import Any

from graphql import FieldNode, GraphQLIncludeDirective, GraphQLSkipDirective
from graphql.execution.values import get_directive_values

from resolvers.lists import Info


def selects(info: Info, parent: str, names: frozenset[str]) -> bool:
    """Whether one of these fields is selected in a field `parent`, however deep below this one."""
    raw = info._raw_info  # noqa: SLF001 - Strawberry's own form of it is made anew each time
    return any(_has(raw, node, parent, names, is_within=False) for node in raw.field_nodes)


def _has(raw: Any, node: Any, parent: str, names: frozenset[str], *, is_within: bool) -> bool:
    for child in _children(raw, node):
        if not isinstance(child, FieldNode):
            if _has(raw, child, parent, names, is_within=is_within):
                return True
        elif (is_within and child.name.value in names) or _has(
            raw, child, parent, names, is_within=child.name.value == parent
        ):
            return True
    return False


def _children(raw: Any, node: Any) -> Iterator[Any]:
    """What is selected there: fields, and fragments by what they hold."""
    for one in node.selection_set.selections if node.selection_set else ():
        if not one.directives or _is_included(raw, one):
            is_named = hasattr(one, "name") and not isinstance(one, FieldNode)
            yield raw.fragments[one.name.value] if is_named else one


def _is_included(raw: Any, node: Any) -> bool:
    skipped = get_directive_values(GraphQLSkipDirective, node, raw.variable_values)
    included = get_directive_values(GraphQLIncludeDirective, node, raw.variable_values)
    return not (skipped and skipped["if"]) and not (included and not included["if"])
