"""`./run settings`: every setting with its value, where it comes from and what it means."""

import json
import os
import re
import shutil
import textwrap
from typing import Annotated

import typer

app = typer.Typer()

# To the last @: people write passwords as they are, and too much hidden is better than too little.
_PASSWORD = re.compile(r"(?<=://)([^:/@]*):.*@")
_QUERY_PASSWORD = re.compile(r"([?&](?:ssl)?password=)[^&]*")


@app.command(
    epilog="Examples: [bold]./run settings[/], [bold]STOCKGRAPH_PORT=9000 ./run settings --json[/]"
)
def settings(
    *, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """Print every setting with its value, its origin and its meaning; passwords are hidden."""
    rows = _rows()
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    _print(rows)


def _rows() -> list[dict[str, str | None]]:
    from gateway.settings import Settings, load_settings, variable

    current = load_settings()
    rows: list[dict[str, str | None]] = []
    for name, field in Settings.model_fields.items():
        value = getattr(current, name)
        rows.append(
            {
                "name": variable(name),
                "value": None if value is None else _shown(value),
                "origin": "environment" if os.environ.get(variable(name)) else "default",
                "meaning": field.description,
            }
        )
    return rows


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return hide_password(str(value))


def hide_password(text: str) -> str:
    """Return the text with the passwords of addresses in it replaced by stars."""
    return _QUERY_PASSWORD.sub(r"\1***", _PASSWORD.sub(r"\1:***@", text))


def _print(rows: list[dict[str, str | None]]) -> None:
    from gateway.settings import unknown_variables

    width = min(shutil.get_terminal_size().columns, 100)
    for row in rows:
        value = "is not set" if row["value"] is None else f"= {row['value']}"
        origin = "" if row["value"] is None else f"  ({row['origin']})"
        typer.echo(f"{row['name']} {value}{origin}")
        meaning = textwrap.fill(row["meaning"] or "", width - 4)
        typer.echo(textwrap.indent(meaning, "    "))
    for name, meant in unknown_variables().items():
        hint = f"; {meant} is" if meant else ""
        typer.echo(f"{name} is set and is no setting{hint}.", err=True)
