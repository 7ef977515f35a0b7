"""What an act gave, as JSON that is kept, and read back as the same values.

Rows and dataclasses come back as attribute bags, tuples as lists. Whoever renders an outcome uses
attributes only, so that a kept one is rendered as the first was. Order is kept.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from domain.errors import Conflict, GatewayError

_PLAIN = (str, int, bool, type(None))
_BAG, _MAPPING = "$", "$m"


def encode(value: Any) -> Any:
    """The value as JSON.

    Raises:
        TypeError: the value is of a kind that no outcome may hold.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is SimpleNamespace:  # rows, most of what there is
        return {_BAG: {name: encode(one) for name, one in vars(value).items()}}
    if kind in _SCALARS:
        tag, write, _read = _SCALARS[kind]
        return {tag: write(value)}
    return _encode_other(value)


def _encode_other(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    for kind, (tag, write, _read) in _SCALARS.items():
        if isinstance(value, kind):
            return {tag: write(value)}
    if (attributes := _attributes(value)) is not None:
        # The driver's names of columns are texts of another class, which JSON writers refuse.
        return {_BAG: {str(name): encode(one) for name, one in attributes.items()}}
    if isinstance(value, Mapping):
        return {_MAPPING: {str(name): encode(one) for name, one in value.items()}}
    if isinstance(value, list | tuple):
        return [encode(one) for one in value]
    raise TypeError(f"an outcome holds no {type(value).__name__}")


def _attributes(value: Any) -> Mapping[str, Any] | None:
    """The attributes of a row, a dataclass or a bag; None of anything else."""
    if hasattr(value, "_asdict"):  # a row of a statement's answer
        return dict(value._asdict())
    if is_dataclass(value):
        return {name: getattr(value, name) for name in _names(value.__class__)}
    return vars(value) if isinstance(value, SimpleNamespace) else None


@cache
def _names(kind: Hashable) -> list[str]:
    return [one.name for one in fields(kind)]  # type: ignore[arg-type] # a dataclass


def decode(kept: Any) -> Any:
    """The value that was encoded."""
    if isinstance(kept, list):
        return [decode(one) for one in kept]
    if not isinstance(kept, dict):
        return kept
    ((tag, inner),) = kept.items()
    if tag == _BAG:
        return SimpleNamespace(**{name: decode(one) for name, one in inner.items()})
    if tag == _MAPPING:
        return {name: decode(one) for name, one in inner.items()}
    return _READERS[tag](inner)


def encode_refusal(refusal: GatewayError, request_id: str) -> dict[str, Any]:
    """The refusal of this request as JSON."""
    return {
        "requestId": request_id,
        "code": refusal.code,
        "message": refusal.message,
        "field": refusal.field,
        "details": encode(refusal.details),
    }


def decode_refusal(kept: Mapping[str, Any]) -> GatewayError:
    """The refusal that was encoded."""
    kind = next(one for one in _kinds(Conflict) if one.code == kept["code"])
    refusal = kind.__new__(kind)
    GatewayError.__init__(
        refusal, kept["message"], field=kept["field"], details=decode(kept["details"])
    )
    refusal.request_id = kept["requestId"]
    return refusal


def _kinds(kind: type[GatewayError]) -> Iterator[type[GatewayError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _kinds(one)


# A datetime is a date: it is looked for first.
_SCALARS: dict[type, tuple[str, Callable[[Any], str], Callable[[str], Any]]] = {
    Decimal: ("$d", str, Decimal),
    datetime: ("$t", datetime.isoformat, datetime.fromisoformat),
    date: ("$day", date.isoformat, date.fromisoformat),
    UUID: ("$u", str, UUID),
    bytes: ("$b", bytes.hex, bytes.fromhex),
}
_READERS = {tag: read for tag, _write, read in _SCALARS.values()}
