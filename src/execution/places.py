"""Where values of an answer stand: a field of an object, or an item of a list in it.

The compiled functions do what is usual in line; whatever else a resolver may give, and all errors,
are handled here, each as graphql-core does it.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from enum import Enum
from types import GeneratorType, NoneType
from typing import Any
from uuid import UUID

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    Undefined,
    located_error,
)
from graphql.execution.values import get_argument_values
from graphql.language import VariableNode
from graphql.pyutils import is_awaitable, is_iterable

from execution.running import Position, Run, keys_of
from execution.waiting import Group, Guard, Waiting

Complete = Callable[[Run, Any, Position], Any]

# Classes whose values are plain: neither awaitable, nor callable, nor exceptions.
PLAIN: set[type] = {str, int, float, bool, dict, list, tuple, Decimal}
_PLAIN_MAX = 4096  # then it starts anew: classes may be made at run time
# Classes whose instances are no mappings, so that their fields are attributes.
OBJECTS: set[type] = set()
_FIXED = (str, int, float, bool, NoneType, Decimal, date, Enum, UUID)


def is_object(value: object) -> bool:
    """Whether the fields of this source are attributes, not items."""
    if isinstance(value, Mapping):
        return False
    _learn(OBJECTS, value.__class__)
    return True


class Field:
    """A field as one selection asks for it."""

    __slots__ = (
        "_constant",
        "_is_constant",
        "definition",
        "is_default",
        "key",
        "name",
        "nodes",
        "parent",
        "resolve",
    )

    def __init__(
        self,
        key: str,
        definition: GraphQLField,
        nodes: list[FieldNode],
        parent: GraphQLObjectType,
        resolve: Callable[..., Any] | None,
        *,
        is_default: bool,
    ) -> None:
        self.key = key
        self.name = nodes[0].name.value
        self.definition = definition
        self.nodes = nodes
        self.parent = parent
        self.resolve = resolve
        self.is_default = is_default and resolve is None  # then what can be called is called
        self._is_constant = not _has_variable(nodes[0])
        self._constant: dict[str, Any] | None = None

    @property
    def takes_arguments(self) -> bool:
        """Whether the resolver is given any."""
        return bool(self.definition.args or self.nodes[0].arguments)

    def info(self, run: Run, position: Position) -> GraphQLResolveInfo[Any]:
        """What the resolver is told; once for one position of the field."""
        field, known, info = run.info
        if field is self and known is position:
            found: GraphQLResolveInfo[Any] = info
            return found
        made = GraphQLResolveInfo(
            self.name,
            self.nodes,
            self.definition.type,
            self.parent,
            run.path(position),
            *run.tail,
        )
        run.info = (self, position, made)
        return made

    def arguments(self, run: Run) -> dict[str, Any]:
        """The values of the arguments; made again for each call where a resolver could change one.

        Raises:
            GraphQLError: one is not valid.
        """
        known = run.arguments.get(self) if self._constant is None else self._constant
        if known is not None:
            return known
        values = get_argument_values(self.definition, self.nodes[0], run.variables)
        if all(isinstance(value, _FIXED) for value in values.values()):
            if self._is_constant:
                self._constant = values
            else:
                run.arguments[self] = values
        return values


class Place:
    """A place of values of one type, of which `complete` makes the answer's values.

    `complete` is given what is there and plain, and is set once it is compiled.
    """

    __slots__ = ("complete", "field", "is_item", "is_required")

    def __init__(self, field: Field, *, is_required: bool, is_item: bool) -> None:
        self.field = field
        self.is_required = is_required
        self.is_item = is_item
        self.complete: Complete

    def other(self, run: Run, value: Any, position: Position) -> Any:
        """What is made of a value whose class is not known to be plain.

        Raises:
            Exception: the value is one, is missing, or is none of the type.
        """
        kind = value.__class__
        if self.field.is_default and not self.is_item and callable(value):
            arguments = self.field.arguments(run) if self.field.takes_arguments else {}
            value = value(self.field.info(run, position), **arguments)
            kind = value.__class__
        if kind not in PLAIN and value is not None and is_awaitable(value):
            run.pending.append(Waiting(self, position, value, self.settled))
            return None
        return self.settled(run, value, position)

    def settled(self, run: Run, value: Any, position: Position) -> Any:
        """What is made of a value that is there.

        Raises:
            Exception: the value is one, is missing, or is none of the type.
        """
        if value is None or value is Undefined:
            return self.nothing()
        if value.__class__ not in PLAIN:
            if isinstance(value, Exception):
                raise value
            if _is_plain(value.__class__):
                _learn(PLAIN, value.__class__)
        return self.complete(run, value, position)

    def nothing(self) -> None:
        """The null that is made of no value.

        Raises:
            TypeError: there must be one.
        """
        if self.is_required:
            field = self.field
            message = f"Cannot return null for non-nullable field {field.parent}.{field.name}."
            raise TypeError(message)

    def fail(self, run: Run, error: Exception, position: Position, mark: int) -> None:
        """Note an error, and give null; what is pending since the mark is left to itself.

        Raises:
            GraphQLError: the place may not be null.
        """
        if len(run.pending) > mark:
            run.abandon(mark)
        located = located_error(error, self.field.nodes, keys_of(position))
        if self.is_required:
            raise located
        run.fail(located, position)

    def adopt(self, run: Run, position: Position) -> None:
        """Stand guard over what the value here waits for, if it can be null."""
        entry = run.pending[-1]
        if not self.is_required and entry.place is not self:
            run.pending[-1] = Guard(self, position, entry)

    def wait(self, run: Run, awaitable: Any, position: Position, fill: Any) -> None:
        """Have the value here wait for something on which its making depends."""
        run.pending.append(Waiting(self, position, awaitable, fill))

    def field_info(self, run: Run, position: Position) -> GraphQLResolveInfo[Any]:
        """The info of the field, also for an item of its list."""
        while isinstance(position[1], int):
            position = position[0]
        return self.field.info(run, position)


class ListPlace(Place):
    """A place of lists; `item` is the place of each of their items."""

    __slots__ = ("item",)

    def __init__(self, field: Field, item: Place, *, is_required: bool, is_item: bool) -> None:
        super().__init__(field, is_required=is_required, is_item=is_item)
        self.item = item

    def items(self, run: Run, value: Any, position: Position) -> Any:
        """What to go through; None when the items come one by one, and are waited for.

        Raises:
            GraphQLError: there is nothing to go through.
        """
        if hasattr(value, "__aiter__"):
            coming = self._come(run, value.__aiter__(), position)
            self.wait(run, coming, position, lambda _run, items, _position: items)
            return None
        if not is_iterable(value):
            field = f"{self.field.parent}.{self.field.name}"
            message = f"Expected Iterable, but did not find one for field '{field}'."
            raise GraphQLError(message)
        return value

    @staticmethod
    def drain(run: Run, mark: int, rest: Iterator[Any]) -> None:
        """Let the items that nobody will look at, after an error, end by themselves."""
        items: list[Any] = []
        with suppress(Exception):
            items += rest
        run.abandon(mark, items)

    async def _come(self, run: Run, iterator: AsyncIterator[Any], position: Position) -> list[Any]:
        made: list[Any] = []
        waiting: list[Any] = []
        try:
            async for value in self._each(iterator, position):
                made.append(self._made(run, value, (position, len(made), None)))
                waiting += run.pending
                run.pending.clear()
        except Exception:
            with suppress(Exception):
                await iterator.aclose()  # type: ignore[attr-defined] # where there is none, so be it
            run.pending += waiting
            run.abandon(len(run.pending) - len(waiting))
            raise
        for entry in waiting:
            if entry.container is None:
                entry.container = made
        if waiting:
            await Group(waiting).settle(run)
        return made

    async def _each(self, iterator: AsyncIterator[Any], position: Position) -> AsyncIterator[Any]:
        """The items; an error between them belongs to the list."""
        while True:
            try:
                value = await anext(iterator)
            except StopAsyncIteration:
                return
            except Exception as error:
                raise located_error(error, self.field.nodes, keys_of(position)) from error
            yield value

    def _made(self, run: Run, value: Any, position: Position) -> Any:
        mark = len(run.pending)
        try:
            made = self.item.other(run, value, position)
        except Exception as error:  # noqa: BLE001 - a resolver may raise anything
            return self.item.fail(run, error, position, mark)
        if len(run.pending) > mark:
            self.item.adopt(run, position)
        return made


def _has_variable(node: Any) -> bool:
    arguments = [argument.value for argument in node.arguments or ()]
    while arguments:
        value = arguments.pop()
        if isinstance(value, VariableNode):
            return True
        arguments += getattr(value, "values", None) or ()
        arguments += [field.value for field in getattr(value, "fields", None) or ()]
    return False


def _is_plain(kind: type) -> bool:
    return not (
        issubclass(kind, Exception | GeneratorType)
        or hasattr(kind, "__await__")
        or any("__call__" in vars(base) for base in kind.__mro__)
    )


def _learn(known: set[type], kind: type) -> None:
    if len(known) > _PLAIN_MAX:
        known.clear()
    known.add(kind)
