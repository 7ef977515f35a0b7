"""The scalars of the graph: exact numbers, times, cursors and positions."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import FloatValueNode, GraphQLError, IntValueNode, ValueNode, print_ast
from strawberry.types.scalar import ScalarDefinition

from domain import json
from domain.errors import Invalid, QuantityRefused
from domain.quantities import exact, plain

Quantity = NewType("Quantity", Decimal)
Money = NewType("Money", Decimal)
Cursor = NewType("Cursor", str)
Position = NewType("Position", str)
JSON = NewType("JSON", object)

_SPECIFIED = "docs/scalars.md"
_ENDLESS = datetime.max.replace(tzinfo=UTC)


def _number_out(value: object) -> Decimal:
    return plain(value) if isinstance(value, Decimal) else exact(value, "quantity")


def _number_written(value: object) -> Any:
    return json.number(value if isinstance(value, Decimal) else exact(value, "quantity"))


def _exact(value: object, name: str, node: ValueNode | None = None) -> Decimal:
    try:
        return exact(value, name)
    except Invalid as refused:
        raise _refused(refused.message, node) from None


def _refused(message: str, node: ValueNode | None = None) -> GraphQLError:
    """The refusal of a number with the code that REST gives it too."""
    return GraphQLError(message, node, extensions={"code": QuantityRefused.code})


def _number_in(name: str) -> Any:
    def parse(value: object) -> Decimal:
        if isinstance(value, str):
            raise _refused(f"{name} must be a number, not text.")
        return _exact(value, name)

    return parse


def _number_literal(name: str) -> Any:
    def parse(node: ValueNode, _variables: object = None) -> Decimal:
        if not isinstance(node, IntValueNode | FloatValueNode):
            raise _refused(f"{name} must be a number, not {print_ast(node)}.", node)
        return _exact(node.value, name, node)

    return parse


def instant_text(value: datetime) -> str:
    """The moment in UTC, in whole seconds: `2026-11-24T10:00:00Z`."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _instant_in(value: object) -> datetime:
    moment: datetime = _parsed(datetime, value, "DateTime")
    if moment.tzinfo is None:
        raise GraphQLError("DateTime must end in Z or in an offset such as +02:00.")
    try:
        instant = moment.astimezone(UTC)
    except OverflowError:
        instant = _ENDLESS
    # The driver takes the very ends of the calendar for infinity.
    if instant.year == 1 or instant == _ENDLESS:
        raise GraphQLError("DateTime must lie between the years 2 and 9999, in UTC.")
    return instant


def _date_in(value: object) -> date:
    day: date = _parsed(date, value, "Date")
    return day


def _parsed(kind: Any, value: object, name: str) -> Any:
    try:
        return kind.fromisoformat(str(value))
    except ValueError:
        raise GraphQLError(f"{name} must be written as ISO 8601, not as {value!r}.") from None


def _text_in(name: str) -> Any:
    def parse(value: object) -> str:
        if not isinstance(value, str):
            raise GraphQLError(f"{name} must be text.")
        return value

    return parse


def _scalar(name: str, about: str, **how: Any) -> ScalarDefinition:
    scalar: ScalarDefinition = strawberry.scalar(
        name=name, description=about, specified_by_url=f"{_SPECIFIED}#{name.lower()}", **how
    )
    return scalar


SCALARS: Mapping[object, ScalarDefinition] = {
    Quantity: _scalar(
        "Quantity",
        "Base units of a product, as an exact JSON number: up to 12 digits before the point and "
        "up to 6 after it. Whole numbers have no point.",
        serialize=_number_out,
        parse_value=_number_in("Quantity"),
        parse_literal=_number_literal("Quantity"),
    ),
    Money: _scalar(
        "Money",
        "An amount in the tenant's currency, as an exact JSON number with up to 6 decimals.",
        serialize=_number_out,
        parse_value=_number_in("Money"),
        parse_literal=_number_literal("Money"),
    ),
    datetime: _scalar(
        "DateTime",
        "A moment as ISO 8601. Given in UTC and whole seconds, `2026-11-24T10:00:00Z`; taken with "
        "any offset.",
        serialize=instant_text,
        parse_value=_instant_in,
    ),
    date: _scalar(
        "Date",
        "A calendar day in the tenant's time zone, `2026-11-24`.",
        serialize=date.isoformat,
        parse_value=_date_in,
    ),
    Cursor: _scalar(
        "Cursor",
        "A place in one list under one filter and order. It is opaque and signed; it is good for "
        "that list only, with any page size.",
        serialize=str,
        parse_value=_text_in("Cursor"),
    ),
    Position: _scalar(
        "Position",
        "A moment of the tenant's history. It is opaque; a write gives it and a read takes it to "
        "see at least that write.",
        serialize=str,
        parse_value=_text_in("Position"),
    ),
    JSON: _scalar(
        "JSON",
        "Any JSON value: what an import brought along, or a record as the feed tells it.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}

# What makes values of these scalars into what `domain.json.dumps` writes fastest.
WRITTEN: Mapping[str, Any] = {"Quantity": _number_written, "Money": _number_written}
