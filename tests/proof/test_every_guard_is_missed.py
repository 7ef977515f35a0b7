"""Each guard of the one writer, taken away, makes a test fail: `./run test --long tests/proof`."""

import asyncio
import os
import sys
from pathlib import Path

import asyncpg
import pytest

from broken import BREAKS

ROOT = Path(__file__).parents[2]
SECONDS = 120


def rows() -> list[str]:
    """The table of docs/testing.md."""
    return [f"| {one.what} | `{one.test.rpartition('::')[2]}` |" for one in BREAKS.values()]


def test_the_manual_lists_every_guard_and_its_test() -> None:
    text = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")

    assert [line for line in text.splitlines() if line.startswith("| The ")] == rows()


async def test_every_guard_is_where_it_is_taken_out(urls: tuple[str, str]) -> None:
    owner = await asyncpg.connect(urls[0])
    try:
        for edit in (edit for one in BREAKS.values() for edit in one.edits):
            text = await owner.fetchval("select pg_get_functiondef($1::regproc)", edit.of)
            assert edit.old in text, edit
    finally:
        await owner.close()


@pytest.mark.long
@pytest.mark.parametrize("name", BREAKS)
async def test_without_a_guard_its_test_fails(name: str, run_seed: int) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
    command += ["--break", name, "--seed", str(run_seed), BREAKS[name].test]
    environment = {key: one for key, one in os.environ.items() if "PYTEST" not in key}
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(), SECONDS)

    failed = [line for line in out.decode().splitlines() if line.startswith("FAILED")]
    assert process.returncode == pytest.ExitCode.TESTS_FAILED, out.decode()[-2_000:]
    assert failed, out.decode()[-2_000:]  # an error before it would prove nothing
    assert all(line.startswith(f"FAILED {BREAKS[name].test}") for line in failed), failed
