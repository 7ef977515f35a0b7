"""Asks the graph as one key, the way both ways in do."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from graphql import GraphQLError

from domain.actor import Actor
from domain.errors import GatewayError
from domain.permissions import expand
from resolvers.context import Context
from resolvers.schema import Schema, build_schema
from world import World


@cache
def schema() -> Schema:
    return build_schema()


def actor_of(world: World, *permissions: str) -> Actor:
    return Actor(
        tenant_id=world.tenant_id,
        key_id="key_test",
        name="Test",
        permissions=expand(permissions or ["*"]),
    )


@asynccontextmanager
async def context_of(world: World, *permissions: str) -> AsyncIterator[Context]:
    async with Context(actor_of(world, *permissions), world.database) as context:
        yield context


async def answer(
    world: World, text: str, /, *, permissions: Iterable[str] = ("*",), **variables: Any
) -> dict[str, Any]:
    """The whole answer: `data`, and `errors` when there are some; a failure of ours is raised."""
    async with context_of(world, *permissions) as context:
        result = await schema().execute(text, variable_values=variables, context_value=context)
    found: dict[str, Any] = {"data": result.data}
    for error in result.errors or ():
        cause = error.original_error
        if not isinstance(cause, GatewayError | GraphQLError | None):
            raise cause
    if result.errors:
        found["errors"] = [
            {"message": error.message, "path": error.path, **(error.extensions or {})}
            for error in result.errors
        ]
    return found


async def ask(world: World, text: str, /, **variables: Any) -> Any:
    """The data of an answer that has no errors."""
    found = await answer(world, text, **variables)
    assert "errors" not in found, found["errors"]
    return found["data"]


async def refusal(world: World, text: str, /, **variables: Any) -> dict[str, Any]:
    """The only error of an answer."""
    errors: list[dict[str, Any]] = (await answer(world, text, **variables))["errors"]
    assert len(errors) == 1, errors
    return errors[0]


@asynccontextmanager
async def statements(world: World) -> AsyncIterator[list[str]]:
    """Every SQL statement that runs inside the block."""
    found: list[str] = []
    world.database.listener = found.append
    try:
        yield found
    finally:
        world.database.listener = None
