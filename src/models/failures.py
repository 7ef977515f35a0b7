"""What the driver's errors mean: the database is gone, busy or out of time, or a rule refused."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.errors import GatewayError, Timeout, Unavailable
from models.constraints import refusal_of, sql_state

_UNREACHABLE = "The database cannot be reached; try again."
_BUSY = "Others are changing the same rows; try again."
_CROWDED = "All connections to the database are in use; try again."
_LATE = "The database took longer than it may; ask for less at once."

# Connection failures, shut down or crashed or starting up, too many clients, and a server that
# has become a standby.
_GONE = ("08", "57P01", "57P02", "57P03", "53300", "25006")
_LOCK_NOT_GIVEN = "55P03"
_OUT_OF_TIME = "57014"
_INTEGRITY = (IntegrityError, asyncpg.IntegrityConstraintViolationError)


@contextmanager
def told(connection: asyncpg.Connection | None, *, deleting: bool = False) -> Iterator[None]:
    """Say in the domain's words what an error of this block means; let every other one through.

    Only what talks to the database belongs in the block: an OSError of anything else would be
    taken for a lost connection. None stands for a connection that is just being made. With
    `deleting` a foreign key refuses because something still points at the row.
    """
    try:
        yield
    except Exception as error:
        meaning = _meaning(error, connection)
        if isinstance(error, _INTEGRITY):
            meaning = refusal_of(error, deleting=deleting)
        if meaning is error:
            raise
        raise meaning from error


def _meaning(error: Exception, connection: asyncpg.Connection | None) -> Exception:
    state = sql_state(error)
    if isinstance(error, GatewayError):
        return error
    if state == _OUT_OF_TIME:
        return Timeout(_LATE)
    if isinstance(error, PoolTimeout) or state == _LOCK_NOT_GIVEN:
        return Unavailable(_BUSY if state else _CROWDED)
    if state.startswith(_GONE) or _is_lost(error, connection):
        return Unavailable(_UNREACHABLE)
    return error


def _is_lost(error: Exception, connection: asyncpg.Connection | None) -> bool:
    """Whether the error comes of a connection that has ended or is in an unknown state."""
    if isinstance(error, OSError | asyncpg.InternalClientError):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return connection is not None and connection.is_closed()
