"""What the pages name is there: files, and commands of ./run."""

import re
from pathlib import Path

from gateway.cli import _application

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


def test_every_link_leads_to_a_file() -> None:
    broken = [
        f"{page.name}: {link}"
        for page in PAGES
        for link in re.findall(r"\]\(([^)#]+)", page.read_text())
        if "://" not in link and not (page.parent / link).exists()
    ]

    assert broken == []


def test_every_command_exists() -> None:
    application = _application()
    known = {command.name or "" for command in application.registered_commands}
    for group in application.registered_groups:
        assert group.typer_instance is not None
        names = [
            command.name or _named(command.callback)
            for command in group.typer_instance.registered_commands
        ]
        known |= {group.name} if isinstance(group.name, str) else set(names)

    told = {
        command for page in PAGES for command in re.findall(r"\./run ([a-z]+)", page.read_text())
    }
    assert told - known == set()


def _named(callback: object) -> str:
    return getattr(callback, "__name__", "").replace("_", "-")
