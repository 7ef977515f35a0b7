"""Which type an object has: as its abstract type, or its own type's predicate, tells it."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    default_type_resolver,
)
from graphql.pyutils import inspect, is_awaitable
from graphql.type import is_object_type

from execution.places import Complete, Place
from execution.running import Position, Run


class Checked:
    """Makes objects of values that their type's predicate takes; `make` is set once compiled."""

    __slots__ = ("_place", "_type", "make")

    def __init__(self, place: Place, type_: GraphQLObjectType) -> None:
        self._place = place
        self._type = type_
        self.make: Complete

    def complete(self, run: Run, value: Any, position: Position) -> Any:
        """The object, or null while the predicate is awaited.

        Raises:
            GraphQLError: the predicate does not take it.
        """
        is_type_of: Any = self._type.is_type_of
        answer = is_type_of(value, self._place.field_info(run, position))
        if answer is True:
            return self.make(run, value, position)
        if is_awaitable(answer):
            self._place.wait(
                run, answer, position, lambda run, is_, at: self._settled(run, value, at, is_)
            )
            return None
        return self._settled(run, value, position, answer)

    def _settled(self, run: Run, value: Any, position: Position, answer: object) -> Any:
        if not answer:
            message = f"Expected value of type '{self._type}' but got: {inspect(value)}."
            raise GraphQLError(message, self._place.field.nodes)
        return self.make(run, value, position)


def by_type(
    place: Place,
    type_: GraphQLAbstractType,
    schema: GraphQLSchema,
    compiled: Callable[[GraphQLObjectType], Complete],
) -> Complete:
    """The function of an abstract type, which hands each value to that of the value's own type."""
    resolve: Any = type_.resolve_type or default_type_resolver
    functions: dict[str, Complete] = {}

    def settled(run: Run, value: Any, position: Position, name: Any) -> Any:
        function = functions.get(name) if name.__class__ is str else None
        if function is None:
            concrete = _concrete(place, type_, schema, value, name)
            function = functions[concrete.name] = compiled(concrete)
        return function(run, value, position)

    def complete(run: Run, value: Any, position: Position) -> Any:
        name = resolve(value, place.field_info(run, position), type_)
        if name.__class__ is not str and is_awaitable(name):
            place.wait(run, name, position, lambda run, name, at: settled(run, value, at, name))
            return None
        return settled(run, value, position, name)

    return complete


def _concrete(
    place: Place, type_: GraphQLAbstractType, schema: GraphQLSchema, value: Any, name: Any
) -> GraphQLObjectType:
    """The object type of this name.

    Raises:
        GraphQLError: there is none, or it is none of the abstract type's.
    """
    field = f"{place.field.parent}.{place.field.name}"
    must = f"Abstract type '{type_}' must resolve to an Object type at runtime for field '{field}'"
    found = schema.get_type(name) if isinstance(name, str) else None
    if name is None:
        problem = (
            f"{must}. Either the '{type_}' type should provide a 'resolve_type' function or each "
            "possible type should provide an 'is_type_of' function."
        )
    elif not isinstance(name, str):
        problem = (
            f"{must} with value {inspect(value)}, received '{inspect(name)}', which is not a valid "
            "Object type name."
        )
    elif found is None:
        problem = (
            f"Abstract type '{type_}' was resolved to a type '{name}' that does not exist inside "
            "the schema."
        )
    elif not is_object_type(found):
        problem = f"Abstract type '{type_}' was resolved to a non-object type '{name}'."
    elif not schema.is_sub_type(type_, found):
        problem = f"Runtime Object type '{found}' is not a possible type for '{type_}'."
    else:
        return found
    raise GraphQLError(problem, place.field.nodes)
