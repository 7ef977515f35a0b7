"""The tests that graphql-core has of its execution, run against the compiled executor.

They come from its source distribution, fetched when this runs; without a network it is skipped.
"""

import os
import re
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import pytest

TOOLS = (
    *("uv_build", "pytest", "pytest-describe", "pytest-asyncio", "pytest-benchmark"),
    *("pytest-timeout", "anyio", "trio"),
)
VERSION = version("graphql-core")
OURS = f"orjson=={version('orjson')}"  # what the executor needs beside graphql-core
ROOT = Path(__file__).parents[2]
# `execute_sync` takes awaitables for values unless `check_sync` is given; ours has no such form.
NOT_OURS = (
    "throws_if_encountering_async_operation_without_check_sync",
    "throws_if_encountering_async_iterable_execution_without_check_sync",
    "iterates_sync_and_async_iterables_synchronously_without_check_sync",
    "reports_async_iterables_as_errors_without_check_sync",
)


def run(*command: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter with graphql-core and what its tests need."""
    run(sys.executable, "-m", "venv", tmp_path / "venv", folder=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    packages = [f"graphql-core=={VERSION}", OURS, *TOOLS]
    installed = run(python, "-m", "pip", "install", "-q", *packages, folder=tmp_path)
    if installed.returncode:
        pytest.skip(f"no network for {', '.join(packages)}: {installed.stderr[-200:]}")
    return python


@pytest.fixture
def source(tmp_path: Path, python: Path) -> Path:
    """graphql-core's source distribution, unpacked."""
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"  # the builder is found by it
    options = ("--no-deps", "--no-binary", ":all:", "--no-build-isolation", "-d", tmp_path)
    name = f"graphql-core=={VERSION}"
    got = run(python, "-m", "pip", "download", "-q", *options, name, folder=tmp_path, PATH=path)
    archives = list(tmp_path.glob("graphql_core-*.tar.gz"))
    if got.returncode or not archives:
        pytest.skip(f"no source distribution of {name}: {got.stderr[-200:]}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / f"graphql_core-{VERSION}"


@pytest.mark.long
def test_graphql_cores_tests_of_execution_pass(python: Path, source: Path) -> None:
    done = run(
        *(python, "-m", "pytest", "-q", "-p", "compiled_everywhere", "-p", "no:cacheprovider"),
        *("-k", f"not ({' or '.join(NOT_OURS)})", "tests/execution"),
        folder=source,
        PYTHONPATH=f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests' / 'support'}",
    )

    assert done.returncode == 0, done.stdout[-3_000:]
    counts = dict(re.findall(r"'([a-z-]+)': (\d+)", done.stdout))
    assert int(counts["compiled"]) > 300, done.stdout[-300:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 700
