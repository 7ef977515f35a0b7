import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

FOLDER = Path(__file__).parents[2] / "ui" / "examples"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.graphql"))


async def run(client: httpx2.AsyncClient, name: str) -> Any:
    query = (FOLDER / f"{name}.graphql").read_text()
    variables = json.loads((FOLDER / f"{name}.json").read_text())
    body = {"query": query, "variables": variables}
    answer = (await client.post("/graphql", json=body)).json()
    assert list(answer) == ["data"]
    return answer["data"]


def lists(value: Any) -> list[list[Any]]:
    """Every list in an answer, the outer ones first."""
    if isinstance(value, list):
        return [value, *(found for member in value for found in lists(member))]
    members = value.values() if isinstance(value, dict) else ()
    return [found for member in members for found in lists(member)]


@pytest.mark.parametrize("name", EXAMPLES)
async def test_each_example_finds_something_at_the_demo_company(
    client: httpx2.AsyncClient, name: str
) -> None:
    answer = await run(client, name)

    assert lists(answer)[0] != []


async def test_the_twin_answers_what_the_rest_call_answers(client: httpx2.AsyncClient) -> None:
    variables = json.loads((FOLDER / "7-rest-twin.json").read_text())
    given = {name: value for name, value in variables.items() if value is not None}
    given["channels"] = ",".join(given["channels"])

    rest = (await client.get("/api/inventory/channel-location", params=given)).json()
    twin = (await run(client, "7-rest-twin"))["atpMatrix"]

    assert twin["rows"]["pagination"] == rest["pagination"]
    assert [flat(row) for row in twin["rows"]["products"]] == rest["products"]
    assert [flat(column) for column in twin["channels"]] == rest["channels"]
    assert twin["location"] == rest["location"]


def flat(value: dict[str, Any]) -> dict[str, Any]:
    """The object as REST writes it: fields of inner objects beside the others, no nulls for ids."""
    written: dict[str, Any] = {}
    for name, member in value.items():
        if isinstance(member, dict):
            written |= flat(member)
        elif isinstance(member, list):
            written[name] = [flat(one) for one in member]
        else:
            written[name] = member
    return written
