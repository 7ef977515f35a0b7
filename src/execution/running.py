"""The state of one execution: what it was asked with, its errors, and what it still waits for."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, TypeAlias

from graphql import FragmentDefinitionNode, GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, gather_with_cancel, is_awaitable
from graphql.type import GraphQLResolveInfoHelpers

# Where a value stands in the answer: the position around it (None at the root), its key, and the
# type that has the field, as in graphql-core's Path; a bare tuple is four times as cheap to make.
Position: TypeAlias = tuple[Any, str | int, str | None]


def keys_of(position: Position | None) -> list[str | int]:
    """The keys from the root to a position."""
    keys: list[str | int] = []
    while position is not None:
        keys.append(position[1])
        position = position[0]
    return keys[::-1]


class Run:
    """One execution of an operation."""

    __slots__ = (
        "_background",
        "_nulled",
        "_paths",
        "arguments",
        "context",
        "errors",
        "info",
        "pending",
        "tail",
        "variables",
    )

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        variables: VariableValues,
        root: object,
        context: object,
    ) -> None:
        self.variables = variables
        self.context = context
        self.errors: list[GraphQLError] = []
        # What the values made since the last await wait for; each container has one entry at most.
        self.pending: list[Any] = []
        self.arguments: dict[Any, dict[str, Any]] = {}
        self.info: tuple[Any, Any, Any] = (None, None, None)  # the latest: field, position, info
        helpers = GraphQLResolveInfoHelpers(gather=_gathered, track=self.track)
        self.tail = (
            *(schema, fragments, root, operation, variables, context),
            *(is_awaitable, None, helpers),
        )
        self._nulled: set[Position | None] = set()
        self._background: set[asyncio.Future[Any]] = set()
        self._paths: dict[int, tuple[Position, Path]] = {}

    def fail(self, error: GraphQLError, position: Position | None) -> None:
        """Note an error whose field becomes null, unless something around it is null already."""
        around: Position | None = position
        while around is not None:
            if around in self._nulled:
                return
            around = around[0]
        if None not in self._nulled:
            self._nulled.add(position)
            self.errors.append(error)

    def path(self, position: Position) -> Path:
        """The position as resolvers are told it; those around it are made once."""
        around = position[0]
        if around is None:
            return Path(None, position[1], position[2])
        known = self._paths.get(id(around))
        if known is None:
            known = self._paths[id(around)] = (around, self.path(around))
        return Path(known[1], position[1], position[2])

    def abandon(self, mark: int, further: Sequence[Any] = ()) -> None:
        """Let what is pending since this mark end by itself: nobody waits for it any more.

        What is awaitable of `further` values ends alike.
        """
        entries = self.pending[mark:]
        del self.pending[mark:]
        values = [value for value in further if is_awaitable(value)]
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # then nothing can be awaited, only closed
            for one in (*entries, *values):
                one.close()
            return
        if entries or values:
            self._let(*(entry.settle_alone(self) for entry in entries), *values)

    def track(self, values: Sequence[Any]) -> None:
        """Let what is awaitable of these values end by itself."""
        self.abandon(len(self.pending), values)

    def _let(self, *awaitables: Awaitable[Any]) -> None:
        ending: asyncio.Future[Any] = asyncio.gather(*awaitables, return_exceptions=True)
        self._background.add(ending)
        ending.add_done_callback(self._background.discard)


def _gathered(values: Sequence[Awaitable[Any]]) -> Awaitable[list[Any]]:
    return gather_with_cancel(*values)
