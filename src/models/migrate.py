"""Bring a database to the present schema, and say whether it is there."""

from functools import cache
from pathlib import Path

APP_ROLE = "stockgraph_app"
SQL_FOLDER = Path(__file__).parent / "sql"
_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(owner_url: str) -> None:
    """Run every migration that is missing, each in its own transaction, under an advisory lock.

    The role behind `owner_url` must own the schema; where it may make roles, the application's
    group role is made as well.
    """
    # Imported here: only an upgrade needs Alembic, and every start would wait for it.
    from alembic import command  # noqa: PLC0415 - only an upgrade needs Alembic
    from alembic.config import Config  # noqa: PLC0415 - only an upgrade needs Alembic

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")


@cache
def head() -> str:
    """The revision that this program expects: the number of its last migration's file."""
    return max(path.name[:4] for path in (_SCRIPTS / "versions").glob("[0-9]*.py"))


def sql_text(name: str) -> str:
    """The text of a file of SQL functions, as migrations apply it."""
    return (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
