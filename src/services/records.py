"""The life of a versioned record: made, changed against an expected version, removed.

Each of these is an event where the table has events (`services.outbox.NOUNS`). A unique name that
is taken is refused by the table; the session turns that into AlreadyExists.
"""

from collections.abc import Mapping
from typing import Any

from domain import ids
from domain.errors import AlreadyExists, Invalid, NotFound, StaleVersion
from models import records
from models.session import Session
from services import checks, outbox

Row = Any


async def get(session: Session, table: Any, thing: str, id: str) -> Row:
    """The row with this id.

    Raises:
        NotFound: there is none that this tenant can see.
    """
    row = await session.one_or_none(records.get(table, id))
    if row is None:
        raise NotFound(thing)
    return row


async def get_locked(
    session: Session, table: Any, thing: str, id: str, expected_version: int | None = None
) -> Row:
    """The row with this id, locked until the transaction ends.

    Raises:
        NotFound: there is none that this tenant can see.
        StaleVersion: it is not at the expected version.
    """
    row = await session.one_or_none(records.get_locked(table, id))
    if row is None:
        raise NotFound(thing)
    if expected_version is not None and row.version != expected_version:
        raise StaleVersion(thing.lower(), expected=expected_version, actual=row.version)
    return row


async def require(session: Session, table: Any, thing: str, id: str | None, field: str) -> Row:
    """The row that a value points at; None when the value is None.

    Raises:
        NotFound: there is none that this tenant can see; names the field.
    """
    if id is None:
        return None
    row = await session.one_or_none(records.get(table, id))
    if row is None:
        raise NotFound(thing, field)
    return row


async def add(
    session: Session, table: Any, thing: str, prefix: str, values: Mapping[str, Any]
) -> Row:
    """Insert a row under a new id, or under the id that the values bring along.

    Raises:
        Invalid: the id that came along is not well formed, or a value is null that must not be.
        AlreadyExists: the id or a unique name is taken.
    """
    id = values.get("id") or ids.new(prefix)
    if not ids.is_well_formed(id):
        raise Invalid("id", "An id is 1 to 64 of the characters A-Z a-z 0-9 _ -.")
    if any(id.startswith(other) for other in ids.PREFIXES if other != prefix):
        raise Invalid("id", "An id must not begin as the ids of other things do.")
    if values.get("id") and await session.one_or_none(records.get(table, id)) is not None:
        raise AlreadyExists(thing.lower(), "id")
    checks.given(values, table)
    added = await session.one(records.add(table, {**values, "id": id}))
    await outbox.changed(session, table, None, added)
    return added


async def change(
    session: Session,
    table: Any,
    row: Row,
    values: Mapping[str, Any],
    *,
    touched: bool = False,
    reason: str | None = None,
) -> Row:
    """Change a locked row where it differs, keep its history, and give it back.

    A change that changes nothing leaves the version as it was, unless something that belongs to
    the row was `touched`. The `reason` is told with the event, where the table has events.

    Raises:
        Invalid: a value is null that must not be.
        AlreadyExists: a unique name is taken.
    """
    checks.given(values, table)
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not different and not touched:
        return row
    if table.info["history"]:
        await session.run(records.keep(table, row.id))
    changed = await session.one(records.change(table, row.id, different))
    await outbox.changed(session, table, row, changed, reason)
    return changed


async def remove(session: Session, table: Any, row: Row) -> None:
    """Delete a locked row; its history ends at this moment.

    Raises:
        InUse: something still points at it.
    """
    if table.info["history"]:
        await session.run(records.keep(table, row.id))
    await session.run(records.remove(table, row.id))
    await outbox.changed(session, table, row, None)
