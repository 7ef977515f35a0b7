import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.json import MAX_DEPTH, MalformedJson, dumps, loads, number_text


def refusal(text: str | bytes) -> tuple[str, str]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(MalformedJson) as raised:
        loads(data)
    path = raised.value.details["path"]
    prefix = f"Malformed JSON at {path}: "
    assert raised.value.message.startswith(prefix)
    return path, raised.value.message.removeprefix(prefix)


def test_keeps_decimals_exact() -> None:
    value = loads(b'{"quantity": 0.1, "cost": 12.345670, "tiny": 1e-6}')

    assert value == {
        "quantity": Decimal("0.1"),
        "cost": Decimal("12.345670"),
        "tiny": Decimal("0.000001"),
    }


@pytest.mark.parametrize("text", ["200", "200.0", "2e2", "2.00E+2"])
def test_reads_a_whole_number_as_an_int_however_it_is_spelled(text: str) -> None:
    value = loads(text.encode())

    assert (value, type(value)) == (200, int)


def test_keeps_an_integer_beyond_64_bits_as_an_exact_decimal() -> None:
    assert loads(b"123456789012345678901234567890") == Decimal(123456789012345678901234567890)


@pytest.mark.parametrize(
    ("text", "path", "problem"),
    [
        ('{"a": [1, {"b": 1, "b": 2}]}', "$.a[1].b", "the name stands twice in one object."),
        ('{"a": {"b": NaN}}', "$.a.b", "there is no JSON value."),
        ("[1, -Infinity]", "$[1]", "there is no JSON value."),
        ('{"a": ["ok", "\\ud800"]}', "$.a[1]", "the string has half of a surrogate pair."),
        ('{"a": "x\\u0000y"}', "$.a", "the string has a NUL character."),
        ('{"a": "x\ny"}', "$.a", "the string is not well formed."),
        ('{"a": 1e999999999}', "$.a", "the number is too long or too large."),
        ('{"a": ' + "9" * 5000 + "}", "$.a", "the number is too long or too large."),
        ('{"a": 01}', "$.a", "a comma or the end of its container is missing after it."),
        ("[1, 2,]", "$[2]", "there is no JSON value."),
        ("[1 2]", "$[0]", "a comma or the end of its container is missing after it."),
        ('{"a" 1}', "$.a", "a colon is missing after the name."),
        ("{a: 1}", "$", "a name in double quotes is missing."),
        ('{"a": 1,}', "$", "a name in double quotes is missing."),
        ('{"a": {"b": [1]}} x', "$", "there is more after its end."),
        ("", "$", "there is no JSON value."),
        ('{"a": [1', "$.a[0]", "a comma or the end of its container is missing after it."),
        (b'{"a": "\xff"}', "$", "the text is not UTF-8."),
        (b"\xef\xbb\xbf{}", "$", "the text starts with a byte order mark."),
    ],
)
def test_says_where_and_why_it_refuses(text: str | bytes, path: str, problem: str) -> None:
    assert refusal(text) == (path, problem)


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 100_000])
def test_refuses_what_is_nested_too_deep(levels: int) -> None:
    path, problem = refusal("[" * levels + "]" * levels)

    assert (path, problem) == ("$" + "[0]" * MAX_DEPTH, f"it is nested more than {MAX_DEPTH} deep.")


def test_takes_what_is_nested_just_deep_enough_and_wide() -> None:
    text = "[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH
    wide = json.dumps([[]] * 1000)

    assert loads(text.encode()) == json.loads(text)
    assert loads(wide.encode()) == [[]] * 1000


def test_takes_a_whole_surrogate_pair() -> None:
    assert loads(b'"\\ud83d\\ude00"') == "\U0001f600"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
    max_leaves=20,
)


@given(JSON, st.sampled_from([{}, {"indent": 2}, {"ensure_ascii": False}]))
def test_reads_what_any_parser_reads(value: Any, style: dict[str, Any]) -> None:
    text = json.dumps(value, **style)

    if "\\u0000" not in text:
        assert loads(text.encode()) == value


@given(JSON, st.data())
def test_refuses_a_damaged_text_whenever_the_standard_parser_does(value: Any, data: Any) -> None:
    text = json.dumps(value)
    at = data.draw(st.integers(0, len(text) - 1))
    damaged = (
        text[:at] + data.draw(st.sampled_from(["", "]", "{", ",", '"', "x", "0"])) + text[at + 1 :]
    )

    try:
        json.loads(damaged)
    except ValueError:
        refusal(damaged)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("200", "200"),
        ("200.000000", "200"),
        ("2E+2", "200"),
        ("0.500000", "0.5"),
        ("-0.000", "0"),
        ("0E-6", "0"),
        ("1E-6", "0.000001"),
        ("123456789012345678901234567890.120000", "123456789012345678901234567890.12"),
        ("-12.5", "-12.5"),
    ],
)
def test_writes_decimals_as_plain_numbers(number: str, text: str) -> None:
    assert number_text(Decimal(number)) == text
    assert dumps({"n": [Decimal(number)]}) == f'{{"n":[{text}]}}'.encode()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_reads_back_every_quantity_it_writes(number: Decimal) -> None:
    if len(number_text(number)) <= 64:
        assert loads(dumps(number)) == number


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), "\ud800", object()])
def test_refuses_to_write_what_json_cannot_hold(value: object) -> None:
    with pytest.raises(TypeError):
        dumps(value)


@pytest.mark.parametrize("text", ["-0", "-0.0", "-0e3"])
def test_negative_zero_stays_what_it_is(text: str) -> None:
    number = loads(text.encode())

    assert isinstance(number, Decimal)
    assert number == 0
    assert number.is_signed()
