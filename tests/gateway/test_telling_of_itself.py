"""Health, metrics, and what every answer carries."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request

from clients import application, client_of
from domain.errors import Unavailable
from gateway.health import Health
from gateway.ledger_watch import LedgerWatch
from gateway.metrics import Metrics
from models.session import Database
from services import feed, ledger_health
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


async def test_tells_drift_beside_being_ready(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked_at = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)

    async def found(_: Database, older_than: timedelta) -> ledger_health.Summary:
        assert older_than == timedelta(hours=6)
        return ledger_health.Summary(drift=3, tenants_with_drift=1, oldest_check_at=checked_at)

    monkeypatch.setattr("services.ledger_health.watch", found)
    metrics = Metrics(lambda: 0)
    watch = LedgerWatch(world.database, metrics)
    assert watch.detail == {}

    async with watch.running(6, pause_seconds=0.01):
        for _ in range(500):
            if watch.detail:
                break
            await asyncio.sleep(0.01)
    health = Health(world.database, lambda: watch.detail)
    ready = await health.ready(Request({"type": "http"}))

    assert (ready.status_code, json.loads(bytes(ready.body))) == (
        200,
        {
            "status": "ready",
            "ledger": {
                "drift": 3,
                "tenantsWithDrift": 1,
                "oldestCheckAt": "2026-02-03T04:05:06Z",
            },
        },
    )
    assert b"stockgraph_ledger_drift 3.0" in bytes(metrics.answer().body)


async def test_measures_what_waits_for_a_number(world: World) -> None:
    await world.stock(await world.product(), await world.location(), 1)
    async with client_of(world) as client:
        waiting = (await client.http.get("/metrics")).text
        await feed.relay(world.database)
        told = (await client.http.get("/metrics")).text

    assert "stockgraph_feed_unsealed_events 0.0" not in waiting
    assert "stockgraph_feed_unsealed_events 0.0" in told
    assert "stockgraph_feed_unsealed_seconds 0.0" in told
