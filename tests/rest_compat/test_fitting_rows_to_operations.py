"""The start refuses a row that does not fit its operation, and names the row."""

from pathlib import Path

import pytest
from graphql import build_schema

from rest_compat import operations
from rest_compat.operations import Misfits, Served
from rest_compat.table import Route, get, post
from sdl_rights import needs_in_sdl

SDL = """
directive @needs(permission: String) repeatable on FIELD_DEFINITION
type Query {
  thing(id: ID, size: Int): Thing @needs(permission: "inventory.read")
  things: [Thing!]! @needs(permission: "inventory.read")
}
type Mutation { change(input: ChangeInput!): Thing @needs(permission: "inventory.write") }
input ChangeInput { name: String! }
type Thing {
  id: ID!
  name: String
  owner: Owner
  parts: [Owner!]!
  secret: String @needs(permission: "admin.settings")
}
type Owner { id: ID!  name: String  place: Place }
type Place { name: String }
"""
PATH = "/api/things"
THING = "# Get a thing.\n# More.\nquery GetThing($id: ID) { thing(id: $id) { id name } }"


def load(folder: Path, text: str, *routes: Route) -> list[Served]:
    (folder / "operations" / "a").mkdir(parents=True)
    (folder / "operations" / "a" / "b.graphql").write_text(text)
    rows = routes or (get(PATH, "inventory.read", "a/b"),)
    return operations.load(build_schema(SDL), rows, folder / "operations", needs_in_sdl)


def fault(folder: Path, text: str, *routes: Route) -> str:
    with pytest.raises(Misfits) as misfits:
        load(folder, text, *routes)
    return str(misfits.value)


def test_reads_the_comment_and_strips_our_directives(tmp_path: Path) -> None:
    text = THING.replace("$id: ID)", "$id: ID, $size: Int = 5 @bounds(min: 1, max: 9))").replace(
        "id: $id)", "id: $id, size: $size)"
    )
    (row,) = load(tmp_path, text.replace("name }", "name @omitNull }"))

    assert (row.operation.summary, row.operation.description) == ("Get a thing.", "More.")
    assert "@" not in row.operation.text
    (_, size) = row.operation.variables
    assert (size.least, size.most, size.default) == (1, 9, 5)


def test_names_a_row_without_its_file(tmp_path: Path) -> None:
    assert fault(tmp_path, THING, get(PATH, "inventory.read", "a/c")) == (
        "GET /api/things: there is no operations/a/c.graphql"
    )


def test_names_a_parameter_that_the_operation_does_not_take(tmp_path: Path) -> None:
    assert fault(tmp_path, THING, get("/api/things/{item}", "inventory.read", "a/b")) == (
        "GET /api/things/{item}: a/b has no $item"
    )


def test_names_another_permission(tmp_path: Path) -> None:
    assert fault(tmp_path, THING, get(PATH, "inventory.adjust", "a/b")) == (
        "GET /api/things: documented as inventory.adjust, but it needs inventory.read"
    )


def test_permissions_of_nested_fields_count(tmp_path: Path) -> None:
    assert fault(tmp_path, THING.replace("name }", "secret }")) == (
        "GET /api/things: documented as inventory.read, but it needs "
        "admin.settings + inventory.read"
    )


def test_names_rows_that_cannot_be_told_apart(tmp_path: Path) -> None:
    rows = [
        get("/api/things/{id}", "inventory.read", "a/b"),
        get("/api/things/{other}", "inventory.read", "a/b"),
    ]

    assert "GET /api/things/{other}: cannot be told from GET /api/things/{id}" in fault(
        tmp_path, THING, *rows
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (THING.replace("name }", "nme }"), "a/b: Cannot query field 'nme' on type 'Thing'."),
        ("# A.\nquery A { thing { id }", "a/b: Syntax Error: Expected Name, found <EOF>."),
        (THING.removeprefix("# Get a thing.\n# More.\n"), "a/b has no comment above it"),
        ("# A.\nquery { thing { id } }", "a/b must hold one operation with a name"),
        (
            "# A.\nquery A { thing { id } things { id } }",
            "it must have one root field, with fields",
        ),
        (
            THING.replace("name }", "parts @inline { name } }"),
            "@inline on parts, which is not one object",
        ),
        (
            THING.replace("name }", "owner @inline { id } }"),
            "id stands twice in one object of the body",
        ),
        (
            THING.replace("name }", "owner @inline @omitNull { place { name } } }"),
            "@inline and @omitNull on owner: put the second on its fields",
        ),
    ],
)
def test_names_what_is_wrong_with_an_operation(tmp_path: Path, text: str, words: str) -> None:
    assert fault(tmp_path, text).startswith(f"GET /api/things: {words}")


def test_a_write_must_be_one_that_can_be_rolled_back(tmp_path: Path) -> None:
    text = "# C.\nmutation C($input: ChangeInput!) { change(input: $input) { id } }"

    assert fault(tmp_path, text, post(PATH, "inventory.write", "a/b")) == (
        "POST /api/things: a/b is a write without $dryRun"
    )


def test_folds_objects_into_their_parents(tmp_path: Path) -> None:
    text = (
        "# T.\nquery T { thing { id owner @inline { ownerId: id @omitNull place @inline "
        "{ placeName: name } } parts { name @omitNull } } }"
    )
    (row,) = load(tmp_path, text)
    fold = row.operation.fold
    assert fold is not None

    whole = {
        "id": "1",
        "owner": {"ownerId": "2", "place": {"placeName": "P"}},
        "parts": [{"name": None}, {"name": "n"}],
    }
    assert fold(whole) == {
        "id": "1",
        "ownerId": "2",
        "placeName": "P",
        "parts": [{}, {"name": "n"}],
    }
    assert fold({"id": "1", "owner": None, "parts": []}) == {
        "id": "1",
        "placeName": None,
        "parts": [],
    }


def test_a_selection_without_our_directives_is_left_alone(tmp_path: Path) -> None:
    (row,) = load(tmp_path, THING)

    assert row.operation.fold is None
