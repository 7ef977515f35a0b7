"""The variables of a row's operation, from the path and the query, each read by its type."""

import difflib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_nullable_type,
    is_non_null_type,
)

from domain.errors import Invalid, LimitExceeded
from domain.quantities import exact
from rest_compat.bodies import HttpRefusal
from rest_compat.operations import INPUT, UNASKED, Operation, Served, Variable

TEXT_MAX = 1_000  # characters of one value
LIST_MAX = 1_000  # values of one list

# The documented name, and the one of earlier days that is still read in its place.
ALIASES = {
    "productMasterId": "productId",
    "sourceLocationId": "originLocationId",
    "destLocationId": "destinationLocationId",
}

_WHOLE = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INT_MAX = 2**31 - 1
_BOOLEANS = {"true": True, "false": False}


def asked(operation: Operation) -> list[Variable]:
    """The variables that come with the address, not with the body or a header."""
    return [variable for variable in operation.variables if variable.name not in UNASKED]


def known(operation: Operation) -> list[str]:
    """The names that the query may have, older ones included."""
    found = [variable.name for variable in asked(operation)]
    return found + [ALIASES[name] for name in found if name in ALIASES]


def beside(served: Served) -> list[str]:
    """The names that the query of a row may have for its other operation."""
    if served.other is None or served.route.other is None:
        return []
    names = [name for one in served.each for name in known(one.operation)]
    has_body = any(variable.name == INPUT for variable in served.operation.variables)
    switch = served.route.other.switch
    return names if has_body or not isinstance(switch, str) else [*names, switch]


def read(
    operation: Operation,
    path: Mapping[str, str],
    query: Sequence[tuple[str, str]],
    *,
    beside: Sequence[str] = (),
    lenient: bool = False,
) -> dict[str, Any]:
    """The variables of the operation that come with the address.

    Those `beside` may be given and are for another operation of the row.

    Raises:
        Invalid: a parameter is unknown, given twice or cannot be read; names it.
        HttpRefusal: a parameter is missing; the documented body has its name in the text alone.
    """
    given = _merged(_collected([*known(operation), *beside], query, lenient=lenient))
    for name, value in path.items():
        if name in given:
            raise Invalid(name, f"{name} stands in the path already.")
        given[name] = [value]
    found = {}
    for variable in asked(operation):
        value = _value(variable, given.get(variable.name, []))
        if value is not Undefined:
            found[variable.name] = value
        elif is_non_null_type(variable.type) and variable.default is Undefined:
            raise HttpRefusal(400, "INVALID", f"{variable.name} is required")
    return found


def is_on(switch: str | tuple[str, ...], query: Sequence[tuple[str, str]]) -> bool:
    """Whether what chooses between two operations is given: one as true, or all of several.

    Raises:
        Invalid: it is neither true nor false.
    """
    if isinstance(switch, str):
        return any(_boolean(switch, value) for key, value in query if key == switch and value)
    return all(
        len(values) == 1 and values[0] and "," not in values[0]
        for name in switch
        for values in [[value for key, value in query if key in (name, ALIASES.get(name))]]
    )


def unknown(kind: str, name: str, names: Sequence[str]) -> Invalid:
    """The refusal of a name that is not known, with the one that is nearest to it."""
    nearest = next(iter(difflib.get_close_matches(name, names, n=1)), None)
    hint = f"; did you mean {nearest}?" if nearest else "."
    details = {"unknown": name} | ({"nearest": nearest} if nearest else {})
    return Invalid(name, f"{kind} {name} is not known{hint}", **details)


def _collected(
    names: Sequence[str], query: Sequence[tuple[str, str]], *, lenient: bool
) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in query:
        if name in names:
            given.setdefault(name, []).append(value)
        elif not lenient:
            raise unknown("The parameter", name[:TEXT_MAX], names)
    return given


def _merged(given: dict[str, list[str]]) -> dict[str, list[str]]:
    """The same under the documented names."""
    for name, older in ALIASES.items():
        values = given.pop(older, None)
        if values is None:
            continue
        if given.get(name, values) != values:
            raise Invalid(older, f"{older} is an older name of {name}: give one of them.")
        given[name] = values
    return given


def _value(variable: Variable, texts: list[str]) -> Any:
    name, type_ = variable.name, get_nullable_type(variable.type)
    for text in texts:
        if "\0" in text:
            raise Invalid(name, f"{name} has a NUL character.")
        if len(text) > TEXT_MAX and not isinstance(type_, GraphQLList):
            raise LimitExceeded(name, f"{name} has more than {TEXT_MAX} characters.", max=TEXT_MAX)
    if isinstance(type_, GraphQLList):
        return _list(name, type_, texts)
    if len(texts) > 1:
        raise Invalid(name, f"{name} is given twice.")
    if not texts or (not texts[0] and _may_be_empty(type_)):
        return Undefined
    if variable.words:
        return _sort(variable, texts[0])
    return _bounded(variable, _single(name, type_, texts[0]))


def _may_be_empty(type_: Any) -> bool:
    """Whether `name=` is the same as nothing: for text it is, a number or a word is missing."""
    return getattr(type_, "name", "") in ("ID", "String")


def _list(name: str, type_: GraphQLList[Any], texts: list[str]) -> Any:
    values = [value.strip() for text in texts for value in text.split(",") if value.strip()]
    if not values:
        return Undefined
    if any(len(value) > TEXT_MAX for value in values):
        message = f"A value of {name} has more than {TEXT_MAX} characters."
        raise LimitExceeded(name, message, max=TEXT_MAX)
    if len(values) > LIST_MAX:
        raise LimitExceeded(name, f"{name} has more than {LIST_MAX} values.", max=LIST_MAX)
    inner = type_.of_type
    inner = inner.of_type if isinstance(inner, GraphQLNonNull) else inner
    return [_single(name, inner, value) for value in values]


def _single(name: str, type_: Any, text: str) -> Any:
    if isinstance(type_, GraphQLEnumType):
        return _word(name, text, {value: value for value in type_.values})
    read_as = _SCALARS.get(type_.name)
    return text if read_as is None else read_as(name, text)


def _int(name: str, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Invalid(name, f"{name} must be a whole number.")
    return int(text)


def _boolean(name: str, text: str) -> bool:
    return bool(_word(name, text.lower(), _BOOLEANS))


def _quantity(name: str, text: str) -> Decimal:
    return exact(text, name)


def _moment(name: str, text: str) -> str:
    """A moment; a day alone is its start, and of `toDate` or `endDate` its last second, in UTC."""
    if not _DAY.fullmatch(text):
        return text
    return f"{text}T23:59:59Z" if name.startswith(("to", "end")) else f"{text}T00:00:00Z"


_SCALARS = {
    "Int": _int,
    "Boolean": _boolean,
    "Quantity": _quantity,
    "Money": _quantity,
    "DateTime": _moment,
}


def _word(name: str, text: str, words: Mapping[str, Any]) -> Any:
    if text not in words:
        raise Invalid(name, f"{name} must be one of {', '.join(words)}.", allowed=list(words))
    return words[text]


def _sort(variable: Variable, text: str) -> dict[str, str]:
    """`-minAtp` as `{field: MIN_ATP, direction: DESC}`."""
    direction = "DESC" if text.startswith("-") else "ASC"
    word = _word(variable.name, text.removeprefix("-"), variable.words)
    return {"field": word, "direction": direction}


def _bounded(variable: Variable, value: Any) -> Any:
    name = variable.name
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    if variable.least is not None and value < variable.least:
        raise Invalid(name, f"{name} must be at least {variable.least}.")
    if variable.most is not None:
        return min(value, variable.most)
    if abs(value) > _INT_MAX:
        raise Invalid(name, f"{name} must be at most {_INT_MAX}.")
    return value
