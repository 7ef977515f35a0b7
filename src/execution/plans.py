"""Operations ready to run: compiled once, run many times.

An operation is compiled for the values that its conditions (`@skip`, `@include`) have, so that the
code has no conditions. What is rare and experimental is left to graphql-core: subscriptions,
`@defer` and `@stream`, arguments of fragments, and errors that do not null what is around them.
"""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    visit,
)
from graphql import execute as execute_by_graphql_core
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues, get_variable_values
from graphql.language import BooleanValueNode, NonNullTypeNode, VariableNode
from graphql.type import assert_valid_schema

from execution.compiling import Access, Accesses, Compiler, Serializers, Setting
from execution.costs import Estimates
from execution.fragments import Finishes, Once
from execution.limits import Measuring
from execution.places import Complete
from execution.running import Run
from execution.selections import Weights

Result = ExecutionResult | Awaitable[ExecutionResult]

COERCION_ERRORS_MAX = 50
VARIANTS_MAX = 16  # of one operation: it has twice as many with each variable of a condition
_FIELDS_MAX, _DEPTH_MAX = 20_000, 60  # fragments written out; beyond, code is no gain
_CONDITIONS = ("skip", "include")
_EXPERIMENTAL = ("defer", "stream", "experimental_disableErrorPropagation")


def by_resolver(_definition: GraphQLField) -> Access | None:
    """Every field is found by its resolver, or by graphql-core's own way where it has none."""
    return None


class Plans:
    """Makes plans for the operations of one schema.

    `accesses` tells fields that are found without their resolver, `serializers` takes the place of
    those of leaf types, by their names; `once` says which objects are written once; `weights` say
    what fields cost.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        accesses: Accesses = by_resolver,
        serializers: Serializers | None = None,
        once: Once | None = None,
        weights: Weights | None = None,
    ) -> None:
        assert_valid_schema(schema)
        self.schema = schema
        self.accesses = accesses
        self.serializers = serializers or {}
        self.once = once or Once()
        self.weights = weights or Weights(schema=schema)

    def of(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        finishes: Finishes | None = None,
    ) -> "Plan":
        """The plan of one operation of a valid document.

        `finishes` tell what is written of the objects that are written once: without them, they
        as they are.
        """
        return Plan(self, document, operation, finishes)


class Plan:
    """One operation of a valid document; what it takes to run is made when it first runs."""

    def __init__(
        self,
        plans: Plans,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        finishes: Finishes | None,
    ) -> None:
        self.operation = operation
        self._plans = plans
        self._document = document
        self.is_narrow = False  # whether a glance was enough for what it read last
        self._finishes = finishes
        self._variants: dict[tuple[Any, ...], list[Complete]] = {}

    @cached_property
    def _fragments(self) -> dict[str, FragmentDefinitionNode]:
        nodes = self._document.definitions
        found = [node for node in nodes if isinstance(node, FragmentDefinitionNode)]
        return {node.name.value: node for node in found}

    @cached_property
    def estimates(self) -> Estimates:
        """What it costs."""
        return Estimates(self._plans.weights, self._fragments, self.operation)

    @cached_property
    def _conditions(self) -> "_Conditions":
        return _Conditions(self._document)

    @cached_property
    def _setting(self) -> Setting:
        details = {name: FragmentDetails(node) for name, node in self._fragments.items()}
        plans = self._plans
        return Setting(
            *(plans.schema, self.operation, details, plans.accesses, plans.serializers),
            *(plans.once, self._finishes),
        )

    def execute(
        self,
        *,
        root: object = None,
        context: object = None,
        variables: dict[str, Any] | None = None,
    ) -> Result:
        """What graphql-core's `execute` gives; awaitable when a resolver was."""
        values = get_variable_values(
            self._plans.schema,
            self.operation.variable_definitions or (),
            variables or {},
            max_errors=COERCION_ERRORS_MAX,
        )
        if isinstance(values, list):
            return ExecutionResult(None, values)
        parts = self._compiled(values)
        if parts is None:
            return self._by_graphql_core(root, context, variables)
        run = Run(self._plans.schema, self._fragments, self.operation, values, root, context)
        return _execute(run, parts, root)

    def warm(self) -> None:
        """Make its code for the usual values of its conditions, before anybody waits for it."""
        usual = [
            one
            for one in self.operation.variable_definitions or ()
            if one.default_value is not None or not isinstance(one.type, NonNullTypeNode)
        ]
        values = get_variable_values(self._plans.schema, usual, {})
        assert not isinstance(values, list), "what may be left out is left out"
        self._compiled(values)
        _ = self.estimates

    @cached_property
    def is_compiled(self) -> bool:
        """Whether code is made of it; graphql-core runs the others."""
        operation = self.operation
        if operation.operation is OperationType.SUBSCRIPTION:
            return False
        if self._plans.schema.get_root_type(operation.operation) is None:
            return False
        if self._conditions.has_experiments:
            return False
        measures = {id(node): measure for node, measure in Measuring(self._document).operations()}
        measure = measures[id(operation)]
        return measure.fields <= _FIELDS_MAX and measure.depth <= _DEPTH_MAX

    def _compiled(self, variables: VariableValues) -> list[Complete] | None:
        """The functions of the root; None when graphql-core has to run the operation."""
        if not self.is_compiled:
            return None
        values = tuple([variables.coerced.get(name) for name in self._conditions.names])
        found = self._variants.get(values)
        if found is None:
            is_valid = all(isinstance(value, bool) for value in values)
            if len(self._variants) >= VARIANTS_MAX or not is_valid:
                return None
            try:
                found = self._variants[values] = self._compile(variables)
            except RecursionError:  # fragments that are spread inside one another, too often
                self.is_compiled = False
        return found

    def _compile(self, variables: VariableValues) -> list[Complete]:
        kind = self.operation.operation
        root = self._plans.schema.get_root_type(kind)
        assert root is not None, "operations of other kinds are not compiled"
        is_write = kind is OperationType.MUTATION
        return Compiler(self._setting, variables).roots(root, apart=is_write)

    def _by_graphql_core(self, root: Any, context: Any, variables: dict[str, Any] | None) -> Result:
        name = self.operation.name.value if self.operation.name else None
        schema = self._plans.schema
        return execute_by_graphql_core(schema, self._document, root, context, variables, name)


class _Conditions:
    """What of a document's directives its code depends on."""

    def __init__(self, document: DocumentNode) -> None:
        self.names: list[str] = []  # of the variables
        self.has_experiments = any(
            isinstance(node, FragmentDefinitionNode) and bool(node.variable_definitions)
            for node in document.definitions
        )
        reader = _DirectiveReader(self)
        visit(document, reader)

    def read(self, node: DirectiveNode) -> None:
        if node.name.value in _EXPERIMENTAL:
            self.has_experiments = True
        if node.name.value not in _CONDITIONS:
            return
        values = [argument.value for argument in node.arguments or ()]
        for value in values:
            if isinstance(value, VariableNode):
                if value.name.value not in self.names:
                    self.names.append(value.name.value)
            elif not isinstance(value, BooleanValueNode):
                self.has_experiments = True  # the document is not valid
        self.has_experiments |= len(values) != 1


class _DirectiveReader(Visitor):
    def __init__(self, conditions: _Conditions) -> None:
        super().__init__()
        self._read: Callable[[DirectiveNode], None] = conditions.read

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self._read(node)


def _execute(run: Run, parts: list[Complete], root: object) -> Result:
    data: dict[str, Any] = {}
    try:
        for number, part in enumerate(parts):
            made = part(run, root, None)  # type: ignore[arg-type] # the root has no position
            if run.pending:
                return _finished(run, data, made, parts[number + 1 :], root)
            data.update(made)
    except GraphQLError as error:
        return _failed(run, error)
    return ExecutionResult(data, run.errors or None)


async def _finished(
    run: Run, data: dict[str, Any], made: dict[str, Any], parts: list[Complete], root: object
) -> ExecutionResult:
    """The result after waiting for what is pending, and then making the parts that are left."""
    try:
        await run.pending.pop().settle(run)
        data.update(made)
        for part in parts:
            made = part(run, root, None)  # type: ignore[arg-type] # the root has no position
            if run.pending:
                await run.pending.pop().settle(run)
            data.update(made)
    except GraphQLError as error:
        return _failed(run, error)
    return ExecutionResult(data, run.errors or None)


def _failed(run: Run, error: GraphQLError) -> ExecutionResult:
    if run.pending:
        run.abandon(0)
    run.fail(error, None)
    return ExecutionResult(None, run.errors)
