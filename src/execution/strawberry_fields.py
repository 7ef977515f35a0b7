"""Everything that is known here of Strawberry's insides: a test fails when one of it changes.

Strawberry's schema is a graphql-core schema whose resolvers wrap what was declared. A field that is
an attribute, or a method of its object alone, is found without the wrapping.
"""

from inspect import Parameter, signature
from typing import Any

import strawberry
from graphql import GraphQLField, GraphQLSchema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from execution.compiling import Access
from execution.plans import Plans

# The names of the functions with which Strawberry resolves fields, when no exception handlers
# take part: those of attributes, and those of methods.
BASIC, METHODS = "_get_basic_result", ("_resolver", "_async_resolver")


def graph_of(schema: strawberry.Schema) -> GraphQLSchema:
    """The graphql-core schema underneath."""
    return schema._schema  # noqa: SLF001 - there is no public way


def plans_of(schema: strawberry.Schema) -> Plans:
    """Makes plans of this schema's operations."""
    handlers = schema.schema_converter._exception_handler_specs  # noqa: SLF001 - as above
    return Plans(graph_of(schema), (lambda _: None) if handlers else access)


def access(definition: GraphQLField) -> Access | None:
    """How the field's value is found, where its resolver does nothing else."""
    field = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    resolve = definition.resolve
    if not isinstance(field, StrawberryField) or field.extensions or resolve is None:
        return None
    if field.base_resolver is None:
        is_attribute = resolve.__name__ == BASIC and field.default_resolver is getattr
        return Access(attribute=field.python_name) if is_attribute else None
    function: Any = field.base_resolver.wrapped_func
    takes = list(signature(function).parameters.values())
    is_method = len(takes) == 1 and takes[0].name == "self" and takes[0].kind in _POSITIONAL
    if resolve.__name__ in METHODS and is_method and not field.arguments:
        return Access(function=function)
    return None


_POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
