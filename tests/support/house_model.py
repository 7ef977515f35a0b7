"""A house with two places as plain dictionaries: what lies where, for whom, and what moves.

The model says what each act must do and whether it may; where an act chooses buckets by itself,
what it chose is held against the rules of choosing and taken over.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from ledger_model import Bucket

Place = tuple[str, str]  # location, product
UNDER_WAY = ("IN_TRANSIT", "PARTIALLY_RECEIVED")


class Level(NamedTuple):
    """What a place adds up to, as the database keeps it."""

    on_hand: int
    expired: int
    held: int
    reserved: int

    @property
    def available(self) -> int:
        return self.on_hand - self.expired - self.held - self.reserved

    @property
    def usable(self) -> int:
        return self.on_hand - self.expired - self.held


class Soft(NamedTuple):
    """Units of a place that a channel has promised, until a moment."""

    place: Place
    units: int
    ends: datetime


@dataclass
class Transfer:
    """Units of a product between two locations."""

    source: str
    dest: str
    product: str
    asked: int
    status: str = "DRAFT"
    picked: int = 0
    shipped: int = 0
    received: int = 0
    damaged: int = 0
    short: int = 0
    returned: int = 0

    @property
    def on_way(self) -> int:
        return self.shipped - self.received - self.damaged - self.short - self.returned

    @property
    def numbers(self) -> tuple[int, ...]:
        parts = (self.received, self.damaged, self.short, self.returned, self.on_way)
        return (self.shipped, *parts)

    @property
    def aside(self) -> int:
        """Units that are set aside at the source and not sent."""
        is_open = self.status in ("APPROVED", "PICKED", *UNDER_WAY)
        return self.asked - self.shipped if is_open else 0

    def arrive(self) -> None:
        is_done = self.on_way == 0 and self.shipped == self.asked
        self.status = "RECEIVED" if is_done else "PARTIALLY_RECEIVED"


@dataclass
class Request:
    """Units of a product that one location asks of another."""

    product: str
    asked: int
    status: str = "SUBMITTED"
    approved: int | None = None
    allocated: int = 0
    sent: list[Transfer] = field(default_factory=list)

    @property
    def issued(self) -> int:
        return sum(one.shipped - one.returned for one in self.sent)

    @property
    def received(self) -> int:
        return sum(one.received + one.damaged for one in self.sent)

    @property
    def lost(self) -> int:
        return sum(one.short for one in self.sent)

    @property
    def open(self) -> int:
        """Units that were approved and are neither set aside nor sent."""
        return (self.approved or 0) - self.allocated - self.issued

    @property
    def numbers(self) -> tuple[int | None, ...]:
        return (self.approved, self.allocated, self.issued, self.received, self.lost)

    def follow(self) -> None:
        """Stand where its transfers say."""
        if self.status != "ISSUED" or self.issued > self.received + self.lost:
            return
        self.status = "RECEIVED" if self.allocated or self.open else "CLOSED"

    def take_back(self, units: int, *, set_aside: bool) -> None:
        """The last sending came back."""
        self.allocated += units if set_aside else 0
        on_way = self.issued > self.received + self.lost
        self.status = "ISSUED" if on_way else "RECEIVED" if self.issued else "ALLOCATED"


@dataclass
class Counted:
    """What somebody saw in a bucket, and what has come and gone since."""

    bucket: Bucket
    number: int
    at: datetime
    since: int = 0

    @property
    def now(self) -> int:
        """What is there now if he was right."""
        return self.number + self.since


@dataclass
class House:
    """All that the house knows; `held` is what the holds of each bucket come to."""

    now: datetime
    expiries: dict[str, date]
    on_hand: Counter[Bucket] = field(default_factory=Counter)
    entries: list[tuple[Bucket, int]] = field(default_factory=list)
    held: Counter[Bucket] = field(default_factory=Counter)
    marked: set[str | Bucket] = field(default_factory=set)
    aside: dict[str, Counter[Bucket]] = field(default_factory=dict)
    soft: dict[str, Soft] = field(default_factory=dict)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    counts: dict[str, dict[str, Counted]] = field(default_factory=dict)

    def is_expired(self, bucket: Bucket) -> bool:
        if {bucket, bucket.lot} & self.marked:
            return True
        return bucket.lot is not None and self.expiries[bucket.lot] < self.now.date()

    def usable(self, bucket: Bucket) -> int:
        """Units of the bucket that nothing keeps from being promised but other promises."""
        return 0 if self.is_expired(bucket) else self.on_hand[bucket] - self.held[bucket]

    def promised(self, bucket: Bucket) -> int:
        return sum(units[bucket] for units in self.aside.values())

    def buckets(self, place: Place, lot: str | None = None) -> list[Bucket]:
        return [b for b in self.on_hand if b.place == place and lot in (None, b.lot)]

    def level(self, place: Place) -> Level:
        """What the buckets and promises of a place add up to now."""
        there = self.buckets(place)
        soft = sum(s.units for s in self.soft.values() if s.place == place and s.ends > self.now)
        return Level(
            sum(self.on_hand[b] for b in there),
            sum(self.on_hand[b] for b in there if self.is_expired(b)),
            sum(self.held[b] for b in there if not self.is_expired(b)),
            sum(self.promised(b) for b in there) + soft,
        )

    def free(self, place: Place, lot: str | None = None) -> int:
        """Units of the buckets that none of their own promises are for."""
        there = self.buckets(place, lot)
        return sum(max(0, self.usable(b) - self.promised(b)) for b in there)

    def can_give(self, place: Place, lot: str | None = None, own: int = 0) -> int:
        """What may be promised or taken of a place; `own` units are promised to who asks."""
        return max(0, min(self.level(place).available + own, self.free(place, lot)))

    def may_take(self, deltas: Mapping[Bucket, int]) -> bool:
        """Whether a correction may take these units: they are there, and not on hold."""
        taken: Counter[Place] = Counter()
        for bucket, delta in deltas.items():
            if delta < 0 and -delta > self.on_hand[bucket] - self._held(bucket):
                return False
            if delta < 0 and not self.is_expired(bucket):
                taken[bucket.place] -= delta
        levels = {place: self.level(place) for place in taken}
        return all(n <= levels[place].usable for place, n in taken.items())

    def may_leave(self, bucket: Bucket, units: int) -> bool:
        """Whether units may leave a bucket for another of the house: none that is promised."""
        return 0 < units <= self.on_hand[bucket] - self.promised(bucket)

    def is_sound(self, reference: str, place: Place) -> bool:
        """Whether all that is set aside for somebody can still be taken."""
        level = self.level(place)
        own = self.aside.get(reference, Counter())
        return level.available >= 0 and all(
            self.promised(b) <= self.usable(b) for b in own if own[b] > 0
        )

    def is_first_expired_first(self, place: Place, taken: Mapping[Bucket, int]) -> bool:
        """Whether nothing free that expires earlier was left; asked before it is taken."""
        last = max((self._expiry(b) for b, units in taken.items() if units), default=date.min)
        return not any(
            self._expiry(b) < last and self.usable(b) - self.promised(b) > taken.get(b, 0)
            for b in self.buckets(place)
        )

    def move(self, changes: Iterable[tuple[Bucket, int]]) -> None:
        """Take over what was written in the ledger."""
        for bucket, delta in changes:
            self.on_hand[bucket] += delta
            self.entries.append((bucket, delta))
            for lines in self.counts.values():
                for line in lines.values():
                    line.since += delta if line.bucket == bucket else 0

    def carry_mark(self, source: Bucket, target: Bucket) -> bool:
        """Have units that come from a bucket be marked in the next; whether they may mix."""
        if (source in self.marked) == (target in self.marked):
            return True
        if self.on_hand[target] > 0:
            return False
        self.marked ^= {target}
        return True

    def _held(self, bucket: Bucket) -> int:
        return 0 if self.is_expired(bucket) else self.held[bucket]

    def _expiry(self, bucket: Bucket) -> date:
        return date.max if bucket.lot is None else self.expiries[bucket.lot]
