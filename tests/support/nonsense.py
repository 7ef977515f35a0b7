"""Values that nobody means, for every place of a call where one may stand."""

import copy
from collections.abc import Iterator
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull

Path = list[str | int]

VALUES: dict[str, tuple[Any, ...]] = {
    "ID": ("", "x" * 5_000),
    "String": ("", "x" * 70_000, "\N{GRINNING FACE}'\"%_\\"),
    "Int": (0, -1, 2**31 - 1, -(2**31)),
    "Quantity": (0, -1, 1e30, 0.0000001, -0.0),
    "Money": (-1, 1e30, 0.0000001),
    "Date": ("0001-01-01", "9999-12-31"),
    "DateTime": ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    "Float": (-1.5, 1e308),
    "Boolean": (False,),
    "JSON": (None, [], {"a": {"b": [1, 1]}}),
}


def places(type_: Any, value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Each place below this value, with each value that it may be given and that is none."""
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    else:
        yield path, None
    if isinstance(type_, GraphQLList):
        yield path, []
        yield path, [value[0]] * 2
        yield from places(type_.of_type, value[0], [*path, 0])
    elif isinstance(type_, GraphQLInputObjectType):
        for name, field in type_.fields.items():
            if name in value:
                yield from places(field.type, value[name], [*path, name])
    else:
        for wrong in VALUES.get(type_.name, ()):
            yield path, wrong


def put(values: dict[str, Any], path: Path, wrong: Any) -> dict[str, Any]:
    """The values with another one at this place."""
    changed: Any = copy.deepcopy(values)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = wrong
    return dict(changed)
