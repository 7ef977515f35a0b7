"""The files of `schema/`: the stored operations are read, the others are generated; so is a page.

A test compares the generated ones with what the program serves.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from execution.strawberry_fields import graph_of
from gateway import states_file
from gateway.problems import Problem
from resolvers.fields import needs_of
from resolvers.schema import Schema, build_schema
from rest_compat import openapi as openapi_document
from rest_compat import operations
from rest_compat.operations import Served
from rest_compat.routes import BESIDE, ROUTES

SDL = Path("schema") / "schema.graphql"
OPENAPI = Path("schema") / "openapi.json"
OPERATIONS = Path(__file__).parents[2] / "schema" / "operations"


def write(root: Path) -> list[Path]:
    """Write the generated files below this folder anew and give their paths.

    Raises:
        Problem: a REST row does not fit its operation.
    """
    schema = build_schema()
    contents = {
        SDL: sdl().encode(),
        OPENAPI: openapi(served(schema)),
        states_file.STATES: states_file.text().encode(),
    }
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [root / name for name in contents]


def sdl() -> str:
    """The schema in the schema definition language, with descriptions and the rights of fields."""
    return build_schema().as_str() + "\n"


@cache
def served(schema: Schema) -> list[Served]:
    """The rows of REST with their operations, checked against the schema once.

    Raises:
        Problem: some do not fit; one line for each.
    """
    try:
        return operations.load(graph_of(schema), (*ROUTES, *BESIDE), OPERATIONS, needs_of)
    except operations.Misfits as misfits:
        raise Problem(f"The REST API does not fit the schema:\n{misfits}") from None


def openapi(rows: Sequence[Served]) -> bytes:
    """The OpenAPI document of these rows."""
    return openapi_document.text(rows, OPERATIONS)
