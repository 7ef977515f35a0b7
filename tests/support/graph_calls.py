"""Calls of every root field of the graph, made from the SDL, so that new fields are covered too."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

# What says how a write is done; a key that is used again would have all but the first refused.
MANNERS = {"dryRun", "idempotencyKey"}
PAGING = {"first", "after", "last", "before", "page", "limit", "offset"}
POSITIONS = {"knownAt", "atLeast"}  # what none of the tenants was given
MOVING = {"Position", "DateTime"}  # scalars that are others at each call
TIMED = {"milliseconds"}  # fields that say how long the call itself took

# What stands for a value of a scalar where it is not an id or a text.
SCALARS: dict[str, Any] = {
    "Boolean": True,
    "Int": 1,
    "Float": 1.5,
    "Quantity": 1,
    "Money": 1,
    "Date": "2031-01-31",
    "DateTime": "2031-01-31T12:00:00Z",
    "JSON": {},
}
PAST = dict.fromkeys(("asOf", "occurredAt"), "2026-01-31T12:00:00Z")  # must not be ahead


REQUIRED, EVERYTHING = WHOLE = ("required", "everything")
# So deep that only the values of what was asked for are there, and of nothing below it.
SHALLOW = -1
HOLDERS = ("Connection", "Payload")


class CannotCall(Exception):
    """No value can be made for an argument: say in SCALARS what stands for its type."""


@dataclass(frozen=True)
class Call:
    """A document that calls one root field, and how its arguments were chosen."""

    name: str
    is_mutation: bool
    text: str
    variables: dict[str, Any]


def calls(schema: GraphQLSchema, id: str, text: str, *, depth: int = 1) -> Iterator[Call]:
    """Each root field with its required arguments alone, then with each optional one, then all.

    Answers are asked for whole, so many things below the field's own deep; those that an optional
    argument narrows are the same things, of which only the values are asked.
    """
    for root in (schema.query_type, schema.mutation_type):
        if root is None:
            continue
        for name, field in root.fields.items():
            chosen = {k: a for k, a in field.args.items() if k not in PAGING | POSITIONS}
            for label, arguments in choices(chosen, id, text):
                deep = depth if label in WHOLE else SHALLOW
                yield Call(
                    name=f"{root.name}.{name}({label})",
                    is_mutation=root is schema.mutation_type,
                    text=document(schema, root, name, arguments, deep),
                    variables=arguments,
                )


def choices(
    arguments: dict[str, GraphQLArgument], id: str, text: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Values for the arguments, with a label that says which."""
    required = {
        name: value(argument.type, id, text)
        for name, argument in arguments.items()
        if isinstance(argument.type, GraphQLNonNull) and name not in MANNERS
    }
    yield REQUIRED, required
    for name, argument in arguments.items():
        if name in MANNERS:
            continue
        type_ = get_named_type(argument.type)
        if isinstance(type_, GraphQLInputObjectType):
            for key, part in parts(type_, id, text):
                yield f"{name}.{key}", {**required, name: part}
        elif name not in required:
            yield name, {**required, name: PAST.get(name) or value(argument.type, id, text)}
    everything = {
        k: PAST.get(k) or value(a.type, id, text) for k, a in arguments.items() if k not in MANNERS
    }
    yield EVERYTHING, everything


def parts(
    type_: GraphQLInputObjectType, id: str, text: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The required fields of an input, with each of the others alone."""
    required = {
        name: value(field.type, id, text)
        for name, field in type_.fields.items()
        if isinstance(field.type, GraphQLNonNull)
    }
    for name, field in type_.fields.items():
        if name not in required and name not in POSITIONS:
            yield name, {**required, name: PAST.get(name) or value(field.type, id, text)}


def value(type_: Any, id: str, text: str) -> Any:
    """A value of this type: each id is `id`, each text is `text`."""
    if isinstance(type_, GraphQLNonNull):
        return value(type_.of_type, id, text)
    if isinstance(type_, GraphQLList):
        return [value(type_.of_type, id, text)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return {
            name: PAST.get(name) or value(field.type, id, text)
            for name, field in type_.fields.items()
            if get_named_type(field.type) is not type_ and name not in POSITIONS
        }
    scalars = {"ID": id, "String": text, **SCALARS}
    if type_.name not in scalars:
        raise CannotCall(type_.name)
    return scalars[type_.name]


def document(
    schema: GraphQLSchema,
    root: GraphQLObjectType,
    name: str,
    arguments: dict[str, Any],
    depth: int = 1,
) -> str:
    """The operation that calls the field with these arguments as variables."""
    field = root.fields[name]
    kind = "mutation" if root is schema.mutation_type else "query"
    asked = ", ".join(f"${key}: {field.args[key].type}" for key in arguments)
    given = ", ".join(f"{key}: ${key}" for key in arguments)
    heading = f"{kind} ({asked})" if asked else kind
    call = f"{name}({given})" if given else name
    return f"{heading} {{ {call} {selection(schema, field.type, depth)} }}"


def selection(schema: GraphQLSchema, type_: Any, depth: int, *, aliased: bool = False) -> str:
    """Everything of the type that needs no argument, so many objects deep; '' for a scalar.

    Fields of types that stand beside one another are aliased: those of one name may be of types
    that do not go together.
    """
    named = get_named_type(type_)
    if is_leaf_type(named):
        return ""
    if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
        possible = schema.get_possible_types(named)
        inside = " ".join(
            f"... on {t.name} {selection(schema, t, depth - 1, aliased=True)}" for t in possible
        )
        return f"{{ __typename {inside} }}"
    fields = ["__typename", *_fields(schema, named, depth, aliased=aliased)]
    return f"{{ {' '.join(fields)} }}"


def _fields(
    schema: GraphQLSchema, type_: GraphQLObjectType, depth: int, *, aliased: bool
) -> Iterator[str]:
    is_list = type_.name.endswith("Connection")
    for name, field in type_.fields.items():
        below = get_named_type(field.type)
        needed = any(isinstance(argument.type, GraphQLNonNull) for argument in field.args.values())
        if needed or (is_list and name == "edges") or below.name in MOVING or name in TIMED:
            continue
        if isinstance(below, GraphQLScalarType | GraphQLEnumType):
            yield f"{type_.name}_{name}: {name}" if aliased else name
        elif depth > 0 or (depth == SHALLOW and type_.name.endswith(HOLDERS)):
            inside = selection(schema, below, depth - (not is_list and depth > 0))
            yield f"{type_.name}_{name}: {name} {inside}" if aliased else f"{name} {inside}"
