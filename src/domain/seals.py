"""Seals: digests over batches of events, each chained to the one before; checked from a file alone.

The digest of a seal is SHA-256 over the digest of the seal before it (nothing for the first) and
then the SHA-256 of each of its events' lines, in order. An export is one JSON document a line:

    {"format": "stockgraph-seals/1", "tenant": "acme"}
    {"seal": 1, "firstEvent": 1, "lastEvent": 2, "sha256": "…", "previous": null}
    … the lines of events 1 and 2, byte for byte as they were sealed …
    {"seals": 1, "events": 2, "sha256": "…"}
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FORMAT = "stockgraph-seals/1"


class SealBroken(Exception):
    """A file of seals is not whole, or not as it was sealed; the message says at which line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What a file of seals holds, all of it checked; `sha256` of the last seal stands for all."""

    tenant: str
    seals: int
    events: int
    sha256: str | None


def verify(lines: Iterable[str]) -> Chain:
    """Check an export: every event against its seal, every seal against the one before.

    Raises:
        SealBroken: the file is no export or is cut off, or an event or a seal was changed, left
            out, added or moved; says where.
    """
    return _Reader(lines).read()


class _Reader:
    """Reads an export line by line and follows the chain."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = enumerate(lines, 1)
        self._line = 0
        self._seals = self._events = 0
        self._digest = b""

    def read(self) -> Chain:
        head = self._document(self._next())
        if head.get("format") != FORMAT:
            raise SealBroken(f"This is no export of seals: line 1 does not name {FORMAT}.")
        document = self._document(self._next())
        while "seal" in document:
            self._seal(document)
            document = self._document(self._next())
        self._end(document)
        sha256 = self._digest.hex() or None
        return Chain(
            tenant=str(head.get("tenant")), seals=self._seals, events=self._events, sha256=sha256
        )

    def _seal(self, seal: dict[str, Any]) -> None:
        last = seal.get("lastEvent")
        if not isinstance(last, int) or last <= self._events:
            raise SealBroken(f"The seal at line {self._line} does not say where it ends.")
        self._expect(seal["seal"], self._seals + 1, "The number of the seal")
        self._expect(seal.get("previous"), self._digest.hex() or None, "The digest before the seal")
        self._expect(seal.get("firstEvent"), self._events + 1, "The first event of the seal")
        running = hashlib.sha256(self._digest)
        at = self._line
        while self._events < last:
            text = self._next()
            number = self._document(text).get("number")
            self._expect(number, self._events + 1, "The number of the event")
            running.update(hashlib.sha256(text.encode()).digest())
            self._events += 1
        if running.hexdigest() != seal.get("sha256"):
            raise SealBroken(
                f"Seal {seal['seal']} at line {at} is not the digest of its events: one of the "
                f"events up to line {self._line} is not as it was sealed."
            )
        self._seals += 1
        self._digest = running.digest()

    def _end(self, document: dict[str, Any]) -> None:
        told = [document.get(name) for name in ("seals", "events", "sha256")]
        found = [self._seals, self._events, self._digest.hex() or None]
        self._expect(told, found, "The end of the file")
        for number, _ in self._lines:
            raise SealBroken(f"Line {number} stands behind the end.")

    def _next(self) -> str:
        number, text = next(self._lines, (None, ""))
        if number is None:
            raise SealBroken(f"The file is cut off after line {self._line}.")
        self._line = number
        return text.rstrip("\n")

    def _document(self, text: str) -> dict[str, Any]:
        try:
            document = json.loads(text)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise SealBroken(f"Line {self._line} is no JSON object.")
        return document

    def _expect(self, found: object, expected: object, what: str) -> None:
        if found != expected:
            raise SealBroken(
                f"{what} at line {self._line} is {found!r} and should be {expected!r}."
            )


def header(tenant: str) -> str:
    """The first line of an export."""
    return json.dumps({"format": FORMAT, "tenant": tenant})


def seal_line(number: int, events: tuple[int, int], sha256: bytes, previous: bytes | None) -> str:
    """The line of a seal over the events from the first to the last."""
    return json.dumps(
        {
            "seal": number,
            "firstEvent": events[0],
            "lastEvent": events[1],
            "sha256": sha256.hex(),
            "previous": previous.hex() if previous else None,
        }
    )


def footer(seals: int, events: int, sha256: bytes | None) -> str:
    """The last line of an export, so that one that is cut off is not taken for whole."""
    digest = sha256.hex() if sha256 else None
    return json.dumps({"seals": seals, "events": events, "sha256": digest})
