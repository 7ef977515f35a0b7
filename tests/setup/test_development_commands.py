import ast
import sys
from pathlib import Path

import pytest

from gateway.cli import development

ALL_CORES = ["-n", "logical", "--dist", "worksteal"]
SDL = '''
"""A thing "in quotes" called notAName."""
type Thing {
  minQuantity(first: Int! = 50): Quantity
  "class is a word of Python"
  class: String! @needs(permission: "inventory.read")
}
enum Sort { SKU_NAME }
'''


def test_the_schemas_names_are_written_as_code_that_uses_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(development, "ROOT", tmp_path)
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "schema.graphql").write_text(SDL)

    development._write_sdl_names()

    written = ast.parse((tmp_path / ".cache" / "sdl_names.py").read_text())
    names = {node.attr for node in ast.walk(written) if isinstance(node, ast.Attribute)}
    assert {"minQuantity", "min_quantity", "SKU_NAME", "sku_name", "Thing"} <= names
    assert names.isdisjoint({"notAName", "class", "50", "inventory"})


@pytest.mark.parametrize(
    ("program", "passes", "says"),
    [("pass", True, ""), ("raise SystemExit('wrong here')", False, "wrong here\n\n")],
)
def test_a_check_is_a_line_and_when_it_fails_what_it_said(
    program: str, says: str, capsys: pytest.CaptureFixture[str], *, passes: bool
) -> None:
    assert development._passes("name", [Path(sys.executable).name, "-c", program]) is passes

    line, _, rest = capsys.readouterr().out.partition("\n")
    assert line.startswith("name          ok      " if passes else "name          failed  ")
    assert line.endswith(" s")
    assert rest == says


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], ALL_CORES),
        (["tests/keys", "-x"], ALL_CORES),
        (["-n", "1"], []),
        (["--pdb"], []),
    ],
)
def test_tests_run_on_all_cores_unless_told_otherwise(
    arguments: list[str], options: list[str]
) -> None:
    assert development._workers(arguments) == options
