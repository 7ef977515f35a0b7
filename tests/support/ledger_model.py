"""The ledger as plain dictionaries: what the database must say after each step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

ZERO = Decimal(0)
HELD_TYPES = ("HOLD", "QUARANTINE", "DAMAGE")


class Bucket(NamedTuple):
    location: str
    product: str
    bin: str | None
    lot: str | None

    @property
    def place(self) -> tuple[str, str]:
        return (self.location, self.product)


class Change(NamedTuple):
    bucket: Bucket
    delta: Decimal
    expected: Decimal | None = None
    occurred_at: datetime | None = None


class Soft(NamedTuple):
    place: tuple[str, str]
    quantity: Decimal
    expires_at: datetime


class Level(NamedTuple):
    on_hand: Decimal
    expired: Decimal
    held: Decimal
    reserved: Decimal

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.expired - self.held - self.reserved


@dataclass
class Hold:
    """What is held: `id` is a bucket, lot, bin or product; all of it or so many units."""

    scope: str
    id: Any
    location: str | None = None
    quantity: Decimal | None = None
    ends: datetime | None = None
    released: Decimal = ZERO
    is_active: bool = True

    @property
    def units(self) -> Decimal:
        return ZERO if self.quantity is None else self.quantity - self.released

    def covers(self, bucket: Bucket) -> bool:
        if self.scope == "QUANTITY":
            return bucket.place == (self.location, self.id)
        part = {"ITEM": bucket, "LOT": bucket.lot, "BIN": bucket.bin}[self.scope]
        return part == self.id and self.location in (None, bucket.location)


@dataclass
class Past:
    """When the entries of a bucket happened, in the order of being written."""

    entries: list[tuple[datetime, Decimal]] = field(default_factory=list)
    counted_at: datetime | None = None

    @property
    def last(self) -> datetime | None:
        return max((when for when, _ in self.entries), default=None)

    def allows(self, when: datetime, delta: Decimal) -> bool:
        """Whether it may have happened then: after each count, and with enough ever since."""
        if self.last is None or when >= self.last:
            return True
        if self.counted_at is not None and when <= self.counted_at:
            return False
        balance, least = ZERO, ZERO
        for moment, change in sorted([*self.entries, (when, delta)], key=lambda one: one[0]):
            balance += change
            least = min(least, balance if moment >= when else ZERO)
        return least >= 0


@dataclass
class Ledger:
    now: datetime
    zone: str = "UTC"
    bin_types: dict[str, str] = field(default_factory=dict)
    expiries: dict[str, date | None] = field(default_factory=dict)
    on_hand: dict[Bucket, Decimal] = field(default_factory=dict)
    reserved: dict[Bucket, Decimal] = field(default_factory=dict)
    soft: list[Soft] = field(default_factory=list)
    entries: list[tuple[Bucket, Decimal, Decimal]] = field(default_factory=list)
    past: dict[Bucket, Past] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    closed: datetime | None = None
    postings: int = 0

    def post(self, changes: Sequence[Change], kind: str = "RECEIPT") -> bool:
        """Take live changes in their order, all or none; whether they were taken."""
        after = dict(self.on_hand)
        entries = []
        for bucket, delta, expected, _ in changes:
            before = after.get(bucket, ZERO)
            if expected not in (None, before) or before + delta < 0:
                return False
            after[bucket] = before + delta
            entries.append((bucket, delta, after[bucket]))
        self.on_hand = after
        self.entries += entries
        self.postings += 1
        for bucket, delta, _ in entries:
            past = self.past.setdefault(bucket, Past())
            when = max(self.now, past.last or self.now)
            past.entries.append((when, delta))
            past.counted_at = when if kind == "COUNT" else past.counted_at
        return True

    def post_earlier(self, change: Change) -> bool:
        """Take a change that happened earlier; whether it was taken."""
        bucket, delta, _, when = change
        assert when is not None
        after = self.on_hand.get(bucket, ZERO) + delta
        past = self.past.get(bucket, Past())
        is_closed = self.closed is not None and when <= self.closed
        if is_closed or after < 0 or not past.allows(when, delta):
            return False
        self.on_hand[bucket] = after
        self.entries.append((bucket, delta, after))
        self.past.setdefault(bucket, past).entries.append((when, delta))
        return True

    def hold(self, hold: Hold) -> bool:
        """Hold stock; units only if so many are there that are not held by number."""
        covered = [bucket for bucket in self.on_hand if hold.covers(bucket)]
        if hold.scope == "ITEM" and not covered:
            return False
        if hold.quantity is not None:
            same = (hold.scope, hold.id, hold.location)
            held = (h.units for h in self._holding() if (h.scope, h.id, h.location) == same)
            there = sum((self.on_hand[bucket] for bucket in covered), ZERO)
            if hold.quantity > there - sum(held, ZERO):
                return False
        self.holds.append(hold)
        return True

    def release(self, hold: Hold, quantity: Decimal | None) -> bool:
        """Release a hold or some units of it; whether it was."""
        part = hold.units if quantity is None or hold.quantity is None else quantity
        if hold not in self._holding() or part > hold.units:
            return False
        hold.released += part
        hold.is_active = hold.quantity is not None and hold.units > 0
        return True

    def reserve(self, bucket: Bucket, quantity: Decimal) -> bool:
        """Set units of the bucket aside, if so many are free; whether they were."""
        if bucket not in self.on_hand:
            return False
        free = min(self._free(bucket), self.level(bucket.place).available)
        if quantity > free:
            return False
        self.reserved[bucket] = self.reserved.get(bucket, ZERO) + quantity
        return True

    def promise(self, place: tuple[str, str], quantity: Decimal, expires_at: datetime) -> None:
        """Promise units of a place until a moment."""
        self.soft.append(Soft(place, quantity, expires_at))

    def level(self, place: tuple[str, str]) -> Level:
        """What the buckets and live soft reservations of a place add up to now."""
        buckets = [bucket for bucket in self.on_hand if bucket.place == place]
        soft = (s.quantity for s in self.soft if s.place == place and s.expires_at > self.now)
        on_hand = sum((self.on_hand[b] for b in buckets), ZERO)
        expired = sum((self.on_hand[b] for b in buckets if self._is_expired(b)), ZERO)
        held = sum((self._held(b) for b in buckets), ZERO)
        by_number = (
            h.units
            for h in self._holding()
            if h.scope == "QUANTITY" and (h.location, h.id) == place
        )
        return Level(
            on_hand,
            expired,
            held + min(sum(by_number, ZERO), on_hand - expired - held),
            sum((self.reserved.get(b, ZERO) for b in buckets), ZERO) + sum(soft, ZERO),
        )

    def places(self) -> Iterator[tuple[str, str]]:
        """Every place that has a level."""
        yield from {b.place for b in self.on_hand} | {s.place for s in self.soft}

    def _free(self, bucket: Bucket) -> Decimal:
        usable = ZERO if self._is_expired(bucket) else self.on_hand[bucket] - self._held(bucket)
        return usable - self.reserved.get(bucket, ZERO)

    def _holding(self) -> list[Hold]:
        return [h for h in self.holds if h.is_active and (h.ends is None or h.ends > self.now)]

    def _is_expired(self, bucket: Bucket) -> bool:
        expiry = self.expiries.get(bucket.lot) if bucket.lot else None
        return expiry is not None and expiry < self.now.astimezone(ZoneInfo(self.zone)).date()

    def _held(self, bucket: Bucket) -> Decimal:
        """How many units of a bucket are held, of all that is not expired."""
        if self._is_expired(bucket):
            return ZERO
        on = [h for h in self._holding() if h.scope != "QUANTITY" and h.covers(bucket)]
        is_bin = bucket.bin is not None and self.bin_types[bucket.bin] in HELD_TYPES
        if is_bin or any(h.quantity is None for h in on):
            return self.on_hand[bucket]
        return min(self.on_hand[bucket], sum((h.units for h in on), ZERO))
