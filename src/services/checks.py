"""Rules that the values of many records share; each refusal names the field as the API does."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from domain.errors import Invalid
from domain.names import camel
from domain.quantities import exact

CODE_LENGTH_MAX = 64
TEXT_LENGTH_MAX = 200
NOTE_LENGTH_MAX = 2_000
WHOLE_MAX = 1_000_000
ATTRIBUTES_MAX = 200
ATTRIBUTES_LENGTH_MAX = 50_000
ATTRIBUTE_MAX = 10**18  # exclusive, of a number
_WORD = re.compile(r"[A-Z0-9][A-Z0-9_]{0,63}\Z")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL and halves of a pair


def given(values: Mapping[str, Any], table: Any) -> None:
    """Refuse null where the table needs a value.

    Raises:
        Invalid: naming the field.
    """
    for name, value in values.items():
        if value is None and not table.c[name].nullable:
            raise Invalid(camel(name), f"{camel(name)} must not be null.")


def codes(values: Mapping[str, Any], *names: str) -> None:
    """Refuse codes that are empty, too long, or have space at an end or control characters.

    Raises:
        Invalid: naming the field.
    """
    _texts(values, names, CODE_LENGTH_MAX)


def texts(values: Mapping[str, Any], *names: str) -> None:
    """Refuse texts of one line that are empty or too long.

    Raises:
        Invalid: naming the field.
    """
    _texts(values, names, TEXT_LENGTH_MAX)


def notes(values: Mapping[str, Any], *names: str) -> None:
    """Refuse texts of several lines that are too long.

    Raises:
        Invalid: naming the field.
    """
    for name in names:
        text = values.get(name) or ""
        if len(text) > NOTE_LENGTH_MAX:
            raise Invalid(camel(name), f"{camel(name)} has more than {NOTE_LENGTH_MAX} characters.")
        if _UNSTORABLE.search(text):
            raise Invalid(camel(name), f"{camel(name)} holds a character that is none.")


def words(values: Mapping[str, Any], *names: str) -> None:
    """Refuse types that are no word of capital letters: `hold` would not be `HOLD`.

    Raises:
        Invalid: naming the field.
    """
    for name in names:
        value = values.get(name)
        if value is not None and not _WORD.match(value):
            raise Invalid(camel(name), f"{camel(name)} must be a word of A-Z 0-9 _ such as OWN_1.")


def attributes(values: Mapping[str, Any]) -> None:
    """Refuse attributes that are no object, too many or too large, or cannot be stored.

    Raises:
        Invalid: naming the field.
    """
    given_ = values.get("attributes")
    if given_ is None:
        return
    if not isinstance(given_, dict):
        raise Invalid("attributes", "attributes must be an object of names and values.")
    if len(given_) > ATTRIBUTES_MAX:
        raise Invalid("attributes", f"There are at most {ATTRIBUTES_MAX} attributes.")
    leaves = list(_leaves(given_))
    if any(isinstance(leaf, int | float) and not abs(leaf) < ATTRIBUTE_MAX for leaf in leaves):
        raise Invalid("attributes", "attributes holds a number that is too large.")
    if sum(len(str(leaf)) for leaf in leaves) > ATTRIBUTES_LENGTH_MAX:
        raise Invalid("attributes", f"attributes has over {ATTRIBUTES_LENGTH_MAX:,} characters.")
    if any(isinstance(leaf, str) and _UNSTORABLE.search(leaf) for leaf in leaves):
        raise Invalid("attributes", "attributes holds a character that is none.")


def amounts(values: Mapping[str, Any], *names: str, above: Decimal | None = None) -> None:
    """Refuse numbers below 0, or not above `above`, and those that storage would not keep.

    Raises:
        Invalid: naming the field.
    """
    for name in names:
        value = values.get(name)
        if value is None:
            continue
        number = exact(value, camel(name))
        if above is not None and number <= above:
            raise Invalid(camel(name), f"{camel(name)} must be above {above}.")
        if number < 0:
            raise Invalid(camel(name), f"{camel(name)} must not be negative.")


def wholes(values: Mapping[str, Any], *names: str) -> None:
    """Refuse whole numbers below 0 or beyond any use.

    Raises:
        Invalid: naming the field.
    """
    for name in names:
        value = values.get(name)
        if value is not None and not 0 <= value <= WHOLE_MAX:
            raise Invalid(camel(name), f"{camel(name)} must be from 0 to {WHOLE_MAX:,}.")


def one_of(values: Mapping[str, Any], name: str, known: tuple[str, ...]) -> None:
    """Refuse a word that is none of the known ones.

    Raises:
        Invalid: naming the field and the words.
    """
    value = values.get(name)
    if value is not None and value not in known:
        raise Invalid(camel(name), f"{camel(name)} must be one of {', '.join(known)}.")


def _texts(values: Mapping[str, Any], names: tuple[str, ...], length_max: int) -> None:
    for name in names:
        value = values.get(name)
        if value is None:
            continue
        if not value.strip():
            raise Invalid(camel(name), f"{camel(name)} must not be empty.")
        if value != value.strip() or not value.isprintable():
            raise Invalid(camel(name), f"{camel(name)} must be one line without space at its ends.")
        if len(value) > length_max:
            raise Invalid(camel(name), f"{camel(name)} has more than {length_max} characters.")


def _leaves(value: Any) -> Iterator[Any]:
    """Every name and every value of a JSON value that is no list or object."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _leaves(member)
    elif isinstance(value, list):
        for member in value:
            yield from _leaves(member)
    else:
        yield value
