"""Every refusal has one code, one status and one line in the manual."""

import re
from pathlib import Path

from domain import count_errors, errors, promise_errors, request_errors, warehouse_errors
from rest_compat.errors import INTERNAL, STATUS

MANUAL = Path(__file__).parents[2] / "docs" / "errors.md"

PARTS = (errors, request_errors, count_errors, promise_errors, warehouse_errors)
TREE = {part.__name__ for part in PARTS}


def codes() -> set[str]:
    found: set[str] = set(errors.UNAUTHORIZED) | {INTERNAL}
    kinds = [errors.GatewayError]
    while kinds:
        kind = kinds.pop()
        kinds += [one for one in kind.__subclasses__() if one.__module__ in TREE]
        found.add(kind.code)
    return found


def test_every_code_has_a_status() -> None:
    assert set(STATUS) | {INTERNAL} == codes()


def test_every_code_has_a_line_in_the_manual() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+)", MANUAL.read_text(), re.MULTILINE)

    assert {code: int(status) for code, status in rows} == STATUS | {INTERNAL: 500}
