"""First expired, first out: from which buckets a demand is met. Pure: no session, no clock.

All quantities are base units of one product at one location.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.quantities import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket from which units may be taken.

    `free` is usable and set aside for nobody; `days_left` are the days until its expiry date, in
    the tenant's time zone, None where it has none.
    """

    id: str
    received_at: datetime
    lot_id: str | None = None
    bin_id: str | None = None
    bin_code: str | None = None
    expiry_date: date | None = None
    days_left: int | None = None
    free: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Units that somebody asks for: of any bucket, or of those that this lot, bin or id names.

    `min_days_left` is how long they must be good for: 0 takes what expires today.
    """

    quantity: Decimal
    lot_id: str | None = None
    bin_id: str | None = None
    bucket_id: str | None = None
    min_days_left: int = 0

    def allows(self, bucket: Bucket) -> bool:
        """Whether units of the bucket would be good for it."""
        return bucket.days_left is None or bucket.days_left >= self.min_days_left

    def names(self, bucket: Bucket) -> bool:
        """Whether the bucket is one of those asked for."""
        return (
            self.lot_id in (None, bucket.lot_id)
            and self.bin_id in (None, bucket.bin_id)
            and self.bucket_id in (None, bucket.id)
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """Units that are taken from a bucket."""

    bucket: Bucket
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Breach:
    """A bucket was taken from although one that expires earlier still has free units."""

    taken: Bucket
    passed_over: Bucket


Order = Callable[[Bucket], tuple[object, ...]]


def by_expiry(bucket: Bucket) -> tuple[object, ...]:
    """What expires first; then what came first, the smaller rest, the bin's code, the id."""
    return (bucket.expiry_date or date.max, *by_receipt(bucket))


def by_receipt(bucket: Bucket) -> tuple[object, ...]:
    """What came first, whatever its date; then the smaller rest, the bin's code, the id."""
    return (bucket.received_at, bucket.free, bucket.bin_code or "", bucket.id)


class Shelf:
    """The buckets of one product at one location, and what of them is not yet taken."""

    def __init__(self, buckets: Sequence[Bucket]) -> None:
        self.buckets = [bucket for bucket in buckets if bucket.free > 0]
        self._left = {bucket.id: bucket.free for bucket in self.buckets}

    def fitting(self, wish: Wish) -> list[Bucket]:
        """The buckets that the wish names and allows, in no order."""
        return [one for one in self.buckets if wish.names(one) and wish.allows(one)]

    def left(self, wish: Wish) -> Decimal:
        """Units that are not yet taken and fit the wish."""
        return sum((self._left[one.id] for one in self.fitting(wish)), ZERO)

    def take(self, wish: Wish, most: Decimal, order: Order = by_expiry) -> list[Taken]:
        """Take what is asked for, in this order, as far as there is, and no more than `most`."""
        wanted = min(wish.quantity, most)
        found = []
        for bucket in sorted(self.fitting(wish), key=order):
            if (quantity := min(wanted, self._left[bucket.id])) > 0:
                found.append(Taken(bucket, quantity))
                self._left[bucket.id] -= quantity
                wanted -= quantity
        return found

    def breaches(self, wish: Wish, taken: Sequence[Taken]) -> list[Breach]:
        """For each bucket that was taken from, the first to expire that should have come before.

        Whatever the wish names: a lot that is asked for by name may be one that should wait.
        """
        waiting = [one for one in self.buckets if self._left[one.id] > 0 and wish.allows(one)]
        if not waiting:
            return []
        first = min(waiting, key=by_expiry)
        return [
            Breach(one.bucket, first) for one in taken if _expires(first) < _expires(one.bucket)
        ]


def _expires(bucket: Bucket) -> date:
    return bucket.expiry_date or date.max
