"""Alembic migrations, found as models:migrations."""

from pathlib import Path

from alembic import op
from sqlalchemy import text

# The application may read and append here, and nothing else.
APPEND_ONLY = "INSERT, SELECT"
# Rows that hold balances are never deleted by the application.
NO_DELETE = "INSERT, SELECT, UPDATE"
ALL_ROWS = "DELETE, INSERT, SELECT, UPDATE"


def run_file(path: Path) -> None:
    """Run a file of SQL statements inside the migration's transaction."""
    run_sql(path.read_text(encoding="utf-8"))


def run_sql(sql: str) -> None:
    """Run several statements as one simple message, inside the migration's transaction."""
    bind = op.get_bind()
    bind.execute(text("select 1"))  # the dialect begins its transaction with the first statement
    adapted = bind.connection.dbapi_connection
    assert adapted is not None, "a migration runs on a live connection"
    adapted.run_async(lambda driver: driver.execute(sql))
