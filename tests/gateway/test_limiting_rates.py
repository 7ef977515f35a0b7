"""A key's requests are counted in the clock's minute and hour, over all worker processes."""

from pathlib import Path

from clients import Client, application, client_of, key_of
from gateway.rate_limits import RateLimits, Standing, Verdict
from world import World

NOON = 1_700_000_040.0  # 23 minutes before the hour's end, at the start of a minute


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


def test_counts_down_and_refuses_until_the_minute_ends() -> None:
    clock = Clock()
    limits = RateLimits(clock=clock)
    ends = int(NOON) + 60

    assert limits.take("a", 2, 1000) == Verdict(Standing(2, 1, ends))
    assert limits.take("a", 2, 1000) == Verdict(Standing(2, 0, ends))
    clock.now += 43.5
    assert limits.take("a", 2, 1000) == Verdict(Standing(2, 0, ends), 17)
    clock.now = ends
    assert limits.take("a", 2, 1000) == Verdict(Standing(2, 1, ends + 60))


def test_the_hour_is_told_when_it_is_tighter_and_refusals_are_not_counted() -> None:
    clock = Clock()
    limits = RateLimits(clock=clock)
    ends = (int(NOON) // 3600 + 1) * 3600

    assert limits.take("a", 5, 2) == Verdict(Standing(2, 1, ends))
    assert limits.take("a", 5, 2) == Verdict(Standing(2, 0, ends))
    assert limits.take("a", 5, 2) == Verdict(Standing(2, 0, ends), ends - int(NOON))
    assert limits.take("a", 5, None).standing == Standing(5, 2, int(NOON) + 60)


def test_keys_are_counted_apart_and_unlimited_ones_not_at_all() -> None:
    limits = RateLimits(clock=Clock())

    assert limits.take("a", 1, None).retry_after_seconds == 0
    assert limits.take("b", 1, None).retry_after_seconds == 0
    assert limits.take("c", None, None) == Verdict(None)


def test_processes_that_name_one_file_count_together(tmp_path: Path) -> None:
    one, two = (RateLimits(tmp_path / "limits", Clock()) for _ in range(2))

    assert one.take("a", 2, None).retry_after_seconds == 0
    assert two.take("a", 2, None).retry_after_seconds == 0
    assert one.take("a", 2, None).retry_after_seconds == 60
    one.close()
    two.close()


async def test_every_answer_says_where_the_key_stands(world: World) -> None:
    async with client_of(world, per_minute=50, per_hour=1000) as client:
        response = await client.rest("GET", "/api/inventory")
        refused = await client.rest("GET", "/api/inventory?page=0")

    assert response.headers["X-RateLimit-Limit"] == "50"
    assert response.headers["X-RateLimit-Remaining"] == "49"
    assert int(response.headers["X-RateLimit-Reset"]) % 60 == 0
    assert refused.headers["X-RateLimit-Remaining"] == "48"


async def test_too_many_requests_are_refused_by_rest_and_by_graphql_alike(world: World) -> None:
    key = await key_of(world, per_minute=None, per_hour=1)
    async with application(world) as http:
        client = Client(http, key)
        answered = await client.rest("GET", "/api/inventory")
        refused = await client.rest("GET", "/api/inventory")
        graph = await client.graphql("{ viewer { name } }")

    assert answered.status_code == 200
    assert refused.status_code == 429
    seconds = refused.headers["Retry-After"]
    assert refused.json() == {
        "error": "Rate limit exceeded",
        "code": "RATE_LIMITED",
        "details": {"retryAfter": int(seconds)},
        "requestId": refused.headers["X-Request-Id"],
    }
    assert graph["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
