"""Writes on condition: If-Match has a write done only while its record is as the caller saw it."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLInputObjectType
from graphql.type import get_named_type

from rest_compat.bodies import HttpRefusal
from rest_compat.operations import INPUT, Operation

_VERSION = "expectedVersion"
_NEVER = 0  # a version that no record has


def failed() -> HttpRefusal:
    """The refusal of a write whose record is another than the caller saw."""
    message = "The record is not as it was when it was read: read it again."
    return HttpRefusal(412, "PRECONDITION_FAILED", message)


def put(
    operation: Operation, variables: dict[str, Any], seen: Mapping[str, Any], *, is_same: bool
) -> None:
    """Have the operation refuse another version of the record than `seen`, where it takes one.

    It does so under its lock, and after it has looked whether it was done already for its key.

    Raises:
        HttpRefusal: the record is another, and the operation takes no version.
    """
    if not _takes_version(operation):
        if not is_same:
            raise failed()
        return
    given = variables.get(INPUT) or {}
    if not is_same:
        variables[INPUT] = {**given, _VERSION: _NEVER}
    elif given.get(_VERSION) is None and "version" in seen:
        variables[INPUT] = {**given, _VERSION: seen["version"]}


def _takes_version(operation: Operation) -> bool:
    types = (get_named_type(one.type) for one in operation.variables if one.name == INPUT)
    return any(isinstance(one, GraphQLInputObjectType) and _VERSION in one.fields for one in types)
