import gzip
import json
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from graphql_server import GRAPHQL, ID, make_client

JSON = "application/json"


async def post(
    body: Any, *, client: httpx2.AsyncClient | None = None, **headers: str
) -> httpx2.Response:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    sent = {"Content-Type": JSON} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return await (client or make_client()).post("/graphql", content=content, headers=sent)


async def get(**parameters: str) -> httpx2.Response:
    return await make_client().get("/graphql?" + urlencode(parameters))


def error(message: str, code: str, **more: Any) -> dict[str, Any]:
    extensions = {"code": code, **more, "requestId": ID}
    return {"errors": [{"message": message, "extensions": extensions}]}


async def test_answers_a_query_sent_with_post_and_with_get() -> None:
    query = "query Q($name: String) { hello(name: $name) }"
    body = {"query": query, "variables": {"name": "you"}}

    posted = await post(body | {"operationName": "Q", "extensions": {}, "unknown": 1})
    got = await get(query=query, variables='{"name": "you"}', operationName="Q")

    assert posted.json() == got.json() == {"data": {"hello": "hello you"}}
    assert posted.status_code == got.status_code == 200
    assert posted.headers["content-type"] == got.headers["content-type"] == f"{JSON}; charset=utf-8"
    assert posted.headers["x-request-id"] == ID
    assert posted.headers["cache-control"] == "no-store"
    assert posted.headers["vary"] == "Accept"


async def test_a_get_is_answered_with_304_when_its_answer_is_known() -> None:
    path = "/graphql?" + urlencode({"query": "query ($n: String) { hello(name: $n) }"})
    client = make_client()
    first = await client.get(path)
    tag = first.headers["ETag"]

    same = await client.get(path, headers={"If-None-Match": f'"other", {tag}'})
    other = await client.get(path + '&variables={"n":"x"}', headers={"If-None-Match": tag})
    posted = await post({"query": "{ hello }"}, client=client, If_None_Match="*")
    failed = await client.get("/graphql?query={missing}", headers={"If-None-Match": "*"})

    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    assert "Content-Type" not in same.headers
    assert first.headers["Cache-Control"] == same.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Vary"] == "Accept, Authorization, Cookie"
    assert (other.status_code, other.json()) == (200, {"data": {"hello": "hello x"}})
    assert other.headers["ETag"] != tag
    assert [(r.status_code, r.headers.get("ETag")) for r in (posted, failed)] == [(200, None)] * 2
    assert posted.headers["Cache-Control"] == failed.headers["Cache-Control"] == "no-store"


async def test_answers_head_as_get_without_the_body() -> None:
    response = await make_client().head("/graphql", params={"query": "{ hello }"})

    assert response.status_code == 200
    assert response.headers["content-length"] == str(len('{"data":{"hello":"hello world"}}'))


async def test_says_what_is_allowed() -> None:
    options = await make_client().options("/graphql")
    put = await make_client().put("/graphql")
    mutation = await get(query="mutation { write }")

    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    assert (put.status_code, put.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert put.json() == error("PUT is not allowed here.", "METHOD_NOT_ALLOWED")
    assert (mutation.status_code, mutation.headers["allow"]) == (405, "POST")
    assert mutation.json() == error("A mutation must be sent with POST.", "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"{JSON};q=0.5, {GRAPHQL};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0, */*", JSON),
        (f"{JSON};q=0, */*;q=0.1", GRAPHQL),
        ("text/html, */*;q=0.1", JSON),
        ("text/event-stream, application/json", JSON),
        (f"{JSON}; charset=utf-8", JSON),
        ("APPLICATION/JSON", JSON),
    ],
)
async def test_honours_the_order_and_weights_of_accept(accept: str, content_type: str) -> None:
    response = await post({"query": "{ hello }"}, Accept=accept)

    assert response.status_code == 200
    assert response.headers["content-type"] == f"{content_type}; charset=utf-8"


@pytest.mark.parametrize(
    "accept",
    [
        *("text/html", "text/csv", "text/*", "nonsense", f"{JSON};q=0", f"{JSON};q=2"),
        JSON + ";  " * 2_000 + "?",  # must not take time that grows with its possible readings
    ],
)
async def test_refuses_an_accept_that_it_cannot_meet(accept: str) -> None:
    response = await post({"query": "{ hello }"}, Accept=accept)

    assert response.status_code == 406
    assert response.json() == error(f"The answer is {JSON} or {GRAPHQL}.", "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "xapplication/jsonp", "application/json, text/plain", "application/graphql",
     "multipart/form-data; boundary=x", "application/json; charset=utf-16"],
)  # fmt: skip
async def test_refuses_a_body_that_is_not_json(content_type: str) -> None:
    response = await post({"query": "{ hello }"}, Content_Type=content_type)

    assert response.status_code == 415
    message = "The body must be application/json in UTF-8."
    assert response.json() == error(message, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "content_type", [f'{JSON};charset="UTF-8"', f"{JSON} ; charset=utf-8", "Application/JSON"]
)
async def test_takes_json_however_its_type_is_spelled(content_type: str) -> None:
    response = await post({"query": "{ hello }"}, Content_Type=content_type)

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ('"x"', "body", "The body must be a JSON object."),
        ("null", "body", "The body must be a JSON object."),
        ("1", "body", "The body must be a JSON object."),
        ("[]", "body", "Batches are not taken: send one operation a request."),
        (
            '[{"query": "{ hello }"}]',
            "body",
            "Batches are not taken: send one operation a request.",
        ),
        ("{}", "query", "query must be the text of a GraphQL document."),
        ('{"query": " "}', "query", "query must be the text of a GraphQL document."),
        ('{"query": 1}', "query", "query must be the text of a GraphQL document."),
        ('{"query": "{ hello }", "variables": []}', "variables", "variables must be an object."),
        ('{"query": "{ hello }", "variables": "{}"}', "variables", "variables must be an object."),
        ('{"query": "{ hello }", "extensions": 1}', "extensions", "extensions must be an object."),
        (
            '{"query": "{ hello }", "operationName": 3}',
            "operationName",
            "operationName must be a string.",
        ),
    ],
)
async def test_refuses_a_body_of_the_wrong_shape(body: str, field: str, message: str) -> None:
    response = await post(body)

    assert (response.status_code, response.json()) == (400, error(message, "INVALID", field=field))


@pytest.mark.parametrize(
    ("body", "path", "problem"),
    [
        ("", "$", "there is no JSON value."),
        ("{", "$", "a name in double quotes is missing."),
        (b'{"query": "\xff"}', "$", "the text is not UTF-8."),
        (b"\xef\xbb\xbf{}", "$", "the text starts with a byte order mark."),
        ('{"query": "a", "query": "b"}', "$.query", "the name stands twice in one object."),
        (
            '{"query": "{ hello }", "variables": {"a": NaN}}',
            "$.variables.a",
            "there is no JSON value.",
        ),
        (
            '{"query": "{ hello }", "variables": {"a": "\\ud800"}}',
            "$.variables.a",
            "the string has half of a surrogate pair.",
        ),
        ("[" * 100_000, "$" + "[0]" * 64, "it is nested more than 64 deep."),
    ],
)
async def test_refuses_malformed_json_and_says_where(
    body: str | bytes, path: str, problem: str
) -> None:
    response = await post(body)

    message = f"Malformed JSON at {path[:200]}: {problem}"
    expected = error(message, "INVALID", field="body", details={"path": path[:200]})
    assert (response.status_code, response.json()) == (400, expected)


async def test_refuses_a_parameter_that_is_given_twice() -> None:
    response = await make_client().get("/graphql?query={hello}&query={number}")

    assert (response.status_code, response.json()) == (
        400,
        error("query is given twice.", "INVALID", field="query"),
    )


@pytest.mark.parametrize("variables", ["{", "NaN", ""])
async def test_refuses_malformed_variables_of_a_get(variables: str) -> None:
    response = await get(query="{ hello }", variables=variables)

    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "INVALID"


async def test_reads_a_compressed_body() -> None:
    body = gzip.compress(b'{"query": "{ hello }"}', mtime=0)

    response = await post(body, Content_Encoding="gzip")

    assert response.json() == {"data": {"hello": "hello world"}}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"query": "{ hello }"}', "The body is not gzip."),
        (gzip.compress(b"{}", mtime=0)[:-4], "The body is not one whole gzip stream."),
        (gzip.compress(b"{}", mtime=0) + b"more", "The body is not one whole gzip stream."),
    ],
)
async def test_refuses_a_body_whose_compression_is_broken(body: bytes, message: str) -> None:
    response = await post(body, Content_Encoding="gzip")

    assert (response.status_code, response.json()) == (400, error(message, "INVALID", field="body"))


async def test_names_the_compression_that_it_reads() -> None:
    response = await post(b"x", Content_Encoding="br")

    assert (response.status_code, response.headers["accept-encoding"]) == (415, "gzip, identity")
    message = "The content encoding br is not read; gzip is."
    assert response.json() == error(message, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_refuses_a_body_over_the_limit_before_reading_all_of_it(encoding: str) -> None:
    body = b'{"query": "' + b" " * 2_000 + b'"}'
    sent = gzip.compress(body, mtime=0) if encoding == "gzip" else body

    response = await post(sent, client=make_client(body_bytes=1_000), Content_Encoding=encoding)

    details = {"limit": "bodyBytes", "max": 1_000}
    expected = error(
        "The body is larger than 1000 bytes.", "LIMIT_EXCEEDED", field="body", details=details
    )
    assert (response.status_code, response.json()) == (413, expected)


@pytest.mark.parametrize("given", ["id with spaces", "x" * 129, "", "-starts-with-a-dash"])
async def test_makes_a_request_id_where_none_is_well_formed(given: str) -> None:
    response = await post({"query": "{ nothing }"}, X_Request_Id=given)

    made = response.headers["x-request-id"]
    assert (len(made), made.isalnum()) == (32, True)
    assert response.json()["errors"][0]["extensions"]["requestId"] == made
