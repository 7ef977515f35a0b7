"""JSON whose numbers stay exact: read strictly, written plainly.

Read: a number with decimals is a `Decimal`, a whole one (`2`, `2.0`, `2e3`) an `int`. Refused are
what one parser would read otherwise than another, or what nothing behind it can hold: duplicate
names, NaN and Infinity, lone surrogates, NUL characters, a byte order mark, text that is not
UTF-8, numbers of more than `MAX_NUMBER_LENGTH` characters and nesting over `MAX_DEPTH`.
Written: decimals as plain JSON numbers, whole ones without a point, never with an exponent.
"""

import json
import re
from decimal import Decimal
from typing import Any

import orjson

from domain.errors import Invalid

MAX_DEPTH = 64  # arrays and objects inside one another
MAX_NUMBER_LENGTH = 64  # characters of one number
MAX_EXPONENT = 308  # of a number in scientific notation, either sign: what a double can hold

_WHITESPACE = " \t\n\r"
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"true|false|null")
_SUSPECT = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")  # a surrogate, or NUL, is written somewhere
_WHOLE_MAX = 2**63  # of what is written as an integer
_INT_DIGITS = 18  # integers up to here fit 64 bits; longer ones are kept as decimals
_WRITING = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS


class MalformedJson(Invalid):
    """The text is no JSON that is accepted here; `details.path` says where, as `$.a[0].b`."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__("body", f"Malformed JSON at {path}: {problem}", path=path)


class _Refused(ValueError):
    """The fast reader met something it does not take; the walker finds out what and where."""


def loads(data: bytes) -> Any:
    """The value that strict JSON text in UTF-8 stands for.

    Raises:
        MalformedJson: the text is not strict JSON; names the path of the first fault.
    """
    text = _decode(data)
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise _Walker(text).fault() from None
    if _SUSPECT.search(text) or _is_too_deep(value):
        _Walker(text).check()
    return value


def dumps(value: Any) -> bytes:
    """Compact JSON in UTF-8; date-times in UTC with a `Z` and whole seconds.

    Raises:
        TypeError: a value has no JSON form (a NaN decimal, a lone surrogate, an unknown class).
    """
    return orjson.dumps(value, _write, _WRITING)


def canonical(value: Any) -> bytes:
    """The value as JSON with its names in order: equal values give equal bytes."""
    return dumps(_sorted(value))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_sorted(one) for one in value]
    return value


def number_text(number: Decimal) -> str:
    """A finite decimal as a JSON number: `200`, `0.5`, never `2E+2` or `-0`."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def number(value: Decimal) -> "int | orjson.Fragment":
    """A finite decimal as `dumps` writes it, in a form that it writes fastest.

    Raises:
        ValueError, OverflowError: it is not finite.
    """
    whole = int(value)
    if whole == value and -_WHOLE_MAX < whole < _WHOLE_MAX:
        return whole
    return orjson.Fragment(number_text(value))


def _write(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(number_text(value))
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _decode(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise MalformedJson("$", "the text is not UTF-8.") from None
    if text.startswith("\ufeff"):
        raise MalformedJson("$", "the text starts with a byte order mark.")
    return text


def _integer(text: str) -> int | Decimal:
    is_short = len(text) <= _INT_DIGITS and text != "-0"
    return int(text) if is_short else _decimal(text)


def _decimal(text: str) -> int | Decimal:
    if len(text) > MAX_NUMBER_LENGTH:
        raise _Refused
    number = Decimal(text)
    if abs(number.adjusted()) > MAX_EXPONENT:
        raise _Refused
    is_whole = number == number.to_integral_value() and number.adjusted() < _INT_DIGITS
    if is_whole and (number or not number.is_signed()):  # negative zero stays what it is
        return int(number)
    return number


def _constant(_text: str) -> None:
    raise _Refused


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Refused
    return value


_DECODER = json.JSONDecoder(
    parse_float=_decimal, parse_int=_integer, parse_constant=_constant, object_pairs_hook=_object
)


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        containers = [node for node in level if isinstance(node, dict | list)]
        if not containers:
            return False
        level = [
            member
            for node in containers
            for member in (node.values() if isinstance(node, dict) else node)
        ]
    return True


class _Walker:
    """Reads JSON text token by token, without recursion, to find its first fault.

    Some ten times slower than the fast reader, so it runs only when there is something to find.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._path: list[str | int] = []  # where we are: a name in an object, an index in an array
        self._names: list[set[str]] = []  # the names seen in each open object; empty for arrays

    def fault(self) -> MalformedJson:
        """The first fault of a text that has one."""
        try:
            self.check()
        except MalformedJson as fault:
            return fault
        raise AssertionError("the walker takes what the fast reader has refused")

    def check(self) -> None:
        """Raise the first fault, if there is one."""
        while True:
            if self._open_container():
                continue
            if not self._close_containers():
                break
        if self._next():
            raise self._malformed("there is more after its end.")

    def _open_container(self) -> bool:
        """Read one value; true when it is a container whose first member comes next."""
        start = self._next()
        if start not in ("{", "["):
            self._scalar(start)
            return False
        self._at += 1
        if len(self._path) >= MAX_DEPTH:
            raise self._malformed(f"it is nested more than {MAX_DEPTH} deep.")
        if self._next() == ("}" if start == "{" else "]"):
            self._at += 1
            return False
        self._names.append(set())
        self._path.append(0)
        if start == "{":
            self._path[-1] = ""
            self._name()
        return True

    def _close_containers(self) -> bool:
        """After a value: true when a sibling comes next, false when the text's value is whole."""
        while self._path:
            in_object = isinstance(self._path[-1], str)
            mark = self._next()
            if mark not in (",", "}" if in_object else "]"):
                raise self._malformed("a comma or the end of its container is missing after it.")
            self._at += 1
            if mark == ",":
                self._sibling()
                return True
            self._path.pop()
            self._names.pop()
        return False

    def _sibling(self) -> None:
        last = self._path[-1]
        if isinstance(last, int):
            self._path[-1] = last + 1
        else:
            self._name()

    def _name(self) -> None:
        """Read `"name":` of an object's member and make it the place where we are."""
        parent = self._path.pop()
        if self._next() != '"':
            raise self._malformed("a name in double quotes is missing.")
        name = self._string()
        self._path.append(name)
        if name in self._names[-1]:
            raise self._malformed("the name stands twice in one object.")
        self._names[-1].add(name)
        if self._next() != ":":
            raise self._malformed("a colon is missing after the name.")
        self._at += 1
        assert isinstance(parent, str), "only objects have names"

    def _scalar(self, start: str) -> None:
        if start == '"':
            self._string()
            return
        word = _WORD.match(self._text, self._at)
        number = word or _NUMBER.match(self._text, self._at)
        if number is None:
            raise self._malformed("there is no JSON value.")
        self._at = number.end()
        if not word:
            self._number(number.group())

    def _number(self, text: str) -> None:
        try:
            _decimal(text)
        except _Refused:
            raise self._malformed("the number is too long or too large.") from None

    def _string(self) -> str:
        try:
            text: str
            text, self._at = _DECODER.raw_decode(self._text, self._at)
        except ValueError:
            raise self._malformed("the string is not well formed.") from None
        if "\0" in text:
            raise self._malformed("the string has a NUL character.")
        if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
            raise self._malformed("the string has half of a surrogate pair.")
        return text

    def _next(self) -> str:
        """The next character that is not white space; empty at the end."""
        text, at = self._text, self._at
        while at < len(text) and text[at] in _WHITESPACE:
            at += 1
        self._at = at
        return text[at : at + 1]

    def _malformed(self, problem: str) -> MalformedJson:
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self._path)
        path = "$" + "".join(steps)
        return MalformedJson(path.encode(errors="replace").decode()[:200], problem)
