"""Health, metrics, and what every answer carries."""

import pytest

from clients import application, client_of
from domain.errors import Unavailable
from models.session import Database
from world import World


async def test_is_live_and_ready(world: World) -> None:
    async with application(world) as http:
        live, ready = await http.get("/health/live"), await http.get("/health/ready")

    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_is_not_ready_without_its_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(_: Database) -> bool:
        raise Unavailable("gone")

    monkeypatch.setattr("services.guard.is_current", gone)
    async with application(world) as http:
        ready = await http.get("/health/ready")

    assert ready.status_code == 503
    assert ready.json() == {"status": "not ready", "reason": "DATABASE_UNREACHABLE"}
    assert ready.headers["Retry-After"] == "2"


async def test_counts_requests_by_route_and_status(world: World) -> None:
    async with client_of(world) as client:
        await client.get("/api/inventory")
        await client.rest("GET", "/nowhere")
        text = (await client.http.get("/metrics")).text

    assert 'stockgraph_requests_total{method="GET",route="/api/inventory",status="200"} 1.0' in text
    assert 'stockgraph_requests_total{method="GET",route="unknown",status="404"} 1.0' in text
    assert "stockgraph_database_connections 0.0" in text


async def test_keeps_the_request_id_and_says_no_more_than_it_must(world: World) -> None:
    async with client_of(world) as client:
        given = await client.rest("GET", "/api/inventory", headers={"X-Request-Id": "trace-1"})
        unknown = await client.rest("GET", "/api/nothing")

    assert given.headers["X-Request-Id"] == "trace-1"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in given.headers
    assert unknown.status_code == 404
    assert unknown.json() == {
        "error": "Not Found",
        "code": "NOT_FOUND",
        "requestId": unknown.headers["X-Request-Id"],
    }
