"""Answers are compressed as the caller prefers, where that is worth it and the answer may be."""

import threading
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import brotli
import httpx2
import pytest
import zstandard
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from clients import client_of, key_of
from gateway import compression
from gateway.compression import CODINGS, LARGE, SMALLEST, Compression, preferred_coding
from world import World

TEXT = b'{"name": "a b c"}'
DECODED: dict[str, Callable[[bytes], bytes]] = {
    "zstd": zstandard.decompress,
    "br": brotli.decompress,
    "gzip": lambda body: zlib.decompress(body, 16 + zlib.MAX_WBITS),
}


def body_of(size: int) -> bytes:
    return (TEXT * (size // len(TEXT) + 1))[:size]


async def raw(response: httpx2.Response) -> bytes:
    return b"".join([part async for part in response.aiter_raw()])


async def answer_of(
    accepted: str | None, made: Response, method: str = "GET"
) -> tuple[httpx2.Response, bytes]:
    """What a caller gets of an answer, with its bytes as they came."""

    async def endpoint(_request: Request) -> Response:
        return made

    app = Starlette(routes=[Route("/", endpoint)], middleware=[Middleware(Compression)])
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
        if accepted is None:
            del http.headers["Accept-Encoding"]
        async with http.stream(method, "/", headers=headers) as response:
            return response, await raw(response)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("GZIP ; q=0.8, br;q=0.5", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, *", "br"),
        ("gzip;q=0", None),
        ("*;q=0", None),
        ("deflate, compress", None),
        ("identity, gzip;q=0.5", None),
        ("identity, gzip", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=2, br;q=x, ,;", None),
    ],
)
def test_takes_the_coding_with_the_greatest_weight(
    accepted: str | None, coding: str | None
) -> None:
    assert preferred_coding(accepted, ("zstd", "br", "gzip")) == coding


@pytest.mark.parametrize("size", [SMALLEST, LARGE])
@pytest.mark.parametrize("coding", CODINGS)
async def test_the_body_is_the_same_in_every_coding(coding: str, size: int) -> None:
    body = body_of(size)

    response, got = await answer_of(coding, Response(body, media_type="application/json"))

    assert DECODED[coding](got) == body
    assert response.headers["Content-Encoding"] == coding
    assert response.headers["Content-Length"] == str(len(got))
    assert len(got) < size / 2
    assert response.headers["Vary"] == "Accept-Encoding"


async def test_large_bodies_are_compressed_beside_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: list[bool] = []

    def compress(body: bytes) -> bytes:
        threads.append(threading.current_thread() is threading.main_thread())
        return body

    monkeypatch.setattr(compression, "CODINGS", {"gzip": compress})
    for size in (SMALLEST - 1, LARGE - 1, LARGE):
        await answer_of("gzip", Response(body_of(size), media_type="application/json"))

    assert threads == [True, False]


async def pieces() -> AsyncIterator[bytes]:
    yield body_of(SMALLEST)
    yield body_of(SMALLEST)


@pytest.mark.parametrize(
    "made",
    [
        lambda: Response(body_of(SMALLEST - 1), media_type="application/json"),
        lambda: Response(body_of(LARGE), media_type="image/png"),
        lambda: Response(body_of(LARGE)),
        lambda: Response(body_of(LARGE), media_type="text/event-stream"),
        lambda: Response(body_of(LARGE), 206, media_type="text/plain"),
        lambda: Response(body_of(LARGE), headers={"Content-Encoding": "br"}, media_type="text/x"),
        lambda: Response(
            body_of(LARGE), headers={"Cache-Control": "no-transform"}, media_type="text/x"
        ),
        lambda: StreamingResponse(pieces(), media_type="text/plain"),
        lambda: StreamingResponse(pieces(), media_type="text/event-stream"),
    ],
)
async def test_leaves_what_is_small_or_may_not_be_changed(made: Callable[[], Response]) -> None:
    plain, expected = await answer_of(None, made())

    response, got = await answer_of("gzip, br, zstd", made())

    assert (response.status_code, got) == (plain.status_code, expected)
    assert response.headers == plain.headers


@pytest.mark.parametrize(
    ("tag", "shown", "vary", "varies"),
    [
        ('"a"', 'W/"a"', "Accept", "Accept, Accept-Encoding"),
        ('W/"a"', 'W/"a"', "accept-encoding", "accept-encoding"),
    ],
)
async def test_a_compressed_answer_has_a_weak_tag_and_says_that_it_varies(
    tag: str, shown: str, vary: str, varies: str
) -> None:
    headers = {"ETag": tag, "Vary": vary}
    made = Response(body_of(LARGE), headers=headers, media_type="application/json")

    response, _ = await answer_of("gzip", made)

    assert (response.headers["ETag"], response.headers["Vary"]) == (shown, varies)


async def test_answers_of_both_apis_are_compressed_and_known_again_in_any_coding(
    world: World,
) -> None:
    body: dict[str, Any] = {"query": "{ __schema { types { name } } }"}
    async with client_of(world) as client:
        graph = await client.http.post(
            "/graphql",
            json=body,
            headers={"Authorization": f"Bearer {client.key}", "Accept-Encoding": "br"},
        )
        document = await client.rest("GET", "/openapi.json", headers={"Accept-Encoding": "zstd"})
        for _ in range(5):
            await key_of(world)
        path = "/api/admin/api-keys"
        one = await client.rest("GET", path, headers={"Accept-Encoding": "gzip"})
        plain = await client.rest("GET", path, headers={"Accept-Encoding": "identity"})
        tag = {"If-None-Match": one.headers["ETag"], "Accept-Encoding": "zstd"}
        known = await client.rest("GET", path, headers=tag)

    assert graph.headers["Content-Encoding"] == "br"
    assert graph.headers["Vary"] == "Accept, Accept-Encoding"
    assert len(graph.json()["data"]["__schema"]["types"]) > 100
    assert document.headers["Content-Encoding"] == "zstd"
    assert (one.headers["Content-Encoding"], one.json()) == ("gzip", plain.json())
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["ETag"] == one.headers["ETag"]
    assert (known.status_code, known.content) == (304, b"")
