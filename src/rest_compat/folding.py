"""From an operation's result to the documented body, by a plan that is made once at the start.

`@inline` on an object field puts its selected fields in its place; where the object is null, they
are null. `@omitNull` leaves a field out where it is null. The plan follows the selection, so that
a selection without these directives costs nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLOutputType,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from orjson import Fragment

INLINE = "inline"
OMIT_NULL = "omitNull"

Fragments = Mapping[str, FragmentDefinitionNode]


class Misfit(ValueError):
    """A stored operation does not fit; the sentence is completed with its row."""


@dataclass(frozen=True, slots=True)
class Selected:
    """One field of a body: its name there, where it comes from, and what is selected of it."""

    name: str
    node: FieldNode
    parent: GraphQLObjectType
    is_inline: bool
    is_omitted_when_null: bool
    below: tuple["Selected", ...]

    @property
    def type(self) -> GraphQLOutputType:
        """The field's type in the schema."""
        type_: GraphQLOutputType = self.parent.fields[self.node.name.value].type
        return type_


# Makes the folded form of an object; there is one for each object of a body.
Fold = Callable[[Mapping[str, Any]], dict[str, Any]]


def select(
    parent: GraphQLObjectType, selections: SelectionSetNode, fragments: Fragments
) -> tuple[Selected, ...]:
    """The fields selected of an object, fragments written out.

    Raises:
        Misfit: a directive stands where it means nothing.
    """
    found: list[Selected] = []
    for selection in selections.selections:
        if isinstance(selection, FragmentSpreadNode):
            inner = fragments[selection.name.value].selection_set
            found += select(parent, inner, fragments)
        elif isinstance(selection, InlineFragmentNode):
            found += select(parent, selection.selection_set, fragments)
        elif isinstance(selection, FieldNode):
            found.append(_selected(parent, selection, fragments))
    return tuple(found)


def names(selected: Sequence[Selected]) -> list[str]:
    """The names of the body's fields, in their order.

    Raises:
        Misfit: two fields would have one name.
    """
    found: list[str] = []
    for one in selected:
        for name in names(one.below) if one.is_inline else [one.name]:
            if name in found:
                raise Misfit(f"{name} stands twice in one object of the body")
            found.append(name)
    for one in selected:
        if not one.is_inline:
            names(one.below)
    return found


def plan(selected: Sequence[Selected]) -> Fold | None:
    """The plan for an object of these fields; None when there is nothing to fold in it."""
    if not _is_folded(selected):
        return None
    writing = _Writing()
    name = writing.function(selected)
    found: dict[str, Any] = {"folded": _folded, "NOTHING": {}}
    code = "\n".join(writing.lines)
    exec(compile(code, "<fold>", "exec"), found)  # noqa: S102 - of names of fields alone, by repr
    fold: Fold = found[name]
    return fold


def _is_folded(selected: Sequence[Selected]) -> bool:
    return any(
        one.is_inline or one.is_omitted_when_null or _is_folded(one.below) for one in selected
    )


def finishes(selected: Sequence[Selected]) -> dict[tuple[str, str], Fold | None]:
    """The plans for the objects of lists, by the type and name of their fields.

    Lists of one type and name of which different things are selected are left out.
    """
    found: dict[tuple[str, str], tuple[Fold | None, tuple[Selected, ...]]] = {}
    twice = set()
    for one in _lists(selected):
        key = (one.parent.name, one.name)
        if key not in found:
            found[key] = (plan(one.below), one.below)
        elif found[key][1] != one.below:
            twice.add(key)
    return {key: fold for key, (fold, _) in found.items() if key not in twice}


def _lists(selected: Sequence[Selected]) -> Iterator[Selected]:
    for one in selected:
        if one.below and is_list_type(get_nullable_type(one.type)):
            yield one
        yield from _lists(one.below)


class _Writing:
    """Writes the functions of a plan: reads of an object's fields, and writes of the body's."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._count = 0

    def function(self, selected: Sequence[Selected]) -> str:
        """Write the function of one object, after those that it calls."""
        body = self._members(selected, self._name("v"))
        name = self._name("fold")
        variable = body.pop(0)
        self.lines += [f"def {name}({variable}):", " b = {}", *body, " return b"]
        return name

    def _members(self, selected: Sequence[Selected], variable: str) -> list[str]:
        """The variable's name, and the lines that put its fields into the body."""
        lines = [variable]
        for one in selected:
            # One that may be left out may also stand under `@include`.
            value = f"{variable}.get({one.name!r})"
            if one.is_inline:
                inner, *rest = self._members(one.below, self._name("v"))
                lines += [f" {inner} = {value} or NOTHING", *rest]
                continue
            if _is_folded(one.below):
                value = f"folded({self.function(one.below)}, {value})"
            if one.is_omitted_when_null:
                lines += [f" x = {value}", f" if x is not None: b[{one.name!r}] = x"]
            else:
                lines.append(f" b[{one.name!r}] = {value}")
        return lines

    def _name(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"


def _folded(fold: Fold, value: Any) -> Any:
    """The folded form of an object, of a list of them, or of null."""
    if value is None:
        return None
    if isinstance(value, list):
        return [_folded(fold, one) for one in value]
    # What was written once is written as it is folded.
    return value if value.__class__ is Fragment else fold(value)


def _selected(parent: GraphQLObjectType, node: FieldNode, fragments: Fragments) -> Selected:
    directives = {directive.name.value for directive in node.directives or ()}
    name = node.alias.value if node.alias else node.name.value
    below: tuple[Selected, ...] = ()
    type_ = parent.fields[node.name.value].type
    named = get_named_type(type_)
    if node.selection_set is not None:
        assert isinstance(named, GraphQLObjectType), "stored operations select of object types"
        below = select(named, node.selection_set, fragments)
    is_inline = INLINE in directives
    if is_inline and (not below or is_list_type(get_nullable_type(type_))):
        raise Misfit(f"@{INLINE} on {name}, which is not one object")
    if is_inline and OMIT_NULL in directives:
        raise Misfit(f"@{INLINE} and @{OMIT_NULL} on {name}: put the second on its fields")
    return Selected(name, node, parent, is_inline, OMIT_NULL in directives, below)
