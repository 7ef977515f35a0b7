import dataclasses
import re
from pathlib import Path

from execution.limits import Limits

PAGE = Path(__file__).parents[2] / "docs" / "graphql.md"


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def test_the_page_names_each_limit_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE.read_text(), re.MULTILINE)

    not_of_size = {"validation_errors", "timeout_seconds"}
    limits = dataclasses.asdict(Limits())
    assert rows == [(camel(k), str(v)) for k, v in limits.items() if k not in not_of_size]
    assert f"may take {limits['timeout_seconds']:g} seconds" in PAGE.read_text()
