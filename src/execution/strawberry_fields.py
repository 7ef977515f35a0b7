"""Everything that is known here of Strawberry's insides: a test fails when one of it changes.

Strawberry's schema is a graphql-core schema whose resolvers wrap what was declared. A field that is
an attribute, or a method that takes scalars and info, is found without the wrapping.
"""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_nullable_type,
    is_input_object_type,
    is_scalar_type,
)
from strawberry.relay import GlobalID
from strawberry.schema.schema_converter import CustomGraphQLEnumType, GraphQLCoreConverter
from strawberry.types.base import StrawberryMaybe, StrawberryOptional
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from execution.compiling import Access, Serializers
from execution.cost_directives import CostDirective, ListSizeDirective
from execution.fragments import ASKED, Once
from execution.links import LINK
from execution.plans import Plans
from execution.selections import Size, Weights

# The names of the functions with which Strawberry resolves fields, when no exception handlers
# take part: those of attributes, and those of methods.
BASIC, METHODS = "_get_basic_result", ("_resolver", "_async_resolver")


def graph_of(schema: strawberry.Schema) -> GraphQLSchema:
    """The graphql-core schema underneath."""
    return schema._schema  # noqa: SLF001 - there is no public way


def plans_of(
    schema: strawberry.Schema,
    serializers: Serializers | None = None,
    dumps: Callable[[Any], bytes] = orjson.dumps,
) -> Plans:
    """Makes plans of this schema's operations; `dumps` writes the objects that are written once."""
    handlers = schema.schema_converter._exception_handler_specs  # noqa: SLF001 - as above
    info_class = schema.config.info_class

    def access(definition: GraphQLField) -> Access | None:
        return None if handlers else access_of(definition, info_class)

    graph = graph_of(schema)
    names = frozenset(name for name, type_ in graph.type_map.items() if _is_written_once(type_))
    given = _enums(graph) | dict(serializers or {})
    return Plans(graph, access, given, Once(names, dumps), weights_of(graph))


def _enums(graph: GraphQLSchema) -> dict[str, Callable[[Any], Any]]:
    """What gives out the members of enums; Strawberry itself goes through all of them each time."""
    return {
        name: _members(type_)
        for name, type_ in graph.type_map.items()
        if isinstance(type_, CustomGraphQLEnumType)
    }


def _members(type_: CustomGraphQLEnumType) -> Callable[[Any], Any]:
    members: Any = type_.wrapped_cls
    names = {member: type_.coerce_output_value(member) for member in members}

    def serialize(value: Any) -> Any:
        if value.__class__ is members:
            return names[value]
        return type_.coerce_output_value(value)

    return serialize


def directives_of(part: GraphQLNamedType | GraphQLField | GraphQLArgument) -> Sequence[Any]:
    """The directives with which a part of the schema was declared."""
    declared = part.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return getattr(declared, "directives", None) or ()


def add_directive(field: GraphQLField, directive: object) -> None:
    """Give a field a directive more, before its schema is printed."""
    declared = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    declared.directives = (*declared.directives, directive)


def weights_of(graph: GraphQLSchema) -> Weights:
    """What the schema says of costs."""
    types: dict[str, float] = {}
    fields: dict[tuple[str, str], float] = {}
    arguments: dict[tuple[str, str, str], float] = {}
    sizes: dict[tuple[str, str], Size] = {}
    for type_ in graph.type_map.values():
        types.update((type_.name, weight) for weight in _weights(type_))
        if is_input_object_type(type_):
            continue
        for name, one in getattr(type_, "fields", {}).items():
            place = (type_.name, name)
            fields.update((place, weight) for weight in _weights(one))
            sizes.update((place, size) for size in _sizes(one))
            for argument, its in one.args.items():
                arguments.update(((*place, argument), weight) for weight in _weights(its))
    return Weights(schema=graph, types=types, fields=fields, arguments=arguments, sizes=sizes)


def _weights(part: GraphQLNamedType | GraphQLField | GraphQLArgument) -> list[float]:
    return [float(one.weight) for one in directives_of(part) if isinstance(one, CostDirective)]


def _sizes(field: GraphQLField) -> list[Size]:
    return [
        Size(
            assumed=one.assumed_size or None,
            slicing=tuple(one.slicing_arguments or ()),
            sized=tuple(one.sized_fields or ()),
            requires_one=one.require_one_slicing_argument is not False,
        )
        for one in directives_of(field)
        if isinstance(one, ListSizeDirective)
    ]


def _is_written_once(type_: GraphQLNamedType) -> bool:
    declared = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return hasattr(getattr(declared, "origin", None), ASKED)


def declared(definition: GraphQLField) -> StrawberryField | None:
    """The field as it was declared; None of what graphql-core itself adds."""
    field = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return field if isinstance(field, StrawberryField) else None


def access_of(definition: GraphQLField, info_class: type[strawberry.Info]) -> Access | None:
    """How the field's value is found, where its resolver does nothing else."""
    field = declared(definition)
    resolve = definition.resolve
    if field is None or field.extensions or resolve is None:
        return None
    if field.base_resolver is None:
        is_attribute = resolve.__name__ == BASIC and field.default_resolver is getattr
        return Access(attribute=field.python_name) if is_attribute else None
    if resolve.__name__ not in METHODS or not _takes_scalars(definition, field):
        return None
    return _of_method(definition, field, field.base_resolver, info_class)


def _takes_scalars(definition: GraphQLField, field: StrawberryField) -> bool:
    """Whether every argument is given on as it comes: only those of scalars are."""
    for given, argument in zip(definition.args.values(), field.arguments, strict=True):
        inner = argument.type
        while isinstance(inner, StrawberryOptional) and not isinstance(inner, StrawberryMaybe):
            inner = inner.of_type
        if isinstance(inner, StrawberryMaybe) or inner is GlobalID:
            return False
        if not is_scalar_type(get_nullable_type(given.type)):
            return False
    return True


def _of_method(
    definition: GraphQLField,
    field: StrawberryField,
    resolver: StrawberryResolver[Any],
    info_class: type[strawberry.Info],
) -> Access | None:
    function: Any = resolver.wrapped_func
    if not resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter:
        return None
    names = {
        name: argument.python_name
        for name, argument in zip(definition.args, field.arguments, strict=True)
    }
    told = resolver.info_parameter.name if resolver.info_parameter else None
    if not names and not told:
        return Access(function=function)

    def resolve(source: Any, info: Any, **given: Any) -> Any:
        named = {names[name]: value for name, value in given.items()}
        if told is not None:
            named[told] = info_class(_raw_info=info, _field=field)
        return function(source, **named)

    return Access(resolver=resolve, link=getattr(function, LINK, None))
