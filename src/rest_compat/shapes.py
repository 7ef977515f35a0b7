"""JSON schemas of what goes in and out, from the graph's types and an operation's selection."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_nullable_type,
)
from graphql.type import is_required_input_field

from rest_compat.folding import Selected
from rest_compat.inputs import spellings
from rest_compat.operations import Variable
from rest_compat.parameters import TEXT_MAX

Schema = dict[str, Any]

_SCALARS: dict[str, Schema] = {
    "ID": {"type": "string"},
    "String": {"type": "string"},
    "Int": {"type": "integer"},
    "Float": {"type": "number"},
    "Boolean": {"type": "boolean"},
    "Quantity": {"type": "number"},
    "Money": {"type": "number"},
    "DateTime": {"type": "string", "format": "date-time"},
    "Date": {"type": "string", "format": "date"},
    "Position": {"type": "string"},
    "JSON": {},
}
# Lists that the graph pages by numbers always say where they are.
_PRESENT = ("pagination",)
_NO_NUL = "^[^\\u0000]*$"


def body(selected: Sequence[Selected]) -> Schema:
    """The schema of an object with these fields."""
    properties: Schema = {}
    required: list[str] = []
    _collect(selected, properties, required, is_absent=False)
    return {"type": "object", "properties": properties, "required": required}


def query(variable: Variable) -> Schema:
    """The schema of a parameter in the query."""
    if variable.words:
        return _sort(variable)
    type_ = get_nullable_type(variable.type)
    schema = _asked(type_)
    if variable.least is not None:
        schema["minimum"] = variable.least
    if variable.default is not Undefined:
        schema["default"] = variable.default
    if getattr(type_, "name", "") in ("ID", "String") and isinstance(variable.type, GraphQLNonNull):
        schema["minLength"] = 1
    return schema


def constant(value: Any) -> Schema:
    """The schema of a member that is always the same."""
    return {"type": "boolean" if isinstance(value, bool) else "string", "const": value}


def taken(type_: GraphQLInputType, names: Mapping[str, str]) -> Schema:
    """The schema of a body, or of a value in it; `names` are the spellings of REST."""
    if isinstance(type_, GraphQLNonNull):
        return _taken(type_.of_type, names)
    return _or_null(_taken(type_, names))


def _collect(
    selected: Sequence[Selected], properties: Schema, required: list[str], *, is_absent: bool
) -> None:
    """The properties of an object; those of an inlined object that may be absent may be null."""
    for one in selected:
        is_nullable = not isinstance(one.type, GraphQLNonNull) and one.name not in _PRESENT
        if one.is_inline:
            _collect(one.below, properties, required, is_absent=is_absent or is_nullable)
            continue
        inner = _given(get_nullable_type(one.type), one.below)
        if (is_nullable or is_absent) and not one.is_omitted_when_null:
            inner = _or_null(inner)
        if not one.is_omitted_when_null:
            required.append(one.name)
        text = one.parent.fields[one.node.name.value].description
        properties[one.name] = {"description": text, **inner} if text else inner


def _given(type_: Any, below: Sequence[Selected]) -> Schema:
    if isinstance(type_, GraphQLList):
        item = type_.of_type
        inner = _given(get_nullable_type(item), below)
        is_whole = isinstance(item, GraphQLNonNull)
        return {"type": "array", "items": inner if is_whole else _or_null(inner)}
    if below:
        return body(below)
    return _leaf(type_)


def _leaf(type_: Any) -> Schema:
    if isinstance(type_, GraphQLEnumType):
        return {"type": "string", "enum": list(type_.values)}
    return dict(_SCALARS[type_.name])


def _asked(type_: Any) -> Schema:
    if isinstance(type_, GraphQLList):
        return {"type": "array", "items": _text(_leaf(get_nullable_type(type_.of_type)))}
    return _text(_leaf(type_))


def _text(schema: Schema) -> Schema:
    """Free text in an address has no NUL character and is not endless."""
    if schema == {"type": "string"}:
        return {**schema, "maxLength": TEXT_MAX, "pattern": _NO_NUL}
    return schema


def _sort(variable: Variable) -> Schema:
    words = list(variable.words)
    default = next(w for w in words if variable.words[w] == variable.default["field"])
    return {"type": "string", "enum": [*words, *(f"-{w}" for w in words)], "default": default}


def _taken(type_: Any, names: Mapping[str, str]) -> Schema:
    if isinstance(type_, GraphQLList):
        return {"type": "array", "items": taken(type_.of_type, names)}
    if not isinstance(type_, GraphQLInputObjectType):
        return _leaf(type_)
    properties, required = {}, []
    for name, graph in spellings(type_, {field: rest for rest, field in names.items()}).items():
        field = type_.fields[graph]
        inner = taken(field.type, names)
        properties[name] = {"description": field.description, **inner}
        if is_required_input_field(field):
            required.append(name)
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema
