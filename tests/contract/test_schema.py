import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_input_object_type,
    is_list_type,
)

from cost_schema import weights_in
from domain.permissions import Permission
from execution.strawberry_fields import graph_of, weights_of
from gateway import schema_files, states_file
from resolvers import kinds
from resolvers.kind import Kind
from resolvers.schema import build_schema as schema

ROOT = Path(__file__).resolve().parents[2]
SDL = schema_files.sdl()
SERVED = build_schema(SDL)
LISTED = [kind for kind in vars(kinds).values() if isinstance(kind, Kind)]
# Keys are administered beside the stock, with a right of their own; what is deleted is gone.
APART = {
    "ApiKey",
    "Author",
    "Change",
    "DeletePayload",
    "DeleteChannelPolicyPayload",
    "LedgerDrift",
    "LedgerEntry",
    "OpenPromise",
    "RecordedStock",
    "StockRecording",
}


def own_types() -> Iterator[Any]:
    return (type_ for name, type_ in SERVED.type_map.items() if not name.startswith("__"))


def root_fields() -> Iterator[tuple[str, Any]]:
    for root in (SERVED.query_type, SERVED.mutation_type):
        if root is not None:
            yield from ((f"{root.name}.{name}", field) for name, field in root.fields.items())


def described() -> Iterator[tuple[str, str | None]]:
    """The name and the description of everything in the SDL but what GraphQL itself brings."""
    for type_ in own_types():
        if type_.name in ("ID", "Int", "Float", "String", "Boolean"):
            continue
        yield type_.name, type_.description
        members = type_.values if isinstance(type_, GraphQLEnumType) else {}
        for name, member in (getattr(type_, "fields", None) or members).items():
            yield f"{type_.name}.{name}", member.description
            for argument, about in getattr(member, "args", {}).items():
                yield f"{type_.name}.{name}({argument})", about.description


def test_the_sdl_in_git_is_the_one_that_is_served() -> None:
    assert (ROOT / schema_files.SDL).read_text() == SDL, "run ./run schema and read its diff"


def test_the_page_of_states_is_made_from_the_tables() -> None:
    page = (ROOT / states_file.STATES).read_text(encoding="utf-8")

    assert page == states_file.text(), "run ./run schema and read its diff"


def test_everything_is_described() -> None:
    assert [name for name, description in described() if not description] == []


def test_every_root_field_states_the_right_it_needs() -> None:
    def needs(field: Any) -> list[str]:
        return [d.name.value for d in field.ast_node.directives or () if d.name.value == "needs"]

    assert [name for name, field in root_fields() if not needs(field)] == []


def test_the_rights_in_the_sdl_are_permissions() -> None:
    named = {
        directive.arguments[0].value.value
        for type_ in own_types()
        if isinstance(type_, GraphQLObjectType)
        for field in type_.fields.values()
        for directive in field.ast_node.directives or ()
        if directive.name.value == "needs" and directive.arguments
    }

    assert named <= {str(permission) for permission in Permission}
    assert {"inventory.read", "products.read"} <= named


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.name)
def test_every_filter_and_order_is_one_of_the_list(kind: Kind) -> None:
    listing = kind.reader.listing
    filters = {field.name for field in dataclasses.fields(kind.input("Filter"))}
    orders = {member.value for member in kind.input("OrderField")}

    assert filters == set(listing.filters)
    assert orders == set(listing.orders)
    assert kind.order in orders


def test_every_thing_with_an_id_is_a_node() -> None:
    node = SERVED.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    implementing = {type_.name for type_ in SERVED.get_possible_types(node)}
    with_id = {
        type_.name
        for type_ in own_types()
        if isinstance(type_, GraphQLObjectType) and "id" in type_.fields
    }

    assert implementing == with_id - APART == {kind.name for kind in kinds.NODES}


def test_operations_are_estimated_with_the_costs_that_the_sdl_says() -> None:
    told = weights_in(SERVED)
    graph = graph_of(schema())
    used = weights_of(graph)

    for part in ("types", "fields", "arguments", "sizes"):
        assert getattr(used, part) == getattr(told, part)
    assert told.fields["Query", "ledgerHealth"] == 1_000
    assert {"needs", "cost", "listSize"} <= {one.name for one in graph.directives}


def test_every_list_of_things_says_how_long_it_is_taken_to_be() -> None:
    sized = {field for field, size in weights_in(SERVED).sizes.items() if not size.sized}
    lists = {
        (type_.name, name)
        for type_ in own_types()
        if hasattr(type_, "fields") and not is_input_object_type(type_)
        for name, field in type_.fields.items()
        if is_list_type(get_nullable_type(field.type))
        and is_composite_type(get_named_type(field.type))
        and not type_.name.endswith("Connection")
    }

    assert sized == lists
