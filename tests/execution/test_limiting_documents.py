from typing import Any

import pytest
from graphql import build_schema, get_introspection_query, parse

from execution.documents import Document, Documents, MalformedDocument
from execution.limits import Limits, Measure, Measuring
from execution.plans import Plans

SCHEMA = build_schema("""
    directive @mark(as: String) repeatable on FIELD | FRAGMENT_SPREAD | QUERY
    type Query { node: Node, other: Node, text: String }
    type Node { node: Node, other: Node, text(value: Int, words: String): String, id: ID }
""")


def chain(length: int, link: str) -> str:
    """A query over fragments F0 … Fn, each of which spreads the next where `link` says NEXT."""
    links = [
        f"fragment F{i} on Node {{ {link.replace('NEXT', f'...F{i + 1}')} }}" for i in range(length)
    ]
    return " ".join(["{ node { ...F0 } }", *links, f"fragment F{length} on Node {{ id }}"])


FAN_OUT = "NEXT ... on Node { NEXT }"  # doubles the spreads with each link, not the depth
AMPLIFIED = "a: node { NEXT } b: node { NEXT }"  # doubles the result with each link


def prepare(text: str, **limits: Any) -> Document:
    return Documents(Plans(SCHEMA), Limits(**limits)).get(text)


def refusals(text: str, **limits: Any) -> list[dict[str, Any]]:
    with pytest.raises(MalformedDocument) as raised:
        prepare(text, **limits)
    return [
        {"code": error.extensions["code"], **error.extensions.get("details", {})}
        for error in raised.value.errors
        if error.extensions
    ]


def limit(name: str, most: int, value: int | None = None) -> dict[str, Any]:
    shown = {} if value is None else {"value": value}
    return {"code": "LIMIT_EXCEEDED", "limit": name, "max": most, **shown}


@pytest.mark.parametrize(
    ("text", "limits", "refusal"),
    [
        ("{ node { node { id } } }", {"depth": 2}, limit("depth", 2, 3)),
        ("{ a: text b: text c: text }", {"aliases": 2}, limit("aliases", 2, 3)),
        ("{ text node { id } other { id } }", {"root_fields": 2}, limit("rootFields", 2, 3)),
        ("query @mark { text @mark @mark }", {"directives": 2}, limit("directives", 2, 3)),
        ("{ node { id text } }", {"fields": 2}, limit("fields", 2, 3)),
        ("{ node { id text } }", {"tokens": 5}, limit("tokens", 5)),
        ("#\n#\n#\n{ text }", {"tokens": 2}, limit("tokens", 2)),
        ("{ node { id text } }", {"characters": 19}, limit("characters", 19)),
    ],
)
def test_refuses_what_is_over_a_limit_and_takes_what_is_at_it(
    text: str, limits: dict[str, int], refusal: dict[str, Any]
) -> None:
    assert refusals(text, **limits) == [refusal]

    assert prepare(text, **{name: most + 5 for name, most in limits.items()}).errors == []


def test_counts_what_fragments_stand_for_wherever_they_are_spread() -> None:
    document = parse("""
        query { ...Root node { ...Deep other { ...Deep } } }
        fragment Root on Query { a: text other { id } ...Text @mark }
        fragment Text on Query { text @mark }
        fragment Deep on Node { node { b: id } }
    """)

    [(_, measure)] = Measuring(document).operations()

    assert measure == Measure(depth=4, aliases=3, root_fields=4, directives=2, fields=10)


def test_measures_each_operation_by_itself() -> None:
    document = parse(
        "query A { text } query B { node { id } } query C { ...F } fragment F on Query { text }"
    )

    measures = [
        (node.name and node.name.value, m.fields) for node, m in Measuring(document).operations()
    ]

    assert measures == [("A", 1), ("B", 2), ("C", 1)]


@pytest.mark.parametrize("link", [FAN_OUT, AMPLIFIED])
def test_looks_at_each_node_once_however_often_it_is_spread(link: str) -> None:
    visited = []
    for length in (10, 20, 40):
        measuring = Measuring(parse(chain(length, link)))
        list(measuring.operations())
        visited.append(measuring.visited)

    assert visited[2] - visited[1] == 2 * (visited[1] - visited[0])
    assert visited[2] < 300


def test_refuses_a_result_that_doubles_with_each_fragment() -> None:
    assert refusals(chain(19, FAN_OUT)) == [limit("fields", 2_000, 2**19 + 1)]
    assert refusals(chain(60, AMPLIFIED)) == [
        limit("depth", 12, 62),
        limit("aliases", 30, 10**9),
        limit("fields", 2_000, 10**9),
    ]


@pytest.mark.parametrize(
    "inner",
    ["node { id } " * 400, "id " * 1_900, "node { node { id } } " * 250],
    ids=["objects", "leaves", "nested"],
)
def test_stops_comparing_fields_that_share_a_name(inner: str) -> None:
    assert refusals(f"{{ node {{ {inner} }} }}") == [limit("fieldMerges", 8_000)]


def test_takes_a_page_of_thirty_components_that_each_bring_a_fragment() -> None:
    spreads = " ".join(f"...F{i}" for i in range(30))
    fragments = " ".join(f"fragment F{i} on Node {{ id text node {{ id }} }}" for i in range(30))

    assert prepare(f"{{ node {{ {spreads} }} }} {fragments}").errors == []


@pytest.mark.parametrize(
    "text",
    ["{ node" * 900, "{ node { text(value: " + "[" * 1_900, "{ node" + "{ ... on Node" * 450],
)
def test_refuses_deep_nesting_before_anything_walks_it(text: str) -> None:
    assert refusals(text) == [limit("depth", 12)]


def test_leaves_introspection_out_of_the_depth() -> None:
    prepare(get_introspection_query())
    prepare(
        '{ __type(name: "Node") { ofType { ofType { ofType { ofType { name } } } } } }', depth=1
    )


def test_bounds_the_lists_of_introspection() -> None:
    text = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"

    assert refusals(text)[0] == {"code": "GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize(
    "text",
    [
        "{ node { ...Missing } }",
        "{ ...A } fragment A on Query { ...A }",
        "{ node { ...A } } fragment A on Node { ...B } fragment B on Node { node { ...A } }",
    ],
)
def test_leaves_fragments_that_are_missing_or_circular_to_validation(text: str) -> None:
    assert refusals(text) == [{"code": "GRAPHQL_VALIDATION_FAILED"}]


def test_stops_collecting_errors_of_validation() -> None:
    unknown = " ".join(f"field{i}" for i in range(100))

    assert len(refusals(f"{{ node {{ {unknown} }} }}")) == Limits().validation_errors + 1


@pytest.mark.parametrize("escape", ["\\u0000", "\\u{0}", "\\u{000}"])
def test_refuses_a_nul_character_in_a_literal(escape: str) -> None:
    assert refusals(f'{{ node {{ text(words: "a{escape}") }} }}') == [
        {"code": "GRAPHQL_PARSE_FAILED"}
    ]


def test_parses_and_validates_a_text_once() -> None:
    documents = Documents(Plans(SCHEMA), Limits())

    first, second = documents.get("{ text }"), documents.get("{ text }")

    assert first is second


def test_forgets_the_least_recently_used_document_when_the_cache_is_full() -> None:
    size = prepare("{ text }").bytes
    documents = Documents(Plans(SCHEMA), Limits(), cache_bytes=2 * size)
    first = documents.get("{ text }")
    second = documents.get("{text  }")
    assert documents.get("{ text }") is first

    documents.get("{  text}")

    assert documents.get("{ text }") is first
    assert documents.get("{text  }") is not second


def test_finds_the_operation_that_is_meant() -> None:
    one = prepare("query A { text }")
    two = prepare("query A { text } query B { node { id } }")

    assert one.operation(None) is one.operation("A")
    assert two.operation("B") is two.operations["B"]
    for document, name in ((one, "B"), (two, None), (two, "")):
        with pytest.raises(MalformedDocument) as raised:
            document.operation(name)
        assert raised.value.errors[0].extensions == {"code": "OPERATION_RESOLUTION_FAILURE"}
