"""What ARCHITECTURE.md says about the code, held by reading the code."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.base import UNSECURED
from models.tables import metadata
from statement_guard import unnamed

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
LAYERS = ("domain", "execution", "gateway", "models", "resolvers", "rest_compat", "services")
FUNCTION_LINES = 40
TEST_LINES = 60  # a test that compares whole answers shows them whole
MODULE_LINES = 400
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
QUANTITIES = r"\b(on_hand|reserved|held|expired)\b"
KEPT = r"\b(inventory_items|stock_levels)\b"

# Who names a quantity of the tables themselves; all others ask the views of availability.sql.
AT_THE_TABLES = {
    "models/sql/posting.sql": "the one writer",
    "models/sql/posting_one.sql": "the one writer, of one line",
    "models/sql/reserving.sql": "the one writer of promises to documents",
    "models/sql/reservations.sql": "has promised units stand on buckets, and takes them off",
    "models/availability_records.py": "keeps what a line was, beside the sum of its ledger",
    "models/sql/availability.sql": "the one reader",
    "models/books.py": "sums what postings changed, beside what the views say is there",
    "models/evidence.py": "names which buckets hold what the view says is held and expired",
    "models/sql/past.sql": "the same reader's tables as they were",
    "models/sql/ledger_checks.sql": "holds kept numbers against what they are derived from",
    "models/sql/past_levels.sql": "its sums, over the reader's own function",
    "models/lists/stock.py": "sorts kept rows by their keys; the numbers come from the view",
    "models/sql/import_checks.sql": "warns of quotas above what the last import left",
    "models/putting_away.py": "reads into which bins entries went; the numbers come from the view",
    "models/holds.py": "points at buckets; `held` is a word of its comments",
    "models/imports/exports.py": "gives stock.csv back, which counts buckets",
    "models/sql/import_movements.sql": "finds the opening that keeps history from going below zero",
    "models/sql/abc.sql": "tells by the buckets that hold something what was never counted",
    "models/sql/counting.sql": "tells what the book held when somebody looked",
    "models/sql/imports.sql": "plans a count as the difference to what a bucket holds",
}


def python_files(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def texts_of(path: Path) -> Iterator[str]:
    """The string constants of a module but its docstrings, f-strings joined."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Expr):
            continue
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str):
                yield child.value


EVERYTHING = python_files("src", "tests", "bench")
PROGRAM = python_files("src")


def broken(rule: Callable[[Path], Iterator[str]], files: list[Path]) -> str:
    """One line for each place that breaks the rule."""
    return "\n".join(f"{name_of(path)}: {found}" for path in files for found in rule(path))


def test_functions_fit_a_screen() -> None:
    def rule(path: Path) -> Iterator[str]:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > (TEST_LINES if node.name.startswith("test_") else FUNCTION_LINES):
                    yield f"{node.name} has {lines} lines"

    assert broken(rule, EVERYTHING) == ""


def test_modules_are_short_enough_to_know() -> None:
    def rule(path: Path) -> Iterator[str]:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES:
            yield f"{lines} lines"

    assert broken(rule, EVERYTHING) == ""


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name_of(path) for path in EVERYTHING if path.stem in VAGUE_NAMES] == []


def test_folders_of_tests_are_no_packages() -> None:
    assert [name_of(path) for path in python_files("tests") if path.name == "__init__.py"] == []


def test_a_warning_is_silenced_with_a_reason() -> None:
    """`# noqa: S603 - why`, `# type: ignore[code] # why`: nobody must have to guess."""
    silenced = re.compile(r"#\s*(noqa|type:\s*ignore)\b(?P<rest>.*)$")

    def rule(path: Path) -> Iterator[str]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if (found := silenced.search(line)) and path != Path(__file__):
                rest = re.sub(r"^(\[[\w, -]+\]|:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)", "", found["rest"])
                if not re.search(r"\w{2,}", rest):
                    yield f"{number}"

    assert broken(rule, EVERYTHING) == ""


def test_only_the_door_begins_and_ends_transactions() -> None:
    """A use case that commits on its own is half done when the rest of it fails."""
    words = re.compile(r"\s*(begin|commit|rollback|savepoint|start transaction)\b", re.IGNORECASE)
    door = {
        "src/models/session.py",
        "src/models/connections.py",
        "src/models/migrations/env.py",
    }

    def rule(path: Path) -> Iterator[str]:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback"):
                yield f"line {node.lineno}: .{node.attr}"
            if isinstance(node, ast.Attribute) and node.attr in ("begin_nested", "begin_twophase"):
                yield f"line {node.lineno}: .{node.attr}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                for argument in node.args[:1]:
                    if (
                        node.func.attr in ("execute", "call", "text")
                        and isinstance(argument, ast.Constant)
                        and isinstance(argument.value, str)
                        and words.match(argument.value)
                    ):
                        yield f"line {node.lineno}: {argument.value}"

    assert broken(rule, [path for path in PROGRAM if name_of(path) not in door]) == ""


def test_nothing_is_mapped_to_lazy_objects() -> None:
    def rule(path: Path) -> Iterator[str]:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Name) and node.id in ("relationship", "sessionmaker"):
                yield f"line {node.lineno}: {node.id}"

    assert broken(rule, PROGRAM) == ""


def sources_of_sql() -> Iterator[tuple[str, str]]:
    """The SQL files, and what Python modules say."""
    for path in sorted((SOURCE / "models" / "sql").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        yield path.relative_to(SOURCE).as_posix(), re.sub(r"--.*", "", text)
    for path in python_files("src/models", "src/services"):
        if "versions" not in path.parts:
            yield path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")


def test_one_writer_changes_quantities() -> None:
    written = re.compile(
        r"(insert\s+into|update|delete\s+from|copy|insert\(|update\(|delete\()\s*" + KEPT,
        re.IGNORECASE,
    )

    found = {name for name, text in sources_of_sql() if written.search(text)}

    assert found == {
        "models/sql/posting.sql",
        "models/sql/posting_one.sql",
        "models/sql/reservations.sql",
        "models/sql/reserving.sql",
    }


def test_one_reader_knows_what_quantities_are_made_of() -> None:
    found = {
        name
        for name, text in sources_of_sql()
        if re.search(QUANTITIES, text) and re.search(KEPT, text) and name != "models/stock.py"
    }

    assert found == set(AT_THE_TABLES)


def test_every_statement_in_text_names_the_tenant() -> None:
    """The guard of the test run sees those that are built; these are the ones written as text."""

    def rule(path: Path) -> Iterator[str]:
        for said in texts_of(path):
            if re.match(r"\s*(select|update|delete|insert|with)\b", said, re.IGNORECASE):
                yield from unnamed(said)

    assert broken(rule, python_files("src/models")) == ""


@pytest.mark.parametrize("path", sorted((SOURCE / "models" / "sql").glob("*.sql")), ids=name_of)
def test_every_function_in_sql_names_the_tenant(path: Path) -> None:
    text = re.sub(r"--.*|'[^']*'", "", path.read_text(encoding="utf-8"))
    statements = [part for part in text.split(";") if "security_invoker" not in part]

    assert {table for part in statements for table in unnamed(part)} == set()


def areas() -> dict[str, dict[str, str]]:
    """The table of areas in ARCHITECTURE.md."""
    lines = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    start = next(n for n, row in enumerate(rows) if row[:2] == ["area", "models"])
    names = rows[start]
    table = {}
    for row in rows[start + 2 :]:
        if len(row) != len(names):
            break
        table[row[0]] = dict(zip(names, row, strict=True))
    return table


def exists(layer: str, name: str) -> bool:
    return (SOURCE / layer / f"{name}.py").is_file() or (SOURCE / layer / name).is_dir()


def test_each_area_is_in_the_layers_that_the_table_says() -> None:
    found = {
        (area, layer): exists(layer, area if said in ("yes", "no") else said)
        for area, row in areas().items()
        for layer, said in row.items()
        if layer in LAYERS
    }

    said = {
        (area, layer): row[layer] != "no"
        for area, row in areas().items()
        for layer in row
        if layer in LAYERS
    }
    assert found == said


def test_each_package_of_services_is_an_area_of_the_table() -> None:
    packages = {path.parent.name for path in (SOURCE / "services").glob("*/__init__.py")}

    assert packages - set(areas()) == set()


def test_every_table_belongs_to_a_tenant_or_is_on_the_list() -> None:
    assert {name for name, table in metadata.tables.items() if "tenant_id" not in table.c} == {
        "tenants"
    }
    assert set(UNSECURED) - set(metadata.tables) == {"alembic_version"}
