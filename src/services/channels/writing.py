"""Makes, changes and removes channels."""

from collections.abc import Mapping
from typing import Any

from domain.errors import Invalid
from models import channels, stock
from models.session import Session
from services import checks, records, removal


async def create_channel(session: Session, values: Mapping[str, Any]) -> Any:
    """Make a channel; its id is its code, which never changes.

    Raises:
        Invalid: a value breaks a rule.
        AlreadyExists: the id is taken.
    """
    if not values.get("id"):
        raise Invalid("id", "id must not be empty.")
    _check(values)
    return await records.add(session, channels.channels, "Channel", "", values)


async def update_channel(
    session: Session, id: str, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    """Change a channel; with `active` false it leaves every matrix and keeps its history.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
    """
    _check(values)
    row = await records.get_locked(session, channels.channels, "Channel", id, expected_version)
    return await records.change(session, channels.channels, row, values)


async def delete_channel(session: Session, id: str, expected_version: int | None) -> None:
    """Delete a channel through which nothing was ever promised or sold.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        InUse: policies, quotas, reservations, ledger entries or past sales are left.
    """
    row = await records.get_locked(session, channels.channels, "Channel", id, expected_version)
    for pointers in (_PRESENT, _PAST):
        await removal.refuse_use(session, "The channel", id, pointers, removal.RETIRE)
    await records.remove(session, channels.channels, row)


_PRESENT = {
    "policies": (channels.channel_policies, "channel_id"),
    "quotas": (channels.channel_quotas, "channel_id"),
    "reservations": (stock.reservations, "channel_id"),
}
# Looked for last: no index serves it, so that postings need not keep one.
_PAST = {
    "ledgerEntries": (stock.ledger_entries, "channel_id"),
    "movements": (stock.movement_history, "channel_id"),
}


def _check(values: Mapping[str, Any]) -> None:
    checks.texts(values, "name")
    checks.words(values, "type")
    checks.wholes(values, "position")
