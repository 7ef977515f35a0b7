"""Asks the whole application over HTTP, in this process, as one key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from gateway.app import create_app
from gateway.settings import load_settings
from services import keys
from services.keys import KeyWish
from world import World


class Client:
    """One actor, who asks by REST and by GraphQL."""

    def __init__(self, http: httpx2.AsyncClient, key: str | None) -> None:
        self.http = http
        self.key = key

    async def rest(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **how: Any
    ) -> httpx2.Response:
        """The answer of REST; `headers` go before the key's."""
        return await self.http.request(
            method, path, headers={**self._key(), **(headers or {})}, **how
        )

    async def get(self, path: str, **query: Any) -> Any:
        """The body of a read that was answered."""
        response = await self.rest("GET", path, params=query or None)
        assert response.status_code == 200, response.text
        return response.json()

    async def graphql(self, text: str, **variables: Any) -> Any:
        """The whole answer of GraphQL."""
        body = {"query": text, "variables": variables}
        response = await self.http.post("/graphql", json=body, headers=self._key())
        return response.json()

    def _key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


async def key_of(world: World, *scopes: str, **wish: Any) -> str:
    """A new key of the tenant; without limits unless some are given."""
    wish = {"per_minute": None, "per_hour": None} | wish
    name = f"key {next(world._numbers)}"
    async with world.write() as session:
        made = await keys.create(session, KeyWish(name=name, scopes=scopes or ("*",), **wish))
    return made.plain


@asynccontextmanager
async def client_of(world: World, *scopes: str, **wish: Any) -> AsyncIterator[Client]:
    """The application, and who asks it with a new key of the tenant."""
    key = await key_of(world, *scopes, **wish)
    async with application(world) as http:
        yield Client(http, key)


@asynccontextmanager
async def application(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """The application on the test's database, without its start."""
    app = create_app(load_settings(explorer=False), world.database)
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
        yield http
