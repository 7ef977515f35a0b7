"""Asking before what cannot be undone."""

import sys

import typer

from gateway.problems import Problem


def confirm(what: str, *, yes: bool) -> None:
    """Return when the act is meant: by `--yes`, or by an answer on the terminal.

    Raises:
        Problem: nobody is there to ask, or the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise Problem(f"{what} Add --yes if that is meant.")
    if not typer.confirm(f"{what} Go on?"):
        raise Problem("Nothing was changed.")
