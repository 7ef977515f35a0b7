"""Objects that are written once for many answers: JSON that is kept with what makes it good.

A type may say of its objects where what was written of them is kept, under which key, and by which
mark it is seen to be good still. Where a selection asks such an object for nothing but what its
mark and the place where it is kept stand for, it is written to JSON as soon as it is made, and put
into later answers as it is.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

import orjson
from graphql import GraphQLField, GraphQLObjectType, TypeNameMetaFieldDef, get_named_type
from graphql.execution.collect_fields import FieldDetails
from graphql.type import is_leaf_type, is_object_type

from execution.links import asks_id_only
from execution.places import Complete
from execution.running import Position, Run

ASKED = "kept_as"  # the property of a class whose objects are written once


class Store(Protocol):
    """Where what was written is kept."""

    def get(self, key: Hashable, mark: Hashable) -> Any:
        """What is kept under the key and is good by the mark, or None."""

    def put(self, key: Hashable, mark: Hashable, written: Any, size: int) -> None:
        """Keep what was written, of so many bytes."""


class Written(list[Any]):
    """A list of leaves with its JSON: for answers that are written to JSON it is that."""

    __slots__ = ("json",)

    def __init__(self, values: Iterable[Any], text: bytes) -> None:
        super().__init__(values)
        self.json = orjson.Fragment(text)


class Once(NamedTuple):
    """The names of the types whose objects are written once, and what writes them."""

    names: frozenset[str] = frozenset()
    dumps: Callable[[Any], bytes] = orjson.dumps


Finish = Callable[[Any], Any]
# What is made of an object's dict before it is written, by the type and the key of its field; it is
# not written where this does not tell.
Finishes = Mapping[tuple[str, str], Finish | None]

KeptAs = tuple[Store, Hashable, Hashable]


def written_once(
    complete: Complete, finish: Finish | None, dumps: Callable[[Any], bytes]
) -> Complete:
    """The same function, which gives what is kept of an object and keeps what it makes.

    Nothing is kept of an object that met an error or waits for something.
    """
    own = object()  # one selection of one operation

    def written(run: Run, value: Any, position: Position) -> Any:
        kept_as: KeptAs | None = value.kept_as
        if kept_as is None:
            return complete(run, value, position)
        store, key, mark = kept_as
        known = store.get((own, key), mark)
        if known is not None:
            return known
        pending, errors = len(run.pending), len(run.errors)
        made = complete(run, value, position)
        if made is None or len(run.pending) != pending or len(run.errors) != errors:
            return made
        text = dumps(made if finish is None else finish(made))
        known = orjson.Fragment(text)
        store.put((own, key), mark, known, len(text))
        return known

    return written


Collect = Callable[[GraphQLObjectType, list[FieldDetails]], Mapping[str, list[FieldDetails]]]
GetField = Callable[[GraphQLObjectType, str], GraphQLField | None]


def is_closed(
    type_: GraphQLObjectType,
    fields: Mapping[str, list[FieldDetails]],
    collect: Collect,
    get_field: GetField,
    accesses: Callable[[GraphQLField], Any],
) -> bool:
    """Whether nothing is selected but what the object has in it, and kept reference data."""

    def is_within(details: list[FieldDetails]) -> bool:
        definition = get_field(type_, details[0].node.name.value)
        if definition is None or definition is TypeNameMetaFieldDef:
            return True
        access, inner = accesses(definition), get_named_type(definition.type)
        if access is None or definition.args:
            return False
        link = access.link
        is_there = access.resolver is None or (link is not None and link.is_closed)
        if is_leaf_type(inner):
            return is_there
        if not is_object_type(inner):
            return False
        selected = collect(inner, details)
        if link is not None and asks_id_only([one.node for one in details]):
            return True
        return is_there and is_closed(inner, selected, collect, get_field, accesses)

    return all(map(is_within, fields.values()))
