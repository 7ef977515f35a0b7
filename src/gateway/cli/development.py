"""Commands for work on the project itself: check, test, schema, ui."""

import keyword
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

ROOT = Path(__file__).resolve().parents[3]
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}

CHECKS: dict[str, list[str]] = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "layers": ["lint-imports"],
    "dead code": ["vulture"],
    "dependencies": ["deptry", "."],
    "spelling": ["codespell"],
}


@app.command(epilog="Example: [bold]./run check[/]")
def check() -> None:
    """Check format, lint, types, layers, dead code, dependencies and spelling."""
    _write_sdl_names()
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    if failed:
        typer.echo(f"Failed: {', '.join(failed)}.", err=True)
        raise typer.Exit(1)


def _write_sdl_names() -> None:
    """Write the schema's names as code, so that what only clients use does not count as dead."""
    sdl = (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")
    without_texts = re.sub(r'"(""(?:.|\n)*?""|[^"\n]*)"', "", sdl)
    words = set(re.findall(r"\w+", without_texts))
    names = sorted(words | {_snake_case(name) for name in words})
    folder = ROOT / ".cache"
    folder.mkdir(exist_ok=True)
    lines = [f"_.{name}\n" for name in names if _is_name(name)]
    (folder / "sdl_names.py").write_text("".join(lines), encoding="utf-8")


def _is_name(word: str) -> bool:
    return word.isidentifier() and not keyword.iskeyword(word)


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _passes(name: str, command: list[str]) -> bool:
    """Run one check to its end; print a line with its time, and what it says when it fails."""
    program = Path(sys.executable).parent / command[0]
    begun = time.monotonic()
    result = subprocess.run(
        [program, *command[1:]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    word = "failed" if result.returncode else "ok"
    typer.echo(f"{name:<13} {word:<7} {time.monotonic() - begun:5.1f} s")
    if result.returncode:
        typer.echo(result.stdout)
    return result.returncode == 0


@app.command(
    "test",
    context_settings=PASS_ON,
    epilog="Examples: [bold]./run test[/], [bold]./run test tests/imports -x[/]",
)
def run_tests(
    context: typer.Context,
    *,
    long: Annotated[bool, typer.Option(help="Also the long races and crash rounds.")] = False,
    coverage: Annotated[bool, typer.Option(help="Measure which lines run; slower.")] = False,
) -> None:
    """Run the tests on the built-in PostgreSQL, on all cores; further arguments go to pytest."""
    arguments = ["-m", "pytest", *_workers(context.args), *context.args]
    if long:
        arguments.append("--long")
    if not coverage:
        raise typer.Exit(_python(arguments))
    code = _python(["-m", "coverage", "run", *arguments])
    _python(["-m", "coverage", "combine", "--quiet"])
    raise typer.Exit(_python(["-m", "coverage", "report"]) or code)


def _workers(arguments: list[str]) -> list[str]:
    """Return pytest-xdist's options for all cores, unless the arguments choose themselves."""
    if any(argument.startswith("-n") or argument == "--pdb" for argument in arguments):
        return []
    # Who has nothing left takes of another: the last tests of a run are long ones.
    return ["-n", "logical", "--dist", "worksteal"]


def _python(arguments: list[str]) -> int:
    """Run Python in the project's folder to its end, which an interrupt reaches by itself."""
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.terminate()


@app.command(epilog="Example: [bold]./run schema && git diff schema[/]")
def schema() -> None:
    """Write the generated files anew: the SDL and the OpenAPI document."""
    from gateway import schema_files

    for path in schema_files.write(ROOT):
        typer.echo(os.path.relpath(path))


@app.command(epilog="Example: [bold]./run ui[/]")
def ui() -> None:
    """Build the explorer's pages from npm packages; Node comes from PATH or from a wheel."""
    from gateway import explorer_build

    explorer_build.build(ROOT)
