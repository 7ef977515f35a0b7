"""The selections of a valid document, with what the schema says of the cost of each field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_object_type,
    value_from_ast_untyped,
)

Given: TypeAlias = int | None  # a variable's number, its truth or its list's length
Conditions: TypeAlias = tuple[tuple[str, bool], ...]  # variables and what they must be
Slices: TypeAlias = tuple[int | str, ...]  # sizes, and variables that are sizes
Fragments: TypeAlias = Mapping[str, FragmentDefinitionNode]

USUAL_SIZE = 10  # of lists of which the schema says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What `@listSize` says of a field."""

    assumed: int | None = None
    slicing: tuple[str, ...] = ()
    sized: tuple[str, ...] = ()
    requires_one: bool = True

    def of(self, slices: Slices, given: Mapping[str, Given], usual: float) -> float:
        """The estimated size for what is given: the greatest, never less than none."""
        sizes = [given[one] if isinstance(one, str) else one for one in slices]
        known = [max(size, 0) for size in sizes if size is not None]
        if known:
            return max(known)
        return usual if self.assumed is None else self.assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What a schema says of costs, by the names of types, fields and arguments."""

    schema: GraphQLSchema
    types: Mapping[str, float] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], float] = field(default_factory=dict)
    arguments: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    sizes: Mapping[tuple[str, str], Size] = field(default_factory=dict)
    usual_size: int = USUAL_SIZE

    def of_type(self, type_: GraphQLNamedType) -> float:
        """The weight of one value of this type."""
        return self.types.get(type_.name, 1 if is_composite_type(type_) else 0)

    def of_field(self, parent: str, node: FieldNode, type_: GraphQLNamedType) -> float:
        """The weight of a field, with those of the arguments that it is given."""
        name = node.name.value
        weight = self.fields.get((parent, name), 1 if is_composite_type(type_) else 0)
        given = [argument.name.value for argument in node.arguments or ()]
        return weight + sum(self.arguments.get((parent, name, one), 0) for one in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A field that is selected; `slices` are the sizes that it is given."""

    key: str
    name: str
    weight: float
    type_weight: float
    is_list: bool
    size: Size | None
    slices: Slices
    conditions: Conditions
    below: "Selection | None"


class Spread(NamedTuple):
    """A fragment; `only` is the object type to which it narrows an abstract one."""

    selection: "Selection"
    only: str | None
    conditions: Conditions


@dataclass(eq=False, slots=True)
class Selection:
    """What is selected of one type; `object` names it where it is an object type."""

    object: str | None
    fields: list[Selected] = field(default_factory=list)
    spreads: list[Spread] = field(default_factory=list)


class Reading(NamedTuple):
    """The selections of an operation, each after those in it, and their variables."""

    order: list[Selection]
    variables: list[str]
    errors: list[GraphQLError]


def read_selections(
    weights: Weights, fragments: Fragments, operation: OperationDefinitionNode
) -> Reading:
    """The selections of an operation, each fragment once."""
    reader = _Reader(weights, fragments)
    root = weights.schema.get_root_type(operation.operation)
    top = reader.selection(operation.selection_set, root)
    reader.read_all()
    return Reading(_ordered(top), list(reader.variables), reader.errors)


class _Reader:
    """Reads selections without recursion, as fragments may chain deeper than calls may nest."""

    def __init__(self, weights: Weights, fragments: Fragments) -> None:
        self.variables: dict[str, None] = {}
        self.errors: list[GraphQLError] = []
        self._weights = weights
        self._fragments = fragments
        self._known: dict[str, tuple[Selection, Any]] = {}
        self._waiting: list[tuple[Selection, SelectionSetNode, Any]] = []

    def selection(self, nodes: SelectionSetNode, type_: Any) -> Selection:
        """A selection of this type, to be read."""
        made = Selection(type_.name if is_object_type(type_) else None)
        self._waiting.append((made, nodes, type_))
        return made

    def read_all(self) -> None:
        """Read what waits, and what comes of it."""
        while self._waiting:
            selection, nodes, type_ = self._waiting.pop()
            for node in nodes.selections:
                conditions = self._conditions(node.directives or ())
                if conditions is None:
                    continue
                if isinstance(node, FieldNode):
                    self._field(selection, node, type_, conditions)
                else:
                    below, its_type = self._fragment(node, type_)
                    only = its_type.name if self._narrows(type_, its_type) else None
                    selection.spreads.append(Spread(below, only, conditions))

    def _narrows(self, around: Any, type_: Any) -> bool:
        return is_abstract_type(around) and is_object_type(type_)

    def _fragment(self, node: Any, around: Any) -> tuple[Selection, Any]:
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name not in self._known:
                definition = self._fragments[name]
                self._known[name] = self._on(definition.type_condition, definition, around)
            return self._known[name]
        assert isinstance(node, InlineFragmentNode), "there are no other selections"
        return self._on(node.type_condition, node, around)

    def _on(self, condition: Any, node: Any, around: Any) -> tuple[Selection, Any]:
        named = self._weights.schema.type_map[condition.name.value] if condition else around
        return self.selection(node.selection_set, named), named

    def _field(
        self, selection: Selection, node: FieldNode, parent: Any, conditions: Conditions
    ) -> None:
        name = node.name.value
        definition = self._definition(parent, name)
        if definition is None:
            return  # what tells of the schema itself has limits of its own
        type_ = get_named_type(definition.type)
        size = self._weights.sizes.get((parent.name, name))
        below = None
        if node.selection_set is not None:
            below = self.selection(node.selection_set, type_)
        selection.fields.append(
            Selected(
                key=node.alias.value if node.alias else name,
                name=name,
                weight=self._weights.of_field(parent.name, node, type_),
                type_weight=self._weights.of_type(type_),
                is_list=is_list_type(get_nullable_type(definition.type)),
                size=size,
                slices=self._slices(size, node) if size else (),
                conditions=conditions,
                below=below,
            )
        )

    def _definition(self, parent: Any, name: str) -> GraphQLField | None:
        found: GraphQLField | None = getattr(parent, "fields", {}).get(name)
        return found

    def _slices(self, size: Size, node: FieldNode) -> Slices:
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        found = [given[name] for name in size.slicing if name in given]
        if size.slicing and size.requires_one and len(found) != 1:
            names = ", ".join(size.slicing)
            message = f"The field {node.name.value!r} needs exactly one of {names}."
            code = {"code": "GRAPHQL_VALIDATION_FAILED"}
            self.errors.append(GraphQLError(message, node, extensions=code))
        return tuple(one for one in map(self._slice, found) if one is not None)

    def _slice(self, value: ValueNode) -> int | str | None:
        if isinstance(value, VariableNode):
            name = value.name.value
            self.variables[name] = None
            return name
        plain = value_from_ast_untyped(value)
        if isinstance(plain, list):
            return len(plain)
        return plain if isinstance(plain, int) else None

    def _conditions(self, directives: Iterable[DirectiveNode]) -> Conditions | None:
        """What must hold for the selection to count; None where it never does."""
        found: list[tuple[str, bool]] = []
        for directive in directives:
            name = directive.name.value
            if name not in ("skip", "include") or not directive.arguments:
                continue
            wanted = name == "include"
            value = directive.arguments[0].value
            if isinstance(value, VariableNode):
                self.variables[value.name.value] = None
                found.append((value.name.value, wanted))
            elif getattr(value, "value", wanted) is not wanted:
                return None
        return tuple(found)


def _ordered(top: Selection) -> list[Selection]:
    """Each selection once, after all that are in it."""
    order: list[Selection] = []
    seen: set[int] = set()
    stack = [(top, False)]
    while stack:
        selection, is_done = stack.pop()
        if is_done:
            order.append(selection)
        elif id(selection) not in seen:
            seen.add(id(selection))
            stack.append((selection, True))
            stack += [(spread.selection, False) for spread in selection.spreads]
            stack += [(one.below, False) for one in selection.fields if one.below is not None]
    return order
