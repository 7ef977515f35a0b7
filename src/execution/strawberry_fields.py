"""Everything that is known here of Strawberry's insides: a test fails when one of it changes.

Strawberry's schema is a graphql-core schema whose resolvers wrap what was declared. A field that is
an attribute, or a method of its object alone, is found without the wrapping.
"""

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

import strawberry
from graphql import GraphQLField, GraphQLSchema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from execution.compiling import Access, Serializers
from execution.plans import Plans

# The names of the functions with which Strawberry resolves fields, when no exception handlers
# take part: those of attributes, and those of methods.
BASIC, METHODS = "_get_basic_result", ("_resolver", "_async_resolver")


def graph_of(schema: strawberry.Schema) -> GraphQLSchema:
    """The graphql-core schema underneath."""
    return schema._schema  # noqa: SLF001 - there is no public way


def plans_of(schema: strawberry.Schema, serializers: Serializers | None = None) -> Plans:
    """Makes plans of this schema's operations."""
    handlers = schema.schema_converter._exception_handler_specs  # noqa: SLF001 - as above
    info_class = schema.config.info_class

    def access(definition: GraphQLField) -> Access | None:
        return None if handlers else access_of(definition, info_class)

    return Plans(graph_of(schema), access, serializers)


def access_of(definition: GraphQLField, info_class: type[strawberry.Info]) -> Access | None:
    """How the field's value is found, where its resolver does nothing else."""
    field = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    resolve = definition.resolve
    if not isinstance(field, StrawberryField) or field.extensions or resolve is None:
        return None
    if field.base_resolver is None:
        is_attribute = resolve.__name__ == BASIC and field.default_resolver is getattr
        return Access(attribute=field.python_name) if is_attribute else None
    if resolve.__name__ not in METHODS or field.arguments:
        return None
    function: Any = field.base_resolver.wrapped_func
    takes = [(one.name, one.kind) for one in signature(function).parameters.values()]
    if takes == [("self", Parameter.POSITIONAL_OR_KEYWORD)]:
        return Access(function=function)
    if takes == [(name, Parameter.POSITIONAL_OR_KEYWORD) for name in ("self", "info")]:
        return Access(resolver=_told(function, field, info_class))
    return None


def _told(
    function: Callable[..., Any], field: StrawberryField, info_class: type[strawberry.Info]
) -> Callable[[Any, Any], Any]:
    def resolve(source: Any, info: Any) -> Any:
        return function(source, info_class(_raw_info=info, _field=field))

    return resolve
