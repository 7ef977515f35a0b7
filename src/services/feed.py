"""The feed: numbers and seals events, and gives them in the order of their numbers."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain import seals
from domain.errors import Invalid
from models import feed
from models.session import NO_TENANT, Database, Session

BATCH_EVENTS = 500
BATCH_BYTES = 4_000_000
RELAY_SECONDS = 60
_SEALS_AT_ONCE = 100
SCANNED_MAX = 10_000  # numbers that one page of a filter looks at


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Some events in order; `end` is the number up to which all that fit are told."""

    rows: Sequence[Any]
    end: int
    last: int


async def relay(database: Database) -> int:
    """Number and seal what all tenants' transactions have written down; how many events it was.

    Any number of processes may do so at once: of each tenant one works, and the others leave it
    to that one. A batch is numbered and sealed in one transaction, whole or not at all.

    Raises:
        ExceptionGroup: it failed for some tenants; all others were served.
    """
    numbered, failures = 0, []
    for tail in await tails(database):
        try:
            while batch := await _batch(database, tail.tenant_id):
                numbered += batch
        except Exception as error:  # noqa: BLE001 - raised below, when the others were served
            failures.append(error)
    if failures:
        raise ExceptionGroup("events of some tenants were not numbered", failures)
    return numbered


async def tails(database: Database) -> Sequence[Any]:
    """The tenants with events without a number: `tenant_id`, `unsealed`, `waiting_seconds`."""
    async with database.read(NO_TENANT) as session:
        return await session.all(feed.tails())


async def _batch(database: Database, tenant_id: Any) -> int:
    async with database.write(tenant_id, timeout_seconds=RELAY_SECONDS) as session:
        return int(await session.call(feed.RELAY, BATCH_EVENTS, BATCH_BYTES))


async def changes(
    session: Session, after: int, limit: int, filters: Mapping[str, Sequence[str]]
) -> Changes:
    """The next events after a number that fit every filter; asked again, the same.

    A page looks at a bounded part of the feed: it may have fewer rows than the limit, or none,
    though there are more. The next one is asked for from its `end`.

    Raises:
        Invalid: no event has that number yet: the database is older than what gave the number.
    """
    last = int(await session.scalar(feed.last_number()))
    if after > last:
        raise Invalid(
            "after",
            f"The feed ends at {last}: this cursor is of a later state than the database's. Was "
            "an older dump restored?",
            last=str(last),
        )
    through = min(last, after + SCANNED_MAX) if filters else last
    found = await session.all(feed.told(after, through, limit + 1, filters))
    rows = found[:limit]
    is_cut = len(found) > limit or _is_heavy(found)
    end = rows[-1].number if rows and is_cut else after if not limit else through
    return Changes(rows=rows, end=end, last=last)


def _is_heavy(found: Sequence[Any]) -> bool:
    """Whether the page may have been cut because of its weight."""
    return bool(found) and found[-1].bytes_before + found[-1].bytes >= feed.PAGE_BYTES


async def exported(session: Session, tenant: str) -> AsyncIterator[str]:
    """The lines of an export that `domain.seals.verify` checks without the database.

    It ends with the last seal; events that are not sealed yet are left out.
    """
    yield seals.header(tenant)
    number, last, digest = 0, 0, None
    while batch := await session.all(feed.seals(number, _SEALS_AT_ONCE)):
        for seal in batch:
            number, last, digest = seal.number, seal.last_event, bytes(seal.sha256)
            yield seals.seal_line(number, (seal.first_event, last), digest, seal.previous)
            for row in await session.all(feed.lines(seal.first_event, last)):
                yield row.line
    yield seals.footer(number, last, digest)
