"""Leaves of an answer: which values are given out as they are, and how others are serialized."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLString,
    Undefined,
)
from graphql.pyutils import inspect

from execution.places import Complete

# What the values of these types look like when they need no serializing.
PLAINLY = {
    GraphQLString: "{0}.__class__ is str",
    GraphQLID: "{0}.__class__ is str",
    GraphQLInt: "{0}.__class__ is int and -2147483648 <= {0} <= 2147483647",
    GraphQLFloat: "{0}.__class__ is float and {0} - {0} == 0",
    GraphQLBoolean: "({0} is True or {0} is False)",
}


def serialized(type_: Any, serialize: Callable[[Any], Any]) -> Complete:
    """What gives out a value of a leaf type by this function."""

    def complete(_run: Any, value: Any, _position: Any) -> Any:
        made = serialize(value)
        if made is None or made is Undefined:
            message = (
                f"Expected `{inspect(type_)}.coerce_output_value({inspect(value)})` to return "
                f"non-nullable value, returned: {inspect(made)}"
            )
            raise TypeError(message)
        return made

    return complete
