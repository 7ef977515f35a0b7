"""From an operation's result to the documented body, by a plan that is made once at the start.

`@inline` on an object field puts its selected fields in its place; where the object is null, they
are null. `@omitNull` leaves a field out where it is null. The plan follows the selection, so that
a selection without these directives costs nothing.
"""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class _Step:
    """What becomes of one field of an object; `below` None leaves its value as it is."""

    name: str
    is_inline: bool
    is_omitted_when_null: bool
    below: "Fold | None"


@dataclass(frozen=True, slots=True)
class Fold:
    """The plan for one object."""

    steps: tuple[_Step, ...]

    def apply(self, value: Any) -> Any:
        """The folded form of an object, of a list of them, or of null."""
        if value is None:
            return None
        if isinstance(value, list):
            return [self.apply(one) for one in value]
        body: dict[str, Any] = {}
        self._fill(body, value)
        return body

    def _fill(self, body: dict[str, Any], value: Mapping[str, Any] | None) -> None:
        for step in self.steps:
            # One that may be left out may also stand under `@include`.
            inner = None if value is None else value.get(step.name)
            if step.is_inline:
                assert step.below is not None, "an inlined field has a plan"
                step.below._fill(body, inner)  # noqa: SLF001 - the same class
            elif inner is not None or not step.is_omitted_when_null:
                body[step.name] = step.below.apply(inner) if step.below else inner


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
    steps = tuple(
        _Step(
            one.name,
            one.is_inline,
            one.is_omitted_when_null,
            _whole(one.below) if one.is_inline else plan(one.below),
        )
        for one in selected
    )
    if any(step.is_inline or step.is_omitted_when_null or step.below for step in steps):
        return Fold(steps)
    return None


def _whole(selected: Sequence[Selected]) -> Fold:
    return plan(selected) or Fold(tuple(_Step(s.name, False, False, None) for s in selected))  # noqa: FBT003 - a step in its fields' order


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
