"""The ledger as plain dictionaries: what the database must say after each step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
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
class Ledger:
    now: datetime
    zone: str = "UTC"
    bin_types: dict[str, str] = field(default_factory=dict)
    expiries: dict[str, date | None] = field(default_factory=dict)
    on_hand: dict[Bucket, Decimal] = field(default_factory=dict)
    reserved: dict[Bucket, Decimal] = field(default_factory=dict)
    soft: list[Soft] = field(default_factory=list)
    entries: list[tuple[Bucket, Decimal, Decimal]] = field(default_factory=list)
    postings: int = 0

    def post(self, changes: Sequence[Change]) -> bool:
        """Take the changes in their order, all or none; whether they were taken."""
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
        return Level(
            sum((self.on_hand[b] for b in buckets), ZERO),
            sum((self.on_hand[b] for b in buckets if self._is_expired(b)), ZERO),
            sum((self.on_hand[b] for b in buckets if self._is_held(b)), ZERO),
            sum((self.reserved.get(b, ZERO) for b in buckets), ZERO) + sum(soft, ZERO),
        )

    def places(self) -> Iterator[tuple[str, str]]:
        """Every place that has a level."""
        yield from {b.place for b in self.on_hand} | {s.place for s in self.soft}

    def _free(self, bucket: Bucket) -> Decimal:
        unusable = self._is_expired(bucket) or self._is_held(bucket)
        return (ZERO if unusable else self.on_hand[bucket]) - self.reserved.get(bucket, ZERO)

    def _is_expired(self, bucket: Bucket) -> bool:
        expiry = self.expiries.get(bucket.lot) if bucket.lot else None
        return expiry is not None and expiry < self.now.astimezone(ZoneInfo(self.zone)).date()

    def _is_held(self, bucket: Bucket) -> bool:
        held = bucket.bin is not None and self.bin_types[bucket.bin] in HELD_TYPES
        return held and not self._is_expired(bucket)
