"""A JSON body against the input type that takes it: faults are told in the words of REST."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
)
from graphql.type import is_required_input_field

from domain.errors import GatewayError, Invalid, QuantityRefused
from domain.quantities import exact
from rest_compat.parameters import ALIASES, unknown

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


def checked(
    value: Any,
    type_: GraphQLInputType,
    names: Mapping[str, str] | None = None,
    *,
    lenient: bool = False,
) -> Any:
    """The body, which may be given as the variable; with `lenient`, without unknown fields.

    `names` are spellings of REST, with the input fields that they stand for.

    Raises:
        Invalid: a field is unknown, missing, given twice or of another type; `details.path` says
            where.
    """
    return _Reading(names or {}, is_lenient=lenient).checked(value, type_, "")


class _Reading:
    """How one body is read."""

    def __init__(self, names: Mapping[str, str], *, is_lenient: bool) -> None:
        self._spellings = {field: name for name, field in names.items()}
        self._is_lenient = is_lenient

    def checked(self, value: Any, type_: GraphQLInputType, path: str) -> Any:
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
            return [self.checked(one, inner, f"{path}[{i}]") for i, one in enumerate(value)]
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(value, type_, path)
        _scalar(value, type_, path)
        return value

    def _object(self, value: Any, type_: GraphQLInputObjectType, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _fault(path, "must be an object.")
        spelled = spellings(type_, self._spellings)
        found: dict[str, Any] = {}
        for name, one in value.items():
            field = spelled.get(name) or _of_earlier_days(name, spelled)
            if field is not None:
                given = self.checked(one, type_.fields[field].type, _below(path, name))
                if found.setdefault(field, given) != given:
                    raise _fault(_below(path, name), "is given twice, with two values.")
            elif not self._is_lenient:
                raise unknown("The field", _below(path, name), list(spelled))
        for name, field in spelled.items():
            if is_required_input_field(type_.fields[field]) and field not in found:
                place = _below(path, name)
                raise Invalid(place, f"{place} is required", path=place)
        return found


def spellings(type_: GraphQLInputObjectType, by_field: Mapping[str, str]) -> dict[str, str]:
    """What the fields of an input are called in REST, with their names in the graph."""
    return {by_field.get(field, field): field for field in type_.fields}


def respell(refused: GatewayError, names: Mapping[str, str], alone: str | None = None) -> None:
    """Have a refusal name the field as the body does, where it begins its sentence too.

    The body is the only one of a list that is called `alone`.
    """
    field = refused.field
    if field is None:
        return
    spelled = {graph: rest for rest, graph in names.items()}
    place = field.removeprefix(f"{alone}[0].")
    refused.field = re.sub(r"\w+", lambda word: spelled.get(word[0], word[0]), place)
    if refused.message.startswith(f"{field} "):
        refused.message = refused.field + refused.message.removeprefix(field)


def _of_earlier_days(name: str, spelled: Mapping[str, str]) -> str | None:
    return next((spelled.get(now) for now, older in ALIASES.items() if older == name), None)


def _scalar(value: Any, type_: Any, path: str) -> None:
    if isinstance(type_, GraphQLEnumType):
        if value not in list(type_.values):
            raise _fault(path, f"must be one of {', '.join(type_.values)}.")
        return
    kinds, words = _KINDS.get(type_.name, ((object,), ""))
    is_boolean = isinstance(value, bool) and bool not in kinds and object not in kinds
    if not isinstance(value, kinds) or is_boolean:
        if type_.name in _AMOUNTS:
            raise QuantityRefused(path, f"{path} must be {words}.", path=path)
        raise _fault(path, f"must be {words}.")
    if isinstance(value, str) and not _FORMATS.get(type_.name, _is_any)(value):
        raise _fault(path, f"must be {words}.")
    if type_.name in _AMOUNTS:
        _amount(value, path)
    if isinstance(value, int) and type_.name == "Int" and abs(value) > _INT_MAX:
        raise _fault(path, f"must be at most {_INT_MAX}.")


def _amount(value: object, path: str) -> None:
    try:
        exact(value, path)
    except Invalid as refused:
        raise QuantityRefused(path, refused.message, path=path) from None


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


_AMOUNTS = ("Quantity", "Money")
_FORMATS = {"DateTime": _is_moment, "Date": _is_day}


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _fault(path: str, problem: str) -> Invalid:
    place = path or "body"
    return Invalid(place, f"{place if path else 'The body'} {problem}", path=path or "$")
