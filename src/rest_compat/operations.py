"""Stored operations: read, checked against the schema and their rows, and made ready to run.

A file of `schema/operations` holds one operation. The comment above it is its summary, and further
comment lines say more, such as the order of its list. Its variables are the parameters of the
path, its selection is the body. Fragments of the area's `fragments.graphql` may be used.

Directives that stand in these files only: `@inline` and `@omitNull` on fields (see folding), and
`@bounds(min:, max:)` on variables: less than the minimum is refused, more than the maximum is
taken as the maximum. `@sort(word: MEMBER, …)` on a variable that takes an order: it is read from
one of these words, with a minus before it for the descending order. `@named(rest: graph, …)` on the
variable of the body: the spelling that its fields have in REST, at any depth.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from graphql import (
    REMOVE,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLInputType,
    GraphQLSchema,
    GraphQLSyntaxError,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    VariableDefinitionNode,
    Visitor,
    parse,
    print_ast,
    type_from_ast,
    validate,
    value_from_ast_untyped,
    visit,
)
from graphql.type import is_input_type

from domain.permissions import Permission
from rest_compat.descriptions import descriptions
from rest_compat.folding import (
    INLINE,
    OMIT_NULL,
    Fold,
    Misfit,
    Selected,
    finishes,
    names,
    plan,
    select,
)
from rest_compat.table import Route

BOUNDS = "bounds"
SORT = "sort"
NAMED = "named"
OURS = (INLINE, OMIT_NULL, BOUNDS, SORT, NAMED)
INPUT = "input"  # the variable that takes the JSON body
DRY_RUN = "dryRun"  # the variable that `Prefer: tx=rollback` sets
UNASKED = (INPUT, DRY_RUN)  # what no query names

# The permissions that a field of the schema asks for.
Needs = Callable[[GraphQLField], Iterable[Permission]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A parameter; `default` is Undefined where there is none, `most` clamps.

    `words` are those of an order, with the members of the graph's enum that they stand for.
    `names` are spellings of REST, with the input fields that they stand for.
    """

    name: str
    type: GraphQLInputType
    default: Any
    least: int | None
    most: int | None
    words: dict[str, str]
    names: dict[str, str]
    description: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A stored operation, ready to run."""

    name: str
    summary: str
    description: str
    document: DocumentNode
    definition: OperationDefinitionNode
    root: Selected
    fold: Fold | None
    finishes: Mapping[tuple[str, str], Fold | None]
    variables: tuple[Variable, ...]
    needs: frozenset[Permission]
    is_write: bool

    @cached_property
    def text(self) -> str:
        """What /graphql takes for the same."""
        return print_ast(self.document)


@dataclass(frozen=True, slots=True)
class Served:
    """A row with its operation; `other` is the same row with its other operation."""

    route: Route
    operation: Operation
    other: "Served | None" = None

    @property
    def each(self) -> "list[Served]":
        """The row with each of its operations."""
        return [self] if self.other is None else [self, self.other]


class Misfits(Exception):
    """Rows that do not fit their operations; one line each."""


def load(
    schema: GraphQLSchema, routes: Sequence[Route], folder: Path, needs: Needs
) -> list[Served]:
    """Every row with its operation.

    Raises:
        Misfits: a row has no operation that fits it, the schema and its permission, or two rows
            cannot be told apart.
    """
    reading = _Reading(schema, folder, needs)
    faults, served = _ambiguous(routes), []
    for route in routes:
        try:
            served.append(_served(reading, route))
        except Misfit as misfit:
            faults.append(f"{route.name}: {misfit}")
    if faults:
        raise Misfits("\n".join(faults))
    return served


def _served(reading: "_Reading", route: Route) -> Served:
    operation = reading.operation(route.operation)
    _check(route, operation)
    switched = route.switched()
    return Served(route, operation, _served(reading, switched) if switched else None)


def _ambiguous(routes: Sequence[Route]) -> list[str]:
    seen: dict[tuple[str, str], Route] = {}
    faults = []
    for route in routes:
        other = seen.setdefault((route.method, route.shape), route)
        if other is not route:
            faults.append(f"{route.name}: cannot be told from {other.name}")
    return faults


def _check(route: Route, operation: Operation) -> None:
    known = {variable.name for variable in operation.variables}
    for name in route.parameters:
        if name not in known:
            raise Misfit(f"{route.operation} has no ${name}")
    if INPUT in known and route.method == "GET":
        raise Misfit(f"{route.operation} takes ${INPUT}, and a GET has no body")
    if operation.is_write and DRY_RUN not in known:
        raise Misfit(f"{route.operation} is a write without ${DRY_RUN}")
    if route.permissions != operation.needs:
        documented, needed = _listed(route.permissions), _listed(operation.needs)
        raise Misfit(f"documented as {documented}, but it needs {needed}")


def _listed(permissions: Iterable[Permission]) -> str:
    return " + ".join(sorted(permissions)) or "any key"


class _Reading:
    """The operations of a folder, read for one schema; each area's fragments are parsed once."""

    def __init__(self, schema: GraphQLSchema, folder: Path, needs: Needs) -> None:
        self._schema, self._folder, self._needs = schema, folder, needs
        self._shared: dict[Path, dict[str, FragmentDefinitionNode]] = {}

    def operation(self, name: str) -> Operation:
        path = self._folder / f"{name}.graphql"
        if not path.is_file():
            raise Misfit(f"there is no {path.relative_to(self._folder.parent)}")
        text = path.read_text(encoding="utf-8")
        document = self._document(text, path.with_name("fragments.graphql"), name)
        bare = visit(document, _Stripping())
        faults = validate(self._schema, bare)
        if faults:
            raise Misfit(f"{name}: {faults[0].message}")
        definition = _definition(document, name)
        root = _root(self._schema, document, definition)
        names(root.below)
        summary, description = _comment(text)
        if not summary:
            raise Misfit(f"{name} has no comment above it")
        return Operation(
            name=definition.name.value if definition.name else "",
            summary=summary,
            description=description,
            document=bare,
            definition=_definition(bare, name),
            root=root,
            fold=plan(root.below),
            finishes=finishes((root,)),
            variables=_variables(self._schema, definition, bare),
            needs=frozenset(self._needed([root])),
            is_write=definition.operation is OperationType.MUTATION,
        )

    def _document(self, text: str, fragments: Path, operation: str) -> DocumentNode:
        """The operation with those fragments of its area that it uses."""
        try:
            document = parse(text, no_location=True)
            known = dict(self._fragments_of(fragments))
        except GraphQLSyntaxError as error:
            raise Misfit(f"{operation}: {error.message}") from None
        found, wanted = list(document.definitions), _spreads(document) if known else set()
        while wanted:
            name = min(wanted)  # in the same order every time
            wanted.remove(name)
            node = known.pop(name, None)
            if node is not None:
                found.append(node)
                wanted |= _spreads(node)
        return DocumentNode(definitions=tuple(found))

    def _fragments_of(self, path: Path) -> dict[str, FragmentDefinitionNode]:
        if path not in self._shared:
            text = path.read_text("utf-8") if path.exists() else None
            found = _fragments(parse(text, no_location=True)) if text is not None else {}
            self._shared[path] = found
        return self._shared[path]

    def _needed(self, selected: Iterable[Selected]) -> Iterable[Permission]:
        """Every permission that a field of the selection asks for."""
        for one in selected:
            yield from self._needs(one.parent.fields[one.node.name.value])
            yield from self._needed(one.below)


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    found = (node for node in document.definitions if isinstance(node, FragmentDefinitionNode))
    return {node.name.value: node for node in found}


def _spreads(node: Any) -> set[str]:
    found: set[str] = set()

    class Spreads(Visitor):
        def enter_fragment_spread(self, spread: Any, *_: Any) -> None:
            found.add(spread.name.value)

    visit(node, Spreads())
    return found


class _Stripping(Visitor):
    """Takes our directives away."""

    @staticmethod
    def enter_directive(node: DirectiveNode, *_: Any) -> Any:
        return REMOVE if node.name.value in OURS else None


def _definition(document: DocumentNode, operation: str) -> OperationDefinitionNode:
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(found) != 1 or found[0].name is None:
        raise Misfit(f"{operation} must hold one operation with a name")
    return found[0]


def _root(
    schema: GraphQLSchema, document: DocumentNode, definition: OperationDefinitionNode
) -> Selected:
    parent = schema.get_root_type(definition.operation)
    assert parent is not None, "the operation is valid"
    found = select(parent, definition.selection_set, _fragments(document))
    if len(found) != 1 or not found[0].below:
        raise Misfit("it must have one root field, with fields")
    return found[0]


def _variables(
    schema: GraphQLSchema, definition: OperationDefinitionNode, bare: DocumentNode
) -> tuple[Variable, ...]:
    texts = descriptions(schema, bare)
    return tuple(_variable(schema, node, texts) for node in definition.variable_definitions or ())


def _variable(
    schema: GraphQLSchema, node: VariableDefinitionNode, texts: dict[str, str]
) -> Variable:
    name = node.variable.name.value
    type_ = type_from_ast(schema, node.type)
    assert is_input_type(type_), "the operation is valid"
    default = node.default_value
    bounds = _arguments(node, BOUNDS)
    return Variable(
        name=name,
        type=type_,
        default=Undefined if default is None else value_from_ast_untyped(default),
        least=int(bounds["min"]) if "min" in bounds else None,
        most=int(bounds["max"]) if "max" in bounds else None,
        words=_arguments(node, SORT),
        names=_arguments(node, NAMED),
        description=texts.get(name, ""),
    )


def _arguments(node: VariableDefinitionNode, name: str) -> dict[str, str]:
    """What a directive on a variable is given, as text."""
    return {
        argument.name.value: argument.value.value
        for directive in node.directives or ()
        if directive.name.value == name
        for argument in directive.arguments or ()
        if isinstance(argument.value, IntValueNode | EnumValueNode)
    }


def _comment(text: str) -> tuple[str, str]:
    """The first line of the comment above an operation, and the others as one."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").strip())
    return (lines[0], " ".join(lines[1:])) if lines else ("", "")
