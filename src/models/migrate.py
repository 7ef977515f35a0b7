"""Bring a database to the present schema, and say whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

APP_ROLE = "stockgraph_app"
SQL_FOLDER = Path(__file__).parent / "sql"
_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(owner_url: str) -> None:
    """Run every migration that is missing, each in its own transaction, under an advisory lock.

    The role behind `owner_url` must own the schema; where it may make roles, the application's
    group role is made as well.
    """
    command.upgrade(_config(owner_url), "head")


def head() -> str:
    """The revision that this program expects."""
    revision = ScriptDirectory.from_config(_config("")).get_current_head()
    assert revision is not None, "there is a first migration"
    return revision


def sql_text(name: str) -> str:
    """The text of a file of SQL functions, as migrations apply it."""
    return (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["url"] = url
    return config
