"""The command line: one module for each group of commands, put together here.

Each module has `app`, a typer application. A module imports what is heavy inside its commands, so
that `./run settings` need not wait for what only the server uses.
"""

import gc
import signal
import sys
from types import FrameType
from typing import NoReturn

import typer

from domain.errors import GatewayError
from gateway.cli import (
    bench,
    db,
    demo,
    development,
    imports,
    keys,
    seals,
    serve,
    settings,
    tenants,
)
from gateway.problems import Problem

GARBAGE_THRESHOLD = 20_000


def main() -> None:
    """Run the command that the arguments name, and end the process.

    What the operator can cure is one sentence on stderr and exit code 1. SIGTERM, and the end of
    the terminal unless nohup is used, end a command as Ctrl-C does: what it opened is closed.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _terminate)
    # What is imported stays: looking for garbage in it every 700 objects is a tenth of a start.
    gc.set_threshold(GARBAGE_THRESHOLD)
    try:
        _application()(prog_name="./run")
    except Problem as problem:
        _refuse(str(problem))
    except GatewayError as error:
        _refuse(error.message)
    except Exception as error:
        from gateway import provision

        if not provision.lacks_rights(error):
            raise
        _refuse(
            f"The database does not let this role do that ({provision.words_of(error)}): set "
            "DATABASE_OWNER_URL to the role that owns the tables."
        )


def _application() -> typer.Typer:
    application = typer.Typer(
        name="./run",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        help="Stockgraph: what can this channel promise from this location, and why?",
    )
    for module in (serve, demo, imports, settings, development, bench):
        application.add_typer(module.app)
    for name, group in {"tenants": tenants, "keys": keys, "db": db, "seals": seals}.items():
        application.add_typer(group.app, name=name)
    return application


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGTERM)  # whoever handles that now: a server ends in its own way


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(1)
