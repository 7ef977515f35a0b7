"""What holds for every command, whoever wrote it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from commands import Done, run
from gateway import cli


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Give every command with the words that call it."""
    if not hasattr(command, "commands"):
        yield " ".join(path), command
        return
    for name, below in command.commands.items():
        yield from leaves(below, (*path, name))


COMMANDS = dict(leaves(typer.main.get_command(cli._application())))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_a_command_does_and_shows_an_example(name: str) -> None:
    command = COMMANDS[name]

    assert re.match(r"[A-Z].*\.", command.help)
    assert re.match(r"Examples?: \[bold\]", command.epilog)
    assert f"./run {name}" in command.epilog or (name == "demo" and "./run" in command.epilog)
    assert [option.name for option in command.params if not option.help] == []


def test_the_commands_are_the_promised_ones() -> None:
    assert sorted(COMMANDS) == sorted(
        [
            "bench",
            "check",
            "db dump",
            "db reset",
            "db restore",
            "db shell",
            "db stop",
            "db upgrade",
            "db url",
            "db verify",
            "demo",
            "export",
            "import",
            "keys create",
            "keys list",
            "keys revoke",
            "schema",
            "seals export",
            "seals verify",
            "serve",
            "settings",
            "tenants create",
            "tenants delete",
            "tenants list",
            "test",
            "ui",
        ]
    )


def test_a_command_that_does_not_exist_is_an_error_on_stderr() -> None:
    done = run("sevre")

    assert (done.code, done.stdout) == (2, "")
    assert "No such command 'sevre'" in done.stderr


def test_without_a_server_program_the_sentence_says_what_to_do(root: Path) -> None:
    assert run(
        "db", "upgrade", STOCKGRAPH_PG_BINDIR="/usr/lib", STOCKGRAPH_DATA_DIR=str(root)
    ) == Done(
        1,
        "",
        "There is no PostgreSQL server in /usr/lib: set STOCKGRAPH_PG_BINDIR to the folder that "
        "holds initdb and postgres, or unset it.\n",
    )
