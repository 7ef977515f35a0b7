import json
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema
from graphql.execution.values import get_variable_values

from execution.documents import Documents
from execution.limits import Limits
from execution.plans import Plans
from resolvers.schema import build_schema as build_graph

FOLDER = Path(__file__).parents[2] / "ui" / "examples"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.graphql"))


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """The schema as clients see it."""
    return build_schema(build_graph().as_str())


def variables_of(name: str) -> dict[str, Any]:
    variables: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return variables


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_fits_the_schema_and_the_limits(name: str, schema: GraphQLSchema) -> None:
    document = Documents(Plans(schema), Limits()).get((FOLDER / f"{name}.graphql").read_text())

    operation = document.operation(None).operation

    assert operation.name is not None, "its tab is named by it"
    given = variables_of(name)
    coerced = get_variable_values(schema, list(operation.variable_definitions or ()), given)
    assert not isinstance(coerced, list), coerced
    assert set(given) == {one.variable.name.value for one in operation.variable_definitions or ()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_begins_with_its_title_and_what_it_is_about(name: str) -> None:
    title, about, *_ = (FOLDER / f"{name}.graphql").read_text().splitlines()

    assert title.startswith("# ")
    assert title.count(".") == 0
    assert about.startswith("# ")
