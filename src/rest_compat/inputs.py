"""A JSON body against the input type that takes it: faults are told in the words of REST."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
)

from domain.errors import Invalid
from rest_compat.parameters import unknown

_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "ID": ((str,), "text"),
    "String": ((str,), "text"),
    "DateTime": ((str,), "a moment such as 2026-11-24T10:00:00Z"),
    "Date": ((str,), "a day such as 2026-11-24"),
    "Boolean": ((bool,), "true or false"),
    "Int": ((int,), "a whole number"),
    "Float": ((int, Decimal), "a number"),
    "Quantity": ((int, Decimal), "a number"),
    "Money": ((int, Decimal), "a number"),
}
_INT_MAX = 2**31 - 1


def checked(value: Any, type_: GraphQLInputType, *, lenient: bool = False) -> Any:
    """The body, which may be given as the variable; with `lenient`, without unknown fields.

    Raises:
        Invalid: a field is unknown, missing or of another type; `details.path` says where.
    """
    return _checked(value, type_, "", lenient)


def _checked(value: Any, type_: GraphQLInputType, path: str, lenient: bool) -> Any:  # noqa: FBT001 - handed on to each part
    if isinstance(type_, GraphQLNonNull):
        if value is None:
            raise _fault(path, "must not be null.")
        type_ = type_.of_type
    if value is None:
        return None
    if isinstance(type_, GraphQLList):
        if not isinstance(value, list):
            raise _fault(path, "must be a list.")
        inner = type_.of_type
        return [_checked(one, inner, f"{path}[{i}]", lenient) for i, one in enumerate(value)]
    if isinstance(type_, GraphQLInputObjectType):
        return _object(value, type_, path, lenient)
    _scalar(value, type_, path)
    return value


def _object(value: Any, type_: GraphQLInputObjectType, path: str, lenient: bool) -> dict[str, Any]:  # noqa: FBT001 - handed on to each part
    if not isinstance(value, dict):
        raise _fault(path, "must be an object.")
    found = {}
    for name, one in value.items():
        field = type_.fields.get(name)
        if field is not None:
            found[name] = _checked(one, field.type, _below(path, name), lenient)
        elif not lenient:
            raise unknown("The field", _below(path, name), list(type_.fields))
    for name, field in type_.fields.items():
        is_required = isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined
        if is_required and name not in value:
            place = _below(path, name)
            raise Invalid(place, f"{place} is required", path=place)
    return found


def _scalar(value: Any, type_: Any, path: str) -> None:
    if isinstance(type_, GraphQLEnumType):
        if value not in list(type_.values):
            raise _fault(path, f"must be one of {', '.join(type_.values)}.")
        return
    kinds, words = _KINDS.get(type_.name, ((object,), ""))
    is_boolean = isinstance(value, bool) and bool not in kinds and object not in kinds
    if not isinstance(value, kinds) or is_boolean:
        raise _fault(path, f"must be {words}.")
    if isinstance(value, str) and not _FORMATS.get(type_.name, _is_any)(value):
        raise _fault(path, f"must be {words}.")
    if isinstance(value, int) and type_.name == "Int" and abs(value) > _INT_MAX:
        raise _fault(path, f"must be at most {_INT_MAX}.")


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_any(_text: str) -> bool:
    return True


_FORMATS = {"DateTime": _is_moment, "Date": _is_day}


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _fault(path: str, problem: str) -> Invalid:
    place = path or "body"
    return Invalid(place, f"{place if path else 'The body'} {problem}", path=path or "$")
