"""What one operation may cost is limited for each key, in both APIs, and every answer tells it."""

from typing import Any

from starlette.requests import Request

from clients import Client, application, client_of, key_of
from gateway.auth import Authenticator, Entrance
from gateway.explorer_sessions import ExplorerSessions
from gateway.rate_limits import RateLimits
from graph import statements
from world import World

PAGE = (
    "query ($first: Int) { locations(first: $first) { nodes { id name children { totalCount } } } }"
)


async def ask(client: Client, text: str, *, count: bool = False, **variables: Any) -> Any:
    headers = {"Authorization": f"Bearer {client.key}"}
    if count:
        headers["X-GraphQL-Cost"] = "count"
    body = {"query": text, "variables": variables}
    return await client.http.post("/graphql", json=body, headers=headers)


async def test_tells_the_estimate_always_and_the_count_when_asked(world: World) -> None:
    await world.location()
    await world.location()
    async with client_of(world) as client:
        plain = await ask(client, PAGE, first=5)
        counted = await ask(client, PAGE, count=True, first=5)

    # A connection, five locations in it, and in each of them a connection that is counted.
    assert plain.headers["X-GraphQL-Cost"] == str((1 + 5 + 5) + (1 + 1 + 5 * (1 + 5)))
    assert plain.headers["X-GraphQL-Cost-Limit"] == "250000"
    assert "X-GraphQL-Cost-Counted" not in plain.headers
    assert "extensions" not in plain.json()
    there = len(plain.json()["data"]["locations"]["nodes"])
    assert 2 <= there < 5
    types, fields = 1 + 2 * there, 2 + 6 * there
    assert counted.json()["extensions"] == {
        "cost": {
            "estimated": {"types": 11, "fields": 32, "total": 43},
            "counted": {"types": types, "fields": fields, "total": types + fields},
            "limit": 250_000,
        }
    }
    assert counted.headers["X-GraphQL-Cost-Counted"] == str(types + fields)
    assert counted.json()["data"] == plain.json()["data"]


async def test_refuses_what_would_cost_the_key_too_much_before_it_reads(world: World) -> None:
    key = await key_of(world, cost_max=43)
    async with application(world) as http:
        client = Client(http, key)
        taken = await ask(client, PAGE, first=5)
        async with statements(world) as found:
            graph = await ask(client, PAGE, first=6)
            rest = await client.rest("GET", "/api/inventory?limit=100")

    assert "errors" not in taken.json()
    assert found == []
    details = {"limit": "cost", "max": 43, "value": 51}
    [error] = graph.json()["errors"]
    assert graph.status_code == 400
    assert error["extensions"]["code"] == "COST_EXCEEDED"
    assert (error["extensions"]["field"], error["extensions"]["details"]) == ("query", details)
    assert (rest.status_code, rest.json()["code"]) == (400, "COST_EXCEEDED")
    assert rest.headers["X-GraphQL-Cost"] == str(rest.json()["details"]["value"])
    assert rest.headers["X-GraphQL-Cost-Limit"] == graph.headers["X-GraphQL-Cost-Limit"] == "43"


async def test_no_key_may_have_more_than_the_server_lets_every_key(world: World) -> None:
    key = await key_of(world, cost_max=1_000)
    sessions = ExplorerSessions.__new__(ExplorerSessions)
    for most, expected in ((999, 999), (1_001, 1_000)):
        entrance = Entrance(Authenticator(world.database), RateLimits(), sessions, most)
        headers = [(b"authorization", f"Bearer {key}".encode())]
        request = Request({"type": "http", "headers": headers, "state": {}})
        await entrance.admit(request)
        assert request.state.cost_max == expected
