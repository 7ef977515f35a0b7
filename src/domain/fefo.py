"""First expired, first out: from which buckets a demand is met. Pure: no session, no clock.

All quantities are base units of one product at one location.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

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

    def make_room(
        self, wishes: Sequence[Wish], taken: Sequence[list[Taken]], index: int, most: Decimal
    ) -> Decimal:
        """Let a wish that is short have up to `most` more, by moving others to other buckets.

        No other wish loses by it. `taken` has what each of the wishes has taken, and is changed;
        how much more the wish got is given. Augmenting paths are looked for, the shortest first
        (Edmonds and Karp), so that nothing that fits is left unmet.
        """
        more = ZERO
        while more < most and (path := self._path(wishes, taken, index)):
            some = min(most - more, self._left[path[-1][1].id])
            for (_, bucket), (other, _) in pairwise(path):
                some = min(some, _of(taken[other], bucket))
            for (one, bucket), (other, _) in pairwise(path):
                _change(taken[one], bucket, some)
                _change(taken[other], bucket, -some)
            last, bucket = path[-1]
            _change(taken[last], bucket, some)
            self._left[bucket.id] -= some
            more += some
        return more

    def _path(
        self, wishes: Sequence[Wish], taken: Sequence[list[Taken]], index: int
    ) -> list[tuple[int, Bucket]]:
        """From a wish to a bucket with units left: who takes of which, in whose place."""
        paths: list[list[tuple[int, Bucket]]] = [[]]
        ends, seen = [index], set[str]()
        while paths:
            path, wish = paths.pop(0), ends.pop(0)
            for bucket in sorted(self.fitting(wishes[wish]), key=by_expiry):
                if bucket.id in seen:
                    continue
                seen.add(bucket.id)
                longer = [*path, (wish, bucket)]
                if self._left[bucket.id] > 0:
                    return longer
                others = [
                    n for n, found in enumerate(taken) if n != wish and _of(found, bucket) > 0
                ]
                paths += [longer] * len(others)
                ends += others
        return []

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


def _of(taken: Sequence[Taken], bucket: Bucket) -> Decimal:
    return sum((one.quantity for one in taken if one.bucket is bucket), ZERO)


def _change(taken: list[Taken], bucket: Bucket, by: Decimal) -> None:
    """Take more or less of a bucket."""
    quantity = _of(taken, bucket) + by
    taken[:] = [one for one in taken if one.bucket is not bucket]
    if quantity > 0:
        taken.append(Taken(bucket, quantity))


def _expires(bucket: Bucket) -> date:
    return bucket.expiry_date or date.max
