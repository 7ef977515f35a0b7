"""Cursors: a row's place in one list, sealed so that it is good for that list only."""

import binascii
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.errors import Invalid
from resolvers.scalars import Cursor

_MAC_BYTES = 12
_LENGTH_MAX = 4_000

Place = tuple[object, ...]


class Cursors:
    """Seals and opens the cursors of one tenant.

    A scope names a list with its filter and order; a cursor opens under its own scope alone.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, scope: str, place: Place) -> Cursor:
        """The cursor of the row at this place."""
        body = json.dumps([_written(value) for value in place], separators=(",", ":")).encode()
        return Cursor(urlsafe_b64encode(self._mac(scope, body) + body).decode().rstrip("="))

    def open(self, scope: str, cursor: str, argument: str) -> Place:
        """The place that the cursor stands for.

        Raises:
            Invalid: it was not made for this list under this filter and order; names the argument.
        """
        try:
            raw = urlsafe_b64decode(cursor[:_LENGTH_MAX] + "=" * (-len(cursor) % 4))
        except (ValueError, binascii.Error):
            raw = b""
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        # What is not written as we write it is refused too: base64 has spare bits at its end.
        is_ours = urlsafe_b64encode(raw).decode().rstrip("=") == cursor
        if not (is_ours and hmac.compare_digest(mac, self._mac(scope, body))):
            raise Invalid(
                argument, f"{argument} is no cursor of this list under this filter and order."
            )
        return tuple(_read(value) for value in json.loads(body))

    def _mac(self, scope: str, body: bytes) -> bytes:
        message = scope.encode() + b"\0" + body
        return hmac.digest(self._key, message, "sha256")[:_MAC_BYTES]


def _written(value: object) -> Any:
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return value


def _read(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    reader: Any = {"n": Decimal, "t": datetime.fromisoformat, "d": date.fromisoformat}[kind]
    return reader(text)
