"""A row may name two operations, and its fields may have another spelling than in the graph."""

from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema

from clients import client_of
from domain.errors import Invalid
from rest_compat import openapi, operations
from rest_compat.inputs import checked, respell
from rest_compat.operations import Misfits, Served
from rest_compat.table import Other, Route, get, post
from sdl_rights import needs_in_sdl
from world import World

SDL = """
directive @needs(permission: String) repeatable on FIELD_DEFINITION
type Query { check(input: [Line!]!): Check @needs(permission: "inventory.read") }
input Line { productId: ID!, quantity: Int = 1 }
type Check { ok: Boolean! }
"""
ONE = "# One.\nquery One($input: Line! @named(wanted: quantity)) { check(input: [$input]) { ok } }"
MANY = "# Many.\nquery Many($input: [Line!]!) { check(input: $input) { ok } }"
ROW = post("/api/check", "inventory.read", "a/one", success=False, other=Other("lines", "a/many"))
LINE = build_schema(SDL).type_map["Line"]
NAMES = {"productMasterId": "productId", "wanted": "quantity"}


def load(folder: Path, row: Route) -> Served:
    (folder / "operations" / "a").mkdir(parents=True)
    (folder / "operations" / "a" / "one.graphql").write_text(ONE)
    (folder / "operations" / "a" / "many.graphql").write_text(MANY)
    (served,) = operations.load(build_schema(SDL), [row], folder / "operations", needs_in_sdl)
    return served


def test_reads_both_operations(tmp_path: Path) -> None:
    served = load(tmp_path, ROW)

    assert [one.operation.name for one in served.each] == ["One", "Many"]
    assert served.operation.variables[0].names == {"wanted": "quantity"}


def test_refuses_a_row_whose_other_operation_is_not_there(tmp_path: Path) -> None:
    row = post("/api/check", "inventory.read", "a/one", other=Other("lines", "a/none"))

    with pytest.raises(Misfits, match=r"POST /api/check: there is no operations/a/none\.graphql"):
        load(tmp_path, row)


def test_the_document_tells_both_bodies_and_the_constants(tmp_path: Path) -> None:
    row = get("/api/check", "inventory.read", "a/one", head={"type": "one"}, within="data")
    served = Served(row, load(tmp_path, ROW).operation)

    answered = openapi._answered(served)

    assert answered["required"] == ["type", "data"]
    assert answered["properties"]["type"] == {"type": "string", "const": "one"}
    assert answered["properties"]["data"]["required"] == ["ok"]


@pytest.mark.parametrize(
    "body",
    [
        {"productMasterId": "p", "wanted": 2},
        {"productId": "p", "wanted": 2},
        {"productId": "p", "productMasterId": "p", "wanted": 2},
    ],
)
def test_reads_the_spelling_of_rest_and_the_older_one(body: Any) -> None:
    assert checked(body, LINE, NAMES) == {"productId": "p", "quantity": 2}  # type: ignore[arg-type]  # an input type


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "productMasterId is required"),
        ({"productMasterId": "p", "quantity": 2}, "The field quantity is not known."),
        ({"productMasterId": "p", "productId": "q"}, "productId is given twice, with two values."),
        ({"productMasterId": "p", "wanted": "x"}, "wanted must be a whole number."),
    ],
)
def test_refuses_by_the_spelling_of_rest(body: Any, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(body, LINE, NAMES)  # type: ignore[arg-type]  # an input type

    assert refused.value.message == words


@pytest.mark.parametrize(
    ("field", "message", "alone", "expected"),
    [
        ("quantity", "quantity must be above 0.", None, ("wanted", "wanted must be above 0.")),
        ("lines[0].quantity", "Too few.", "lines", ("wanted", "Too few.")),
        ("lines[2].productId", "Gone.", None, ("lines[2].productMasterId", "Gone.")),
    ],
)
def test_a_refusal_of_the_graph_names_the_field_of_the_body(
    field: str, message: str, alone: str | None, expected: tuple[str, str]
) -> None:
    refused = Invalid(field, message)

    respell(refused, NAMES, alone)

    assert (refused.field, refused.message) == expected


async def test_a_parameter_that_chooses_is_true_or_false(world: World) -> None:
    path = "/api/inventory/availability"
    async with client_of(world) as client:
        off = await client.get(path, summary="false", includeStockLines="true")
        refused = await client.rest("GET", path, params={"summary": "perhaps"})
        unknown = await client.rest("GET", path, params={"summari": "true"})

    assert off["type"] == "stockLines"
    assert (refused.status_code, refused.json()["error"]) == (
        400,
        "summary must be one of true, false.",
    )
    assert unknown.json()["error"] == "The parameter summari is not known; did you mean summary?"
