"""Every example of README.md and docs/*.md gives the answer that is printed below it.

A fenced block marked `sh request` is a curl, one marked `graphql request` a document for /graphql;
a block marked `json answer` right after it is the whole body of the answer.
"""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+) (request|answer)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    page: str
    language: str
    text: str
    answer: Any


def examples() -> list[Example]:
    found: list[Example] = []
    for page in PAGES:
        blocks = BLOCK.findall(page.read_text())
        for index, (language, role, text) in enumerate(blocks):
            if role == "request":
                after = blocks[index + 1 : index + 2]
                answer = json.loads(after[0][2]) if after and after[0][1] == "answer" else None
                found.append(Example(page.name, language, text, answer))
    return found


def curl(line: str) -> dict[str, Any]:
    """The request that a curl would make; the key is the client's."""
    words = iter(shlex.split(line.replace("\\\n", " "))[1:])
    request: dict[str, Any] = {"method": "GET", "headers": {}}
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            if name != "Authorization":
                request["headers"][name] = value
        elif word in {"-d", "--data"}:
            request |= {"content": next(words), "method": "POST"}
        elif word == "-X":
            request["method"] = next(words)
        else:
            request["url"] = word.removeprefix("http://").removeprefix("localhost:8000")
    return request


EXAMPLES = examples()


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"{one.page}-{index}" for index, one in enumerate(EXAMPLES)]
)
async def test_answers_as_the_page_says(example: Example, client: httpx2.AsyncClient) -> None:
    if example.language == "graphql":
        response = await client.post("/graphql", json={"query": example.text})
    else:
        response = await client.request(**curl(example.text))

    assert response.status_code == 200, response.text
    assert "errors" not in response.json()
    if example.answer is not None:
        assert response.json() == example.answer


def test_readme_has_an_example_of_each_api() -> None:
    languages = [one.language for one in EXAMPLES if one.page == "README.md" and one.answer]

    assert languages == ["sh", "graphql"]
