"""What an operation costs: estimated before it runs, counted after it has run.

By IBM's cost specification: each field of an object and each object that can be in the answer has
a weight, and lists multiply. The selections of a document become a graph in which each fragment
stands once, and the estimate is one pass over it, lowest first, so that its time grows with the
text and not with what the text stands for. Estimates are kept by the values on which they depend:
sizes, and the variables of conditions.

Of types of which only one can be there (fragments on the members of an interface) the dearest is
taken. A field that is selected twice under one name is estimated twice, and counted once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import GraphQLError, OperationDefinitionNode, Undefined, value_from_ast_untyped

from execution.selections import (
    Conditions,
    Fragments,
    Given,
    Selected,
    Selection,
    Weights,
    read_selections,
)

KEPT_MAX = 256  # estimates of one operation
LARGEST = 10**15  # numbers that JSON readers keep exactly


class Cost(NamedTuple):
    """What objects and what fields cost; they are limited together."""

    types: float = 0
    fields: float = 0

    @property
    def total(self) -> int:
        """Both, as a whole number."""
        return int(min(self.types + self.fields, LARGEST))

    def shown(self) -> dict[str, int]:
        """As clients are told."""
        types, fields = (int(min(part, LARGEST)) for part in self)
        return {"types": types, "fields": fields, "total": self.total}

    def times(self, size: float) -> "Cost":
        """Of so many."""
        return Cost(self.types * size, self.fields * size)

    def plus(self, other: "Cost") -> "Cost":
        """Both together."""
        return Cost(self.types + other.types, self.fields + other.fields)

    def or_dearer(self, other: "Cost") -> "Cost":
        """The greater, part by part."""
        return Cost(max(self.types, other.types), max(self.fields, other.fields))


@dataclass(slots=True)
class _Sum:
    """What a selection costs.

    `lists` are those whose size the field around the selection may tell, by name: of all entries
    together, and of one entry. `by_type` is what is selected of one type only.
    """

    cost: Cost = field(default_factory=Cost)
    lists: dict[str, tuple[Cost, Cost]] = field(default_factory=dict)
    by_type: dict[str, "_Sum"] = field(default_factory=dict)

    def add(self, other: "_Sum", type_: str | None = None) -> None:
        """Add what a fragment costs; with a type, only what counts where the object is one."""
        self.cost = self.cost.plus(other.cost)
        for name, entry in other.lists.items():
            self.add_list(name, *entry)
        for name, part in other.by_type.items():
            if type_ is None:
                self.by_type.setdefault(name, _Sum()).add(part)
            elif name == type_:
                self.add(part)

    def add_list(self, name: str, once: Cost, each: Cost) -> None:
        """Add a list whose size the field around may tell."""
        known = self.lists.get(name, (Cost(), Cost()))
        self.lists[name] = (known[0].plus(once), known[1].plus(each))

    def closed(self, names: Sequence[str], size: float, usual: float) -> Cost:
        """All of it, when lists of these names have so many entries, and others the usual."""
        cost = self.cost
        for name, (once, each) in self.lists.items():
            cost = cost.plus(once).plus(each.times(size if name in names else usual))
        dearest = Cost()
        for part in self.by_type.values():
            dearest = dearest.or_dearer(part.closed(names, size, usual))
        return cost.plus(dearest)


class Estimates:
    """What one operation of a valid document costs; `visited` counts the parts looked at."""

    def __init__(
        self, weights: Weights, fragments: Fragments, operation: OperationDefinitionNode
    ) -> None:
        self.visited = 0
        self._weights = weights
        reading = read_selections(weights, fragments, operation)
        self.errors: list[GraphQLError] = reading.errors
        self._order = reading.order  # each after those that it has in it
        self._names = reading.variables
        self._defaults = dict(_defaults(operation))
        self._kept: dict[tuple[Any, ...], Cost] = {}

    def of(self, variables: Mapping[str, Any] | None) -> Cost:
        """The estimate for these values of the variables, before they are checked."""
        values = variables or {}
        key = tuple([self._given(name, values) for name in self._names])
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT_MAX:
                self._kept.clear()
            given = dict(zip(self._names, key, strict=True))
            found = self._kept[key] = self._estimate(given)
        return found

    def count(self, data: Any) -> Cost:
        """What the answer's data cost, by the selections that made it."""
        return _counted(data, [self._order[-1]]) if isinstance(data, dict) else Cost()

    def _given(self, name: str, variables: Mapping[str, Any]) -> Given:
        value = variables.get(name, self._defaults.get(name))
        if isinstance(value, list):
            return len(value)
        return value if isinstance(value, int) else None

    def _estimate(self, given: Mapping[str, Given]) -> Cost:
        sums: dict[int, _Sum] = {}
        for selection in self._order:
            sums[id(selection)] = self._sum(selection, sums, given)
        return sums[id(self._order[-1])].closed((), 0, self._weights.usual_size)

    def _sum(
        self, selection: Selection, sums: Mapping[int, _Sum], given: Mapping[str, Given]
    ) -> _Sum:
        made = _Sum()
        for spread in selection.spreads:
            self.visited += 1
            if not holds(spread.conditions, given):
                continue
            below = sums[id(spread.selection)]
            if spread.only is None:
                made.add(below, selection.object)
            else:
                made.by_type.setdefault(spread.only, _Sum()).add(below, spread.only)
        for one in selection.fields:
            self.visited += 1
            if holds(one.conditions, given):
                self._add(made, one, sums, given)
        return made

    def _add(
        self, made: _Sum, one: Selected, sums: Mapping[int, _Sum], given: Mapping[str, Given]
    ) -> None:
        usual = self._weights.usual_size
        size = usual if one.size is None else one.size.of(one.slices, given, usual)
        inner = Cost()
        if one.below is not None:
            names = one.size.sized if one.size is not None else ()
            inner = sums[id(one.below)].closed(names, size, usual)
        each = inner.plus(Cost(one.type_weight, 0))
        once = Cost(0, one.weight)
        if not one.is_list:
            made.cost = made.cost.plus(once).plus(each)
        elif one.size is None or one.size.sized:
            made.add_list(one.name, once, each)
        else:
            made.cost = made.cost.plus(once).plus(each.times(size))


def holds(conditions: Conditions, given: Mapping[str, Given]) -> bool:
    """Whether what stands under these conditions is asked for, as far as is known."""
    return all(given[name] is None or given[name] == wanted for name, wanted in conditions)


def _defaults(operation: OperationDefinitionNode) -> Iterator[tuple[str, Any]]:
    for definition in operation.variable_definitions or ():
        if definition.default_value is not None:
            value = value_from_ast_untyped(definition.default_value)
            if value is not Undefined:
                yield definition.variable.name.value, value


def _counted(data: Mapping[str, Any], selections: Sequence[Selection]) -> Cost:
    """What an object's fields cost, without the object itself."""
    by_key: dict[str, list[Selected]] = {}
    for one in _all_fields(selections):
        if one.key in data:
            by_key.setdefault(one.key, []).append(one)
    cost = Cost()
    for key, fields in by_key.items():
        first = fields[0]
        below = [one.below for one in fields if one.below is not None]
        cost = cost.plus(Cost(0, first.weight)).plus(_valued(data[key], first, below))
    return cost


def _valued(value: Any, one: Selected, below: Sequence[Selection]) -> Cost:
    if value is None:
        return Cost()
    if isinstance(value, list):
        cost = Cost()
        for entry in value:
            cost = cost.plus(_valued(entry, one, below))
        return cost
    inner = _counted(value, below) if below and isinstance(value, dict) else Cost()
    return inner.plus(Cost(one.type_weight, 0))


def _all_fields(selections: Sequence[Selection]) -> Iterator[Selected]:
    """Those of the selections and of the fragments in them, each fragment once."""
    waiting, seen = list(selections), set()
    while waiting:
        selection = waiting.pop()
        if id(selection) in seen:
            continue
        seen.add(id(selection))
        yield from selection.fields
        waiting += [spread.selection for spread in selection.spreads]
