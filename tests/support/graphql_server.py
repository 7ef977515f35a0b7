"""A small schema behind the real HTTP layer, for tests of the layer itself."""

import asyncio
import dataclasses
from decimal import Decimal
from typing import Any

import httpx2
import strawberry
from graphql import FloatValueNode, GraphQLError, IntValueNode, ValueNode
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from strawberry.schema.config import StrawberryConfig

from domain.errors import GatewayError, NotFound, RateLimited, Unauthorized, Unavailable
from execution.limits import Limits
from gateway.graphql_http import GraphQLEndpoint

ID = "0123456789abcdef"
HEADERS = {"X-Request-Id": ID, "Authorization": "Bearer key"}
GRAPHQL = "application/graphql-response+json"


def _exact(node: ValueNode, _variables: Any = None) -> Decimal:
    assert isinstance(node, IntValueNode | FloatValueNode)
    return Decimal(node.value)


Quantity = strawberry.scalar(
    name="Quantity", serialize=lambda value: value, parse_value=Decimal, parse_literal=_exact
)


@dataclasses.dataclass
class State:
    """What the resolvers did, for tests to look at."""

    closed: int = 0
    cancelled: int = 0
    written: int = 0
    is_replay: bool = False
    started: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)
    go_on: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    def ask(self, asked: bytes, key: str | None, request_id: str) -> None:
        """Take what was asked for; nothing here is done once."""

    @property
    def is_narrow(self) -> bool:
        """Nothing here is read from a database."""
        return False

    def glance(self) -> bool:
        return False

    async def is_good(self) -> bool:
        return True

    async def aclose(self) -> None:
        self.closed += 1


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def number(self, value: int) -> int:
        return value

    @strawberry.field
    def total(self, quantities: list[Decimal]) -> Decimal:
        return sum(quantities, Decimal(0))

    @strawberry.field
    def missing(self) -> str | None:
        raise NotFound("Location", "locationId")

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("password=secret")

    @strawberry.field
    def needed(self) -> str:
        raise RuntimeError("password=secret")

    @strawberry.field
    def too_large(self) -> int | None:
        return 2**40

    @strawberry.field
    def surrogate(self) -> str:
        return "\ud800"

    @strawberry.field
    def own(self) -> str | None:
        raise GraphQLError("of its own", extensions={"code": "OWN"})

    @strawberry.field
    async def slow(self, info: strawberry.Info) -> str:
        state: State = info.context
        state.started.set()
        try:
            await state.go_on.wait()
        except asyncio.CancelledError:
            state.cancelled += 1
            raise
        return "done"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def write(self, info: strawberry.Info) -> int:
        state: State = info.context
        state.started.set()
        await state.go_on.wait()
        state.written += 1
        return state.written


REFUSALS: dict[str, Exception] = {
    "none": Unauthorized(),
    "busy": RateLimited(7),
    "down": Unavailable("The database cannot be reached now."),
    "odd": GatewayError("Odd"),
    "bug": RuntimeError("password=secret"),
}


def make_app(state: State, **limits: Any) -> Starlette:
    async def context(request: Request) -> State:
        who = request.headers.get("authorization", "").removeprefix("Bearer ")
        if who in REFUSALS:
            raise REFUSALS[who]
        return state

    config = StrawberryConfig(scalar_map={Decimal: Quantity})
    schema = strawberry.Schema(Query, Mutation, config=config)
    endpoint = GraphQLEndpoint(schema, context=context, limits=Limits(**limits))
    return Starlette(routes=[Route("/graphql", endpoint)])


def make_client(state: State | None = None, **limits: Any) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(make_app(state or State(), **limits))
    return httpx2.AsyncClient(transport=transport, base_url="http://test", headers=HEADERS)
