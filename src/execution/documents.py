"""Documents made ready once: parsed, held against the limits, validated, and kept by their text."""

import re
from collections import OrderedDict
from dataclasses import dataclass

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import (
    MaxIntrospectionDepthRule,
    OverlappingFieldsCanBeMergedRule,
    ValidationContext,
)

from execution.limits import LIMIT_EXCEEDED, Limits, exceeded, limit_error
from execution.plans import Plan, Plans

GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"

CACHE_BYTES = 64 * 1024 * 1024
_BYTES_PER_CHARACTER = 4  # of the kept text
_BYTES_PER_TOKEN = 2_000  # of the syntax tree (half of it) and the code: measured

# PostgreSQL cannot hold it, so it is refused in literals here and in variables by domain.json.
_NUL = re.compile(r"\\u(?:0000|\{0+\})")


class MalformedDocument(Exception):
    """The document cannot be run; `errors` says why, each with its code."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Document:
    """The operations of a document that is valid for the schema, or the errors that it has."""

    operations: dict[str | None, Plan]
    errors: list[GraphQLError]
    bytes: int

    def operation(self, name: str | None) -> Plan:
        """The operation of this name; without a name the only one there is.

        Raises:
            MalformedDocument: there is none, or there are several and none was named; or a list of
                it must be given one size, and is not.
        """
        found = self._find(name)
        if found.estimates.errors:
            raise MalformedDocument(found.estimates.errors)
        return found

    def _find(self, name: str | None) -> Plan:
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        found = self.operations.get(name) if name is not None else None
        if found is None:
            message = (
                "The document has several operations: name one in operationName."
                if name is None
                else f"The document has no operation named {name!r}."
            )
            code = {"code": OPERATION_RESOLUTION_FAILURE}
            raise MalformedDocument([GraphQLError(message, extensions=code)])
        return found


class Documents:
    """The documents of one schema, the most recently used kept within `cache_bytes`."""

    def __init__(self, plans: Plans, limits: Limits, cache_bytes: int = CACHE_BYTES) -> None:
        self._plans = plans
        self._limits = limits
        self._rules = _rules(limits)
        self._cache_bytes = cache_bytes
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._bytes = 0

    def get(self, text: str) -> Document:
        """The document of this text, ready to run.

        Raises:
            MalformedDocument: it does not parse, is too large or is not valid.
        """
        document = self._kept.get(text)
        if document is None:
            document = self._prepare(text)
            self._keep(text, document)
        else:
            self._kept.move_to_end(text)
        if document.errors:
            raise MalformedDocument(document.errors)
        return document

    def _keep(self, text: str, document: Document) -> None:
        self._kept[text] = document
        self._bytes += document.bytes
        while self._bytes > self._cache_bytes:
            self._bytes -= self._kept.popitem(last=False)[1].bytes

    def _prepare(self, text: str) -> Document:
        limits = self._limits
        cost = len(text) * _BYTES_PER_CHARACTER
        if len(text) > limits.characters:
            return Document({}, [_too_long(limits)], bytes=100)
        try:
            node = parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
        except GraphQLSyntaxError as error:
            return Document({}, [_parse_error(error, limits)], bytes=cost)
        cost += node.token_count * _BYTES_PER_TOKEN
        errors = exceeded(node, limits) or self._invalid(node)
        if _NUL.search(text):
            errors = [_coded("A string may not have a NUL character.", GRAPHQL_PARSE_FAILED)]
        if errors:
            return Document({}, errors, bytes=cost)
        operations = {
            definition.name.value if definition.name else None: self._plans.of(node, definition)
            for definition in node.definitions
            if isinstance(definition, OperationDefinitionNode)
        }
        return Document(operations, [], bytes=cost)

    def _invalid(self, node: DocumentNode) -> list[GraphQLError]:
        limits = self._limits
        errors = validate(
            self._plans.schema, node, self._rules, max_errors=limits.validation_errors
        )
        for error in errors:
            error.extensions = {"code": GRAPHQL_VALIDATION_FAILED}
        if errors and errors[-1].message == "Validation aborted.":
            message = "Too many fields share one response name: write each once."
            errors[-1] = limit_error("fieldMerges", limits.field_merges, message)
        return errors


def _rules(limits: Limits) -> list[type[ASTValidationRule]]:
    """The specification's rules, with a bound of our own on the one that is not linear.

    The comparisons of fields that share a response name grow with the square of their number, and
    graphql-core allows half a million units of them: a second.
    """

    class BoundedMergeRule(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = limits.field_merges

    rules = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]
    return [*rules, MaxIntrospectionDepthRule, BoundedMergeRule]


def _too_long(limits: Limits) -> GraphQLError:
    message = f"The document has more than {limits.characters} characters."
    return limit_error("characters", limits.characters, message)


def _parse_error(error: GraphQLSyntaxError, limits: Limits) -> GraphQLError:
    message = error.message.removeprefix("Syntax Error: ")
    if not message.endswith("Parsing aborted."):
        error.extensions = {"code": GRAPHQL_PARSE_FAILED}
    elif "nested" in message:
        details = {"limit": "depth", "max": limits.depth}
        error.extensions = {"code": LIMIT_EXCEEDED, "details": details}
    else:
        details = {"limit": "tokens", "max": limits.tokens}
        error.extensions = {"code": LIMIT_EXCEEDED, "details": details}
    return error


def _coded(message: str, code: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})
