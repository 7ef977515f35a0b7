"""Tells when a cell crosses from one severity to another: once, and not again for a small wobble.

Reads show severity as it is at every moment; this only tells of the changes. It follows the feed,
place by place, and walks over all places for what changes many of them at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import SYSTEM
from domain.quantities import plain
from models import severity as statements
from models.lists.severity import CROSSINGS
from models.session import Database, Session
from services import atp, outbox, tenants
from services.atp import Cell, Place, Severity, severity
from services.lists import Reader

EVENTS_AT_ONCE = 500
PLACES_AT_ONCE = 1_000

crossings = Reader(CROSSINGS)

Pair = tuple[str, str]  # location id, product id
Key = tuple[str, str, str]  # location id, product id, channel id


def told(before: Severity, atp: Decimal, threshold: Decimal) -> Severity:
    """The severity to tell: as it is, but OK again only well above the threshold.

    What was not OK stays LOW up to a tenth of the threshold, or one unit, above it.
    """
    now = severity(atp, threshold)
    margin = max(Decimal(1), threshold / 10)
    if now is Severity.OK and before is not Severity.OK and atp <= threshold + margin:
        return Severity.LOW
    return now


async def sweep(database: Database) -> int:
    """Tell the crossings of all tenants since the last time; how many there were.

    Any number of processes may do so at once: of each tenant one works.
    """
    count = 0
    for tenant_id, _, _ in await tenants.listed(database):
        async with database.write(tenant_id) as session:
            count += await watch(session)
    return count


async def watch(session: Session) -> int:
    """Look at the next places of the tenant, and tell which cells have crossed."""
    await session.run(statements.begin())
    seen = await session.one_or_none(statements.watch_locked())
    if seen is None:
        return 0
    last = await session.scalar(statements.last_event()) or 0
    turn = _Turn(seen, last, f"{last} {await session.scalar(statements.mark())}")
    if turn.is_idle:
        return 0
    pairs = {_pair(row) for row in await session.all(statements.touched(seen.number, turn.through))}
    if not turn.is_done:
        walked = await session.all(statements.walked(turn.place, PLACES_AT_ONCE))
        pairs |= {_pair(row) for row in walked}
        turn.walk(walked)
    count = await _look(session, sorted(pairs), tells=seen.has_begun)
    await session.run(statements.keep(turn.values))
    return count


class _Turn:
    """How far one turn of the watch goes."""

    def __init__(self, seen: Any, last: int, mark: str) -> None:
        self._seen = seen
        self._mark: str = seen.round_mark
        self.through = min(last, seen.number + EVENTS_AT_ONCE)
        self.place: Pair | None = None
        self.is_done: bool = seen.is_done
        if not self.is_done and seen.location_id is not None:
            self.place = (seen.location_id, seen.product_id)
        if self.is_done and mark != seen.round_mark:
            self.is_done, self._mark = False, mark

    @property
    def is_idle(self) -> bool:
        """Whether nothing has happened since the last round."""
        return self.is_done and self.through == self._seen.number

    def walk(self, rows: Sequence[Any]) -> None:
        """Go on to behind these places; fewer than were asked for are the last ones."""
        self.is_done = len(rows) < PLACES_AT_ONCE
        self.place = None if self.is_done else _pair(rows[-1])

    @property
    def values(self) -> dict[str, Any]:
        """What is kept of it."""
        location, product = self.place or (None, None)
        return {
            "number": self.through,
            "location_id": location,
            "product_id": product,
            "round_mark": self._mark,
            "is_done": self.is_done,
            "has_begun": self._seen.has_begun or self.is_done,
        }


@dataclass(frozen=True, slots=True)
class _Crossing:
    place: Place
    cell: Cell
    before: Severity
    after: Severity

    @property
    def key(self) -> Key:
        return self.place.location_id, self.place.product_id, self.cell.terms.channel_id


async def _look(session: Session, pairs: Sequence[Pair], *, tells: bool) -> int:
    """Compare the cells of these places with what was told of them; how many have crossed."""
    if not pairs:
        return 0
    book = await atp.book(session, sorted({location for location, _ in pairs}))
    places = await atp.by_pairs(session, pairs, book)
    known = {
        _key(row): Severity(row.severity) for row in await session.all(statements.states(pairs))
    }
    crossed = list(_crossed(places.values(), known))
    if not crossed:
        return 0
    worse = [_state(one) for one in crossed if one.after is not Severity.OK]
    better = [one.key for one in crossed if one.after is Severity.OK]
    if worse:
        await session.run(statements.remember(worse))
    if better:
        await session.run(statements.forget(better))
    if not tells:
        return 0
    rows = [_row(one) for one in crossed]
    await session.run(statements.add(rows))
    await outbox.emit_all(session, [(statements.TOPIC, row["id"], _event(row)) for row in rows])
    return len(rows)


def _crossed(places: Iterable[Place], known: Mapping[Key, Severity]) -> Iterable[_Crossing]:
    for place in places:
        for cell in place.cells:
            key = (place.location_id, place.product_id, cell.terms.channel_id)
            before = known.get(key, Severity.OK)
            after = told(before, cell.atp, cell.terms.threshold)
            if after is not before:
                yield _Crossing(place, cell, before, after)


def _state(crossing: _Crossing) -> dict[str, Any]:
    names = ("location_id", "product_id", "channel_id")
    return dict(zip(names, crossing.key, strict=True)) | {"severity": crossing.after.value}


def _row(crossing: _Crossing) -> dict[str, Any]:
    terms = crossing.cell.terms
    return {
        "id": ids.new("cross_"),
        "channel_id": terms.channel_id,
        "location_id": crossing.place.location_id,
        "product_id": crossing.place.product_id,
        "before": crossing.before.value,
        "after": crossing.after.value,
        "atp": crossing.cell.atp,
        "threshold": terms.threshold,
        "policy_id": terms.policy_id,
    }


def _event(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "channelId": row["channel_id"],
        "locationId": row["location_id"],
        "productId": row["product_id"],
        "before": row["before"],
        "after": row["after"],
        "atp": plain(row["atp"]),
        "threshold": plain(row["threshold"]),
        "policyId": row["policy_id"],
        "actor": {"id": SYSTEM.id, "name": SYSTEM.name},
    }


def _pair(row: Any) -> Pair:
    return row.location_id, row.product_id


def _key(row: Any) -> Key:
    return row.location_id, row.product_id, row.channel_id
