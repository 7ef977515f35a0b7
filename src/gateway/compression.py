"""Answers are compressed by the coding that the caller prefers, large ones beside the event loop.

Zstandard, Brotli and gzip, in this order where the caller does not mind. What is small stays as it
is, and so does what comes in pieces (files, streams of events), is compressed already or may not be
changed on its way.
"""

import asyncio
import re
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli
import zstandard
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST = 1_024  # bytes: what fits into one packet is not faster for being smaller
LARGE = 32_768  # bytes, from which on a thread does it: some tenths of a millisecond

_TEXTS = re.compile(r"(?:text/(?!event-stream)|application/(?:[\w.-]+\+)?json)", re.IGNORECASE)
_WEIGHTED = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")
_BODILESS = {204, 205, 206, 304}


def _gzip(body: bytes) -> bytes:
    return zlib.compress(body, 5, 16 + zlib.MAX_WBITS)


def _brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=4)
    return compressed


def _zstd(body: bytes) -> bytes:
    return zstandard.compress(body, 3)


CODINGS: Mapping[str, Callable[[bytes], bytes]] = {"zstd": _zstd, "br": _brotli, "gzip": _gzip}


@lru_cache(maxsize=256)
def preferred_coding(accepted: str | None, offers: tuple[str, ...]) -> str | None:
    """The offer that the Accept-Encoding header prefers, the first of equals; None for none.

    None as well where the caller would rather have the body as it is.
    """
    weights: dict[str, float] = {}
    for entry in (accepted or "").lower().split(","):
        match = _WEIGHTED.fullmatch(entry)
        if match is not None:
            name = "gzip" if match[1] == "x-gzip" else match[1]
            weights[name] = float(match[2] or 1)
    others = weights.get("*", 0.0)
    best, most = None, max(weights.get("identity", 0.0), 0.0)
    for offer in offers:
        weight = weights.get(offer, others)
        if weight > most or (weight == most > 0 and best is None):
            best, most = offer, weight
    return best


class Compression:
    """Wraps the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            coding = preferred_coding(Headers(scope=scope).get("accept-encoding"), tuple(CODINGS))
            send = _Sending(send, coding)
        await self._app(scope, receive, send)


class _Sending:
    """Sends one answer; its head waits until its body is known."""

    def __init__(self, send: Send, coding: str | None) -> None:
        self._send = send
        self._coding = coding
        self._head: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _may_be_coded(message):
            headers = MutableHeaders(scope=message)
            if "accept-encoding" not in headers.get("vary", "").lower():
                headers.add_vary_header("Accept-Encoding")
            if self._coding is not None:
                self._head = message
                return
        elif self._head is not None:
            head, self._head = self._head, None
            if not message.get("more_body", False):
                message = await self._coded(head, message)
            await self._send(head)
        await self._send(message)

    async def _coded(self, head: Message, message: Message) -> Message:
        """The message with its body compressed, as the head then says."""
        body = message.get("body", b"")
        if self._coding is None or len(body) < SMALLEST:
            return message
        compress = CODINGS[self._coding]
        small = compress(body) if len(body) < LARGE else await asyncio.to_thread(compress, body)
        headers = MutableHeaders(scope=head)
        headers["Content-Encoding"] = self._coding
        headers["Content-Length"] = str(len(small))
        tag = headers.get("etag")
        if tag is not None and not tag.startswith("W/"):
            headers["ETag"] = f"W/{tag}"  # the same answer, though not the same bytes
        return {**message, "body": small}


def _may_be_coded(head: Message) -> bool:
    headers = Headers(raw=head["headers"])
    return (
        head["status"] not in _BODILESS
        and "content-encoding" not in headers
        and "no-transform" not in headers.get("cache-control", "")
        and _TEXTS.match(headers.get("content-type", "")) is not None
    )
