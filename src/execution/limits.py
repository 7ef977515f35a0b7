"""How large a GraphQL document may be: every limit, and the one pass that measures it.

The pass looks at each node of the text once, however often fragments are spread: a fragment is
measured by itself and its measure is reused. (Limiters that walk into every spread take time
that doubles with each fragment of a chain.)
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one GraphQL request may ask for.

    Depth, aliases, fields and directives count as if fragments were written out where they are
    spread.
    """

    body_bytes: int = 1024 * 1024  # of an HTTP request, after decompression
    characters: int = 100_000  # of a document's text
    tokens: int = 2_000  # of a document's text, and as many comments
    depth: int = 12  # fields inside one another; introspection is not counted
    aliases: int = 30  # renamed fields of an operation
    root_fields: int = 20  # fields of the operation itself
    directives: int = 50  # of an operation
    fields: int = 2_000  # of an operation
    field_merges: int = 8_000  # comparisons of fields that share a name
    validation_errors: int = 10  # after which validation stops
    timeout_seconds: float = 15.0  # of an operation, authentication included


@dataclass(slots=True)
class Measure:
    """What a selection asks for, its fragments written out."""

    depth: int = 0
    aliases: int = 0
    root_fields: int = 0
    directives: int = 0
    fields: int = 0


@dataclass(slots=True)
class _Definition:
    """One operation or fragment: its own measure, and where it spreads which fragments."""

    own: Measure = field(default_factory=Measure)
    spreads: Counter[str] = field(default_factory=Counter)
    root_spreads: Counter[str] = field(default_factory=Counter)
    deepest: dict[str, int] = field(default_factory=dict)  # fragment → depth of its lowest spread


class Measuring:
    """Measures the operations of a document; `visited` counts the nodes that were looked at."""

    def __init__(self, document: DocumentNode) -> None:
        self.visited = 0
        self._document = document
        self._fragments: dict[str, _Definition] = {}
        self._measures: dict[str, Measure] = {}
        for node in document.definitions:
            if isinstance(node, FragmentDefinitionNode):
                self._fragments.setdefault(node.name.value, self._read(node))

    def operations(self) -> Iterator[tuple[OperationDefinitionNode, Measure]]:
        """Each operation with its measure, in the order of the text."""
        for node in self._document.definitions:
            if isinstance(node, OperationDefinitionNode):
                definition = self._read(node)
                self._measure_fragments(definition)
                yield node, self._total(definition)

    def _read(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> _Definition:
        definition = _Definition()
        definition.own.directives = len(node.directives or ())
        stack = _selections(node.selection_set, 1)
        while stack:
            selection, depth, is_root = stack.pop()
            self.visited += 1
            definition.own.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                stack += _read_field(definition.own, selection, depth, is_root=is_root)
            elif isinstance(selection, InlineFragmentNode):
                stack += _selections(selection.selection_set, depth, is_root=is_root)
            elif isinstance(selection, FragmentSpreadNode):
                _read_spread(definition, selection.name.value, depth, is_root=is_root)
        return definition

    def _measure_fragments(self, definition: _Definition) -> None:
        """Measure the fragments below a definition, the lowest first and each once.

        Without recursion, as a document may chain more fragments than the interpreter nests
        calls. A fragment that spreads itself counts nothing there: validation refuses it.
        """
        open_names: set[str] = set()
        stack = [*definition.spreads]
        while stack:
            name = stack[-1]
            fragment = self._fragments.get(name)
            if fragment is None or name in self._measures:
                stack.pop()
            elif name in open_names:
                self._measures[name] = self._total(fragment)
                stack.pop()
            else:
                open_names.add(name)
                stack += [below for below in fragment.spreads if below not in open_names]

    def _total(self, definition: _Definition) -> Measure:
        own = definition.own
        total = Measure(own.depth, own.aliases, own.root_fields, own.directives, own.fields)
        for name, times in definition.spreads.items():
            self.visited += 1
            part = self._measures.get(name)
            if part is None:
                continue
            total.aliases += times * part.aliases
            total.directives += times * part.directives
            total.fields += times * part.fields
            total.root_fields += definition.root_spreads[name] * part.root_fields
            if name in definition.deepest and part.depth:
                total.depth = max(total.depth, definition.deepest[name] + part.depth)
        return total


def exceeded(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """An error for each limit that an operation of the document exceeds."""
    return [
        _error(node, name, getattr(limits, name), value)
        for node, measure in Measuring(document).operations()
        for name, value in (
            ("depth", measure.depth),
            ("aliases", measure.aliases),
            ("root_fields", measure.root_fields),
            ("directives", measure.directives),
            ("fields", measure.fields),
        )
        if value > getattr(limits, name)
    ]


def limit_error(name: str, limit: int, message: str) -> GraphQLError:
    """A refusal because of the limit of this name."""
    details = {"limit": name, "max": limit}
    return GraphQLError(message, extensions={"code": LIMIT_EXCEEDED, "details": details})


def _error(node: OperationDefinitionNode, name: str, limit: int, value: int) -> GraphQLError:
    label = f"operation {node.name.value!r}" if node.name else "operation"
    words = "levels of fields" if name == "depth" else name.replace("_", " ")
    # A chain of fragments can stand for more fields than a number that JSON readers keep exactly.
    shown = str(value) if value < 10**9 else "more than a billion"
    message = f"The {label} has {shown} {words}; {limit} are allowed."
    details = {"limit": _camel(name), "max": limit, "value": min(value, 10**9)}
    return GraphQLError(message, node, extensions={"code": LIMIT_EXCEEDED, "details": details})


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _selections(
    selection_set: SelectionSetNode | None, depth: int, *, is_root: bool = True
) -> list[tuple[SelectionNode, int, bool]]:
    """What is selected there; `depth` 0 stands for inside of introspection."""
    nodes = selection_set.selections if selection_set else ()
    return [(node, depth, is_root) for node in nodes]


def _read_field(
    own: Measure, node: FieldNode, depth: int, *, is_root: bool
) -> list[tuple[SelectionNode, int, bool]]:
    own.fields += 1
    own.root_fields += is_root
    own.aliases += node.alias is not None
    if node.name.value in INTROSPECTION:
        depth = 0
    own.depth = max(own.depth, depth)
    return _selections(node.selection_set, depth and depth + 1, is_root=False)


def _read_spread(definition: _Definition, name: str, depth: int, *, is_root: bool) -> None:
    definition.spreads[name] += 1
    definition.root_spreads[name] += is_root
    if depth:
        deepest = definition.deepest.get(name, 0)
        definition.deepest[name] = max(deepest, depth - 1)
