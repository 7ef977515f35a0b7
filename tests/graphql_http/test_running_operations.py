import asyncio
import json
from typing import Any

import httpx2
import pytest
from starlette.types import Message
from structlog.testing import capture_logs

from graphql_server import GRAPHQL, HEADERS, ID, State, make_app, make_client


async def run(query: str, accept: str = GRAPHQL, **body: Any) -> httpx2.Response:
    content = {"query": query, **body}
    return await make_client().post("/graphql", json=content, headers={"Accept": accept})


def only_error(response: httpx2.Response) -> dict[str, Any]:
    [error] = response.json()["errors"]
    assert error["extensions"].pop("requestId") == ID
    assert isinstance(error, dict)
    return error


@pytest.mark.parametrize(
    ("query", "body", "code"),
    [
        ("{ hello", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ unknown }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ('{ number(value: "x") }', {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query ($v: Int!) { number(value: $v) }", {}, "BAD_USER_INPUT"),
        ("query ($v: Int!) { number(value: $v) }", {"variables": {"v": "x"}}, "BAD_USER_INPUT"),
        ("query A { hello } query B { hello }", {}, "OPERATION_RESOLUTION_FAILURE"),
        ("query A { hello }", {"operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
        ("fragment F on Query { hello }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ],
)  # fmt: skip
async def test_answers_a_request_error_without_data(
    query: str, body: dict[str, Any], code: str
) -> None:
    graphql = await run(query, **body)
    plain = await run(query, "application/json", **body)

    assert (graphql.status_code, plain.status_code) == (400, 200)
    assert graphql.json() == plain.json()
    assert list(graphql.json()) == ["errors"]
    assert only_error(graphql)["extensions"]["code"] == code


async def test_runs_the_operation_that_is_named() -> None:
    query = 'query A { hello } query B { hello(name: "b") }'

    response = await run(query, operationName="B")

    assert response.json() == {"data": {"hello": "hello b"}}


async def test_says_which_limit_a_document_exceeds() -> None:
    response = await run("{ " + " ".join(f"a{i}: hello" for i in range(31)) + " }")

    messages = [error["message"] for error in response.json()["errors"]]
    assert response.status_code == 400
    assert messages == [
        "The operation has 31 aliases; 30 are allowed.",
        "The operation has 31 root fields; 20 are allowed.",
    ]


async def test_keeps_quantities_exact_on_their_way_in_and_out() -> None:
    body = b"""{"query": "query ($q: [Quantity!]!) { total(quantities: $q) }",
                "variables": {"q": [0.1, 0.2, 123456789012.000001]}}"""
    headers = {"Content-Type": "application/json"}

    response = await make_client().post("/graphql", content=body, headers=headers)

    assert response.content == b'{"data":{"total":123456789012.300001}}'


async def test_keeps_quantities_exact_in_literals() -> None:
    response = await run("{ total(quantities: [0.1, 0.2, 199.7]) }")

    assert response.content == b'{"data":{"total":200}}'


async def test_shows_a_refusal_with_its_code_and_field() -> None:
    response = await run("{ hello missing }")

    error = {
        "message": "Location not found or not accessible",
        "locations": [{"line": 1, "column": 9}],
        "path": ["missing"],
        "extensions": {"code": "NOT_FOUND", "field": "locationId", "requestId": ID},
    }
    assert response.status_code == 200
    assert response.json() == {"errors": [error], "data": {"hello": "hello world", "missing": None}}


@pytest.mark.parametrize("field", ["broken", "tooLarge"])
async def test_masks_and_logs_what_nobody_expected(field: str) -> None:
    with capture_logs() as logs:
        response = await run(f"{{ {field} }}")

    assert response.json()["data"] == {field: None}
    assert only_error(response) == {
        "message": "Internal Server Error",
        "locations": [{"line": 1, "column": 3}],
        "path": [field],
        "extensions": {"code": "INTERNAL"},
    }
    [line] = logs
    assert (line["event"], line["request_id"], line["path"]) == ("graphql_field_failed", ID, field)
    assert isinstance(line["exc_info"], Exception)


async def test_answers_null_for_everything_when_a_needed_field_fails() -> None:
    with capture_logs():
        response = await run("{ needed }")

    assert (response.status_code, response.json()["data"]) == (200, None)
    assert only_error(response)["extensions"] == {"code": "INTERNAL"}


async def test_takes_the_code_of_an_error_that_has_one() -> None:
    assert only_error(await run("{ own }"))["extensions"] == {"code": "OWN"}


async def test_names_an_argument_that_a_variable_left_empty() -> None:
    query = "query ($v: Int = 1) { hello number(value: $v) }"

    response = await run(query, variables={"v": None})

    assert only_error(response)["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_answers_500_when_the_answer_has_no_json_form() -> None:
    with capture_logs() as logs:
        response = await run("{ surrogate }")

    assert response.status_code == 500
    assert only_error(response) == {
        "message": "Internal Server Error",
        "extensions": {"code": "INTERNAL"},
    }
    assert [line["event"] for line in logs] == ["graphql_failed"]


@pytest.mark.parametrize(
    ("key", "status", "code", "headers"),
    [
        ("none", 401, "MISSING_AUTHORIZATION", {"www-authenticate": "Bearer"}),
        ("busy", 429, "RATE_LIMITED", {"retry-after": "7"}),
        ("down", 503, "UNAVAILABLE", {"retry-after": "2"}),
        ("odd", 400, "INTERNAL", {}),
        ("bug", 500, "INTERNAL", {}),
    ],
)
async def test_turns_a_refusal_of_the_whole_request_into_its_status(
    key: str, status: int, code: str, headers: dict[str, str]
) -> None:
    with capture_logs():
        response = await make_client().post(
            "/graphql", json={"query": "{ hello }"}, headers={"Authorization": f"Bearer {key}"}
        )

    assert response.status_code == status
    assert only_error(response)["extensions"]["code"] == code
    assert "secret" not in response.text
    assert {name: response.headers[name] for name in headers} == headers


async def test_closes_the_context_whatever_comes_of_the_request() -> None:
    state = State()
    client = make_client(state)

    for query in ("{ hello }", "{ unknown }", "{ hello"):
        await client.post("/graphql", json={"query": query})

    assert state.closed == 3


async def test_stops_an_operation_that_takes_too_long() -> None:
    state = State()

    response = await make_client(state, timeout_seconds=0.05).post(
        "/graphql", json={"query": "{ slow }"}
    )

    assert response.status_code == 504
    assert only_error(response)["extensions"] == {"code": "TIMEOUT"}
    assert (state.cancelled, state.closed) == (1, 1)


class Leaving:
    """A client that sends one operation and hangs up once it has begun."""

    def __init__(self, state: State, query: str) -> None:
        self.sent: list[Message] = []
        self._state = state
        self._body: bytes | None = json.dumps({"query": query}).encode()

    async def receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._state.started.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    def scope(self) -> dict[str, Any]:
        headers = {**HEADERS, "Content-Type": "application/json"}
        return {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "headers": [(name.lower().encode(), text.encode()) for name, text in headers.items()],
        }


async def test_cancels_a_query_whose_client_has_gone() -> None:
    state = State()
    client = Leaving(state, "{ slow }")

    await make_app(state)(client.scope(), client.receive, client.send)

    assert (state.cancelled, state.closed, client.sent) == (1, 1, [])


async def test_finishes_a_mutation_whose_client_has_gone() -> None:
    state = State()
    client = Leaving(state, "mutation { write }")
    running = asyncio.ensure_future(make_app(state)(client.scope(), client.receive, client.send))
    await state.started.wait()
    await asyncio.sleep(0.01)

    state.go_on.set()
    await running

    assert (state.written, state.closed) == (1, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://test:3000"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_refuses_a_cookie_that_a_page_of_another_origin_sends(
    headers: dict[str, str], method: str
) -> None:
    cookie = {"Cookie": "stockgraph_explorer=x", "Content-Type": "application/json"}
    client = make_client()
    del client.headers["Authorization"]

    refused = await client.request(
        method, "/graphql?query={hello}", content='{"query": "{hello}"}', headers=cookie | headers
    )
    with_key = await client.request(
        method,
        "/graphql?query={hello}",
        content='{"query": "{hello}"}',
        headers=cookie | headers | {"Authorization": "Bearer key"},
    )

    assert refused.status_code == 403
    assert only_error(refused)["extensions"] == {"code": "CROSS_ORIGIN"}
    assert with_key.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "http://test"}, {"Sec-Fetch-Site": "none"}],
)
async def test_takes_the_cookie_from_its_own_page(headers: dict[str, str]) -> None:
    client = make_client()
    del client.headers["Authorization"]

    response = await client.get(
        "/graphql?query={hello}", headers={"Cookie": "stockgraph_explorer=x", **headers}
    )

    assert response.json() == {"data": {"hello": "hello world"}}
