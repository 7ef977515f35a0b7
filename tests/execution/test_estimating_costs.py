"""Operations cost what IBM's cost specification says, in one pass over their text."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from cost_schema import weights_in
from execution.costs import KEPT_MAX, Cost, Estimates
from execution.documents import Documents, MalformedDocument
from execution.limits import Limits
from execution.plans import Plans

SCHEMA = build_schema("""
    directive @cost(weight: String!) on
        ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | OBJECT | SCALAR
    directive @listSize(
        assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],
        requireOneSlicingArgument: Boolean = true
    ) on FIELD_DEFINITION
    scalar Picture @cost(weight: "3")
    interface Node { id: ID, parent: Node }
    type Item implements Node { id: ID, parent: Node, picture: Picture, tags: [Tag] }
    type Tag implements Node @cost(weight: "4") { id: ID, parent: Node, items: [Item] }
    type Items { edges: [Edge], nodes: [Item], total: Int @cost(weight: "5"), pages: [Tag] }
    type Edge { node: Item }
    type Query {
        text(search: String @cost(weight: "2")): String
        item: Item
        node: Node
        some: [Item] @listSize(assumedSize: 7)
        many(first: Int, last: Int, ids: [ID!]): [Item]
            @listSize(assumedSize: 20, slicingArguments: ["first", "last", "ids"],
                      requireOneSlicingArgument: false)
        one(first: Int, last: Int): [Item] @listSize(slicingArguments: ["first", "last"])
        table(first: Int): [Items] @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
        page(first: Int): Items
            @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["edges", "nodes"],
                      requireOneSlicingArgument: false)
    }
    type Mutation { write: Item @cost(weight: "10") }
""")
PLANS = Plans(SCHEMA, weights=weights_in(SCHEMA))


def estimates(text: str) -> Estimates:
    return Documents(PLANS, Limits()).get(text).operation(None).estimates


def unlimited(text: str) -> Estimates:
    """Those of the first operation, whatever limits it exceeds."""
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return PLANS.of(document, operation).estimates


def estimate(text: str, **variables: Any) -> Cost:
    return estimates(text).of(variables)


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{ text }", (0, 0)),
        ('{ text(search: "a") }', (0, 2)),
        ("{ item { id } }", (1, 1)),
        ("{ item { id picture } }", (4, 1)),
        ("{ some { id } }", (7, 1)),
        ("{ some { id parent { id } } }", (14, 8)),
        ("{ item { tags { id } } }", (1 + 10 * 4, 2)),
        ("{ many { id } }", (20, 1)),
        ("{ many(first: 3) { id } }", (3, 1)),
        ("{ many(first: 3, last: 5) { id } }", (5, 1)),
        ('{ many(ids: ["a", "b"]) { id } }', (2, 1)),
        ("{ many(first: -3) { id } }", (0, 1)),
        ("{ page(first: 3) { total } }", (1, 6)),
        ("{ page(first: 3) { nodes { id } } }", (1 + 3, 2)),
        ("{ page { nodes { id } } }", (1 + 20, 2)),
        ("{ page(first: 3) { edges { node { id } } } }", (1 + 3 + 3, 2 + 3)),
        ("{ page(first: 3) { pages { id } } }", (1 + 10 * 4, 2)),
        ("{ table(first: 3) { nodes { id } } }", (10 * (1 + 3), 1 + 10)),
        ("mutation { write { id } }", (1, 10)),
        ("{ __schema { types { fields { name } } } item { __typename } }", (1, 1)),
        ("{ item @skip(if: true) { id } some @include(if: false) { id } }", (0, 0)),
        ("{ a: item { id } b: item { id } }", (2, 2)),
    ],
)
def test_weighs_fields_and_objects_and_multiplies_by_lists(
    text: str, cost: tuple[float, float]
) -> None:
    assert estimate(text) == cost


def test_takes_sizes_and_conditions_from_variables_and_their_defaults() -> None:
    text = """query ($n: Int = 4, $with: Boolean!, $ids: [ID!]) {
        page(first: $n) { nodes @include(if: $with) { id } } many(ids: $ids) { id }
    }"""
    found = estimates(text)

    assert found.of({"with": True}) == (1 + 4 + 20, 3)
    assert found.of({"with": True, "n": 9, "ids": ["a"]}) == (1 + 9 + 1, 3)
    assert found.of({"with": False, "n": 9, "ids": []}) == (1, 2)
    assert found.of({"with": True, "n": "x", "ids": {}}) == (1 + 20 + 20, 3)


def test_keeps_estimates_by_what_they_depend_on() -> None:
    found = estimates("query ($n: Int, $s: String) { many(first: $n) { id } text(search: $s) }")
    found.of({"n": 5, "s": "a"})
    visited = found.visited

    assert found.of({"n": 5, "s": "b"}) == (5, 3)
    assert found.visited == visited
    assert found.of({"n": 6}) == (6, 3)
    found.of({"n": 5})
    assert found.visited == 2 * visited
    for number in range(10 * KEPT_MAX):
        found.of({"n": number})
    assert len(found._kept) <= KEPT_MAX


@pytest.mark.parametrize(
    "fragments",
    [
        "fragment F on Items { nodes { id } }",
        "fragment F on Items { ...G } fragment G on Items { ... { nodes { id } } }",
    ],
)
def test_lists_in_fragments_are_as_long_as_the_field_around_says(fragments: str) -> None:
    assert estimate("{ page(first: 3) { ...F } } " + fragments) == (1 + 3, 2)
    both = "{ a: page(first: 3) { ...F } b: page(first: 5) { ...F } } "
    assert estimate(both + fragments) == (2 + 3 + 5, 4)


def test_takes_the_dearest_of_the_types_that_an_object_may_have() -> None:
    text = """{
            node { id parent { id } ...T ... on Item { parent { id } } ... on Tag { items { id } } }
        }
        fragment T on Node { ... on Item { parent { id } } }"""

    assert estimate(text) == (1 + 1 + 10, 1 + 1 + 2)
    narrow = """{ item { ...N } }
        fragment N on Node { ... on Item { picture } ... on Tag { items { id } } }"""
    assert estimate(narrow) == (1 + 3, 1)


@pytest.mark.parametrize("arguments", ["", "(first: 1, last: 2)"])
def test_refuses_to_guess_where_exactly_one_size_is_required(arguments: str) -> None:
    with pytest.raises(MalformedDocument) as raised:
        estimates(f"{{ one{arguments} {{ id }} }}")

    [error] = raised.value.errors
    assert error.message == "The field 'one' needs exactly one of first, last."
    assert error.extensions == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert estimate("{ one(first: 3) { id } }") == (3, 1)


@pytest.mark.parametrize("link", ["NEXT ... { NEXT }", "a: parent { NEXT } b: parent { NEXT }"])
def test_looks_at_each_part_once_however_often_it_is_spread(link: str) -> None:
    visited, costs = [], []
    for length in (10, 20, 40):
        links = [
            f"fragment F{i} on Node {{ {link.replace('NEXT', f'...F{i + 1}')} }}"
            for i in range(length)
        ]
        text = " ".join(
            ["{ node { ...F0 } }", *links, f"fragment F{length} on Node {{ id parent {{ id }} }}"]
        )
        found = unlimited(text)
        costs.append(found.of({}).total)
        visited.append(found.visited)

    assert visited[2] - visited[1] == 2 * (visited[1] - visited[0])
    assert visited[2] < 200
    assert costs[0] > 2**10
    assert costs[2] > 2**40


def test_chains_of_fragments_deeper_than_calls_nest_are_estimated() -> None:
    links = [f"fragment F{i} on Node {{ ...F{i + 1} }}" for i in range(3_000)]
    text = " ".join(["{ node { ...F0 } }", *links, "fragment F3000 on Node { parent { id } }"])

    assert unlimited(text).of({}) == (2, 2)


def test_counts_what_an_answer_has_in_it_and_each_field_once() -> None:
    text = """{
        page(first: 20) { total nodes { id picture ...F } nodes { parent { id } } }
        node { ... on Tag { items { id } } ... on Item { tags { id } } }
        item { id }
    } fragment F on Item { parent { id } ...G } fragment G on Item { parent { id } }"""
    data = {
        "page": {
            "total": 2,
            "nodes": [
                {"id": "1", "picture": "x", "parent": None},
                {"id": "2", "picture": "y", "parent": {"id": "1"}},
            ],
        },
        "node": {"items": [{"id": "1"}, None, {"id": "2"}]},
        "item": None,
    }

    assert estimates(text).count(data) == Cost(
        types=1 + 2 * (1 + 3) + 1 + 1 + 2,
        fields=1 + 5 + 1 + 2 + 1 + 1 + 1,
    )
    assert estimates(text).count(None) == Cost()
